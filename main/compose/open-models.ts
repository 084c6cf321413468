import { buildPrompt } from '../../src/chat/build-prompt.ts';
import type { Config, ModelConfig } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';
import { createOnnxGenerator, type OnnxGenerator } from '../../src/generation/onnx/onnx-generator.ts';
import { promptTemplates, type Turn } from '../../src/generation/templates.ts';
import type { OnnxHost } from '../../src/onnx/host.ts';

/** A configured model, ready to be asked. */
export interface OpenModel {
  readonly config: ModelConfig;
  readonly generator: OnnxGenerator;
  /** The prompt for a question after the turns before it, and the tokens that the answer may have. */
  prompt(turns: readonly Turn[], question: string): Promise<{ prompt: string; maxTokens: number }>;
}

/** The configured models by name. Their folders are checked; each model loads on first use or by `generator.load()`. */
export const openModels = async (models: Config['models'], host: OnnxHost): Promise<ReadonlyMap<string, OpenModel>> => {
  const open = async (config: ModelConfig): Promise<OpenModel> => {
    const generator = await createOnnxGenerator({ host, path: config.path });
    return {
      config,
      generator,
      prompt: (turns, question) =>
        buildPrompt({
          template: promptTemplates[config.template],
          system: null,
          turns,
          ...(config.earlierTurns === null ? {} : { maxTurns: config.earlierTurns }),
          question,
          tokens: generator,
          maxTokens: config.maxTokens,
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
