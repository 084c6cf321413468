import { systemClock } from '../../src/clock.ts';
import type { Config, OpenAiModelConfig } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';
import { type Asked, refused, unreachable } from '../../src/generation/openai/failures.ts';
import { createOpenAiGenerator } from '../../src/generation/openai/openai-generator.ts';
import { addressOf, createServer, type ServerAddress } from '../../src/generation/openai/server.ts';
import { examine, type Finding } from './finding.ts';

/** What a server says of the models that it has. */
interface Listed {
  readonly ids: readonly string[];
  /** It answers with the one model it has, whatever it is asked for: llama.cpp. */
  readonly only: boolean;
  /** Tokens that one answer and its prompt may have; null: it does not say. */
  readonly context: number | null;
}

interface Model {
  readonly id?: unknown;
  readonly owned_by?: unknown;
  readonly max_model_len?: unknown;
}

const positive = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;

const timeoutMs = 5_000;
/** A server that has been idle may first wake up a GPU. */
const answerMs = 30_000;

/** Reads a page of a server; what a failure means is told as the product tells it in its log. */
const read = async (server: ServerAddress, asked: Asked, path: string): Promise<unknown> => {
  const address = addressOf(asked.url, path);
  const response = await server.fetch(address, null, AbortSignal.timeout(timeoutMs)).catch((error: unknown) => {
    throw unreachable(error, asked).error;
  });
  const text = await response.text();
  if (!response.ok) throw refused(response.status, text, asked).error;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new TenkyoError('config_invalid', 'what answers there is no model server', {
      where: address,
      expected: 'JSON',
      found: text.trim().slice(0, 60),
      remedy: `Look at baseUrls of ${asked.name}: each ends with /v1 as a rule.`,
      cause,
    });
  }
};

const listOf = async (server: ServerAddress, asked: Asked): Promise<Listed> => {
  const { data } = (await read(server, asked, '/v1/models')) as { data?: readonly Model[] };
  const models = Array.isArray(data) ? (data as readonly Model[]) : [];
  const ids = models.flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
  const own = models.find(({ id }) => id === asked.apiModel) ?? models[0];
  const only = ids.length === 1 && own?.owned_by === 'llamacpp';
  let context = positive(own?.max_model_len);
  if (context === null) {
    // llama.cpp says elsewhere how much one slot reads; others have no such page.
    const props = await read(server, asked, '/props').catch(() => null);
    const settings = (props as { default_generation_settings?: { n_ctx?: unknown } } | null)
      ?.default_generation_settings;
    context = positive(settings?.n_ctx);
  }
  return { ids, only, context };
};

/**
 * Asks for one token, as a question does: some servers list their models to everybody and look at the key only then, and
 * some do not stream.
 */
const answers = async (config: OpenAiModelConfig, url: string): Promise<void> => {
  const generator = createOpenAiGenerator({
    ...config,
    baseUrls: [url],
    tries: 1,
    stop: [],
    tokenizer: null,
    firstTokenMs: answerMs,
    idleMs: answerMs,
    clock: systemClock,
    random: Math.random,
    // What goes wrong is told, not logged.
    log: { warn: () => undefined },
  });
  try {
    const prompt = config.template === 'chat_template' ? [{ role: 'user', content: 'a' } as const] : 'a';
    const signal = AbortSignal.timeout(2 * answerMs);
    const written = generator.generate({ prompt, maxTokens: 1, temperature: 0, topP: 1, signal });
    for await (const part of written) if (part.type === 'end') return;
  } finally {
    await generator.close();
  }
};

const context = (what: string, config: OpenAiModelConfig, said: number | null): Finding => {
  const { contextLength: declared, maxTokens, name } = config;
  const base = { area: 'models', what: `${what}: context` } as const;
  if (said === null && declared === null) {
    const found = 'the server does not say how much it reads: 4,096 tokens are assumed';
    return { ...base, state: 'warning', found, remedy: `Declare contextLength of ${name}.` };
  }
  if (said !== null && declared !== null && declared > said) {
    const found = `${declared} tokens declared, the server reads ${said}`;
    const remedy = `Lower contextLength of ${name} or leave it out, or start the server with more context.`;
    return { ...base, state: 'fault', found, remedy };
  }
  const least = declared ?? said ?? 0;
  if (maxTokens >= least) {
    const found = `${least} tokens, of which an answer may take ${maxTokens}: there is no room for a question`;
    const remedy = `Lower maxTokens of ${name}, or start the server with more context.`;
    return { ...base, state: 'fault', found, remedy };
  }
  return { ...base, state: 'ok', found: `${least} tokens`, remedy: null };
};

const checkServer = async (config: OpenAiModelConfig, url: string): Promise<Finding[]> => {
  const { name, apiModel } = config;
  const what = `model ${name} at ${new URL(url).host}`;
  const asked = { name, apiModel, url };
  const server = createServer(config);
  let said: number | null = null;
  const finding = await examine('models', what, async () => {
    const listed = await listOf(server, asked);
    said = listed.context;
    if (!listed.only && !listed.ids.includes(apiModel)) {
      throw new TenkyoError('config_invalid', 'the server has no such model', {
        where: url,
        expected: `one of its models: ${listed.ids.join(', ') || 'none'}`,
        found: `"${apiModel}"`,
        remedy: `Set apiModel of ${name} to what the server calls the model.`,
      });
    }
    await answers(config, url);
    return `${listed.only ? listed.ids[0] : apiModel} answers`;
  });
  return finding.state === 'ok' ? [finding, context(what, config, said)] : [finding];
};

/** The servers of the configured models: reachable, the key accepted, the model there, room for an answer. */
export const checkModelServers = async ({ models }: Pick<Config, 'models'>): Promise<Finding[]> => {
  const served = models.filter((model) => model.provider === 'openai');
  const all = served.flatMap((model) => model.baseUrls.map((url) => checkServer(model, url)));
  return (await Promise.all(all)).flat();
};
