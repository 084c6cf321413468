import { type BuiltPrompt, buildPrompt } from '../../src/chat/build-prompt.ts';
import { systemClock } from '../../src/clock.ts';
import type { Config, ModelConfig, OnnxModelConfig, OpenAiModelConfig } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';
import type { Generator, Prompt, TokenCounter } from '../../src/generation/generator.ts';
import { defaultLoopLimits } from '../../src/generation/loop-guard.ts';
import { neutraliseMarkers } from '../../src/generation/neutralise-markers.ts';
import { createOnnxGenerator } from '../../src/generation/onnx/onnx-generator.ts';
import { createOpenAiGenerator } from '../../src/generation/openai/openai-generator.ts';
import {
  bareTemplate,
  chatTemplate,
  type PromptTemplate,
  promptTemplates,
  type Turn,
} from '../../src/generation/templates.ts';
import type { OnnxHost } from '../../src/onnx/host.ts';
import type { ServedBy } from '../../src/store/admin-records.ts';
import type { AnswerSettings } from '../../src/store/records.ts';

/** What people set changes of a prompt: the system text is theirs, so its markers are neutralised like a question's. */
type PromptSettings = Pick<AnswerSettings, 'system' | 'maxTokens' | 'continuation'>;

/** A configured model, ready to be asked. */
export interface OpenModel {
  readonly config: ModelConfig;
  readonly generator: Generator;
  /** Makes it ready ahead of the first question. */
  load(): Promise<ServedBy>;
  /** How it is now, its servers asked; null: it has not been loaded here. Never throws. */
  look(): Promise<ServedBy | null>;
  /** The prompt for a question after the turns before it, and the tokens that the answer may have. */
  prompt(turns: readonly Turn[], question: string, settings?: PromptSettings): Promise<BuiltPrompt>;
}

interface Opened extends Omit<OpenModel, 'config' | 'prompt'> {
  readonly tokens: TokenCounter;
  readonly template: PromptTemplate;
}

interface Log {
  warn(facts: object, message: string): void;
}

const limitsOf = ({ maxBytes, maxSeconds }: ModelConfig) => ({ maxBytes, maxSeconds, loop: defaultLoopLimits });

/** The demonstration's tokenizer begins no text by itself; a server's does. */
const continuationOf = ({ provider }: ModelConfig): PromptTemplate =>
  provider === 'openai' ? bareTemplate : promptTemplates.none;

const templateOf = (config: ModelConfig): PromptTemplate => {
  if (config.template === 'chat_template') return chatTemplate;
  return config.template === 'none' ? continuationOf(config) : promptTemplates[config.template];
};

const openOnnx = async (config: OnnxModelConfig, host: OnnxHost): Promise<Opened> => {
  const generator = await createOnnxGenerator({ host, path: config.path, limits: limitsOf(config) });
  let loaded: ServedBy | null = null;
  return {
    generator,
    tokens: generator,
    template: templateOf(config),
    load: async () => {
      loaded = { kind: 'onnx', device: await generator.load() };
      return loaded;
    },
    look: async () => loaded,
  };
};

const openServed = (config: OpenAiModelConfig, host: OnnxHost, log: Log): Opened => {
  const { tokenizer, rendering } = config;
  const render = async (prompt: Prompt): Promise<string> =>
    typeof prompt === 'string' ? prompt : host.render(tokenizer as string, prompt);
  const template = templateOf(config);
  const generator = createOpenAiGenerator({
    ...config,
    stop: template.stop,
    tokenizer: tokenizer === null ? null : async (prompt) => host.count(tokenizer, await render(prompt)),
    limits: limitsOf(config),
    firstTokenMs: config.firstTokenSeconds * 1000,
    idleMs: config.idleSeconds * 1000,
    clock: systemClock,
    random: Math.random,
    log,
  });
  const look = async (): Promise<ServedBy> => {
    await generator.check();
    const servers = generator.endpoints().map(({ url, well }) => ({ address: new URL(url).host, up: well }));
    return { kind: 'servers', servers };
  };
  return {
    template,
    tokens: generator,
    generator:
      rendering === 'local'
        ? {
            close: generator.close,
            async *generate(request) {
              yield* generator.generate({ ...request, prompt: await render(request.prompt) });
            },
          }
        : generator,
    load: async () => {
      // A server that is down or still loading is no reason not to start: questions will say so.
      const by = await look();
      const isUp = by.kind === 'servers' && by.servers.some(({ up }) => up);
      if (!isUp) log.warn({ model: config.name, urls: config.baseUrls }, 'no server of the model answers');
      else await generator.contextLength();
      return by;
    },
    look,
  };
};

/** The configured models by name. Local folders are checked; each model loads on first use or by `load()`. */
export const openModels = async (
  models: Config['models'],
  host: OnnxHost,
  log: Log,
): Promise<ReadonlyMap<string, OpenModel>> => {
  const open = async (config: ModelConfig): Promise<OpenModel> => {
    const { tokens, template, ...opened } =
      config.provider === 'onnx' ? await openOnnx(config, host) : openServed(config, host, log);
    return {
      ...opened,
      config,
      prompt: (turns, question, { system, maxTokens, continuation = false } = {}) =>
        buildPrompt({
          template: continuation ? continuationOf(config) : template,
          system: system === undefined ? null : neutraliseMarkers(system),
          turns,
          ...(config.earlierTurns === null ? {} : { maxTurns: config.earlierTurns }),
          question,
          tokens,
          maxTokens: Math.min(maxTokens ?? config.maxTokens, config.maxTokens),
        }),
    };
  };
  return new Map(await Promise.all(models.map(async (config) => [config.name, await open(config)] as const)));
};

/** @throws TenkyoError `usage` when it is not one of the configured ones */
export const modelNamed = (models: Config['models'], name: string): ModelConfig => {
  const model = models.find((one) => one.name === name);
  if (model) return model;
  throw new TenkyoError('usage', 'no such model', {
    found: name,
    expected: models.map((one) => one.name).join(', ') || 'none is configured',
    remedy: 'Name one of the configured models.',
  });
};

/**
 * The model that a command asks: the one named, else that of the first app, else the first.
 *
 * @throws TenkyoError `usage`
 */
export const modelToAsk = (
  { apps, models, file }: Pick<Config, 'apps' | 'models' | 'file'>,
  named?: string,
): string => {
  const name = named ?? apps.find(({ model }) => model !== null)?.model ?? models[0]?.name;
  if (name !== undefined) return modelNamed(models, name).name;
  throw new TenkyoError('usage', 'no model is configured', { where: file, remedy: 'Declare one under `models`.' });
};
