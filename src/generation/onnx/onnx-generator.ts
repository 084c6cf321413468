import { type Clock, systemClock } from '../../clock.ts';
import { TenkyoError } from '../../errors.ts';
import type { OnnxHost } from '../../onnx/host.ts';
import { checkModelFolder, corruptModelFile } from '../../onnx/model-folder.ts';
import type { OnnxDevice } from '../../onnx/protocol.ts';
import type { Generator, Prompt, TokenCounter } from '../generator.ts';
import { writeWithin } from '../limited-writing.ts';
import { defaultWritingLimits, type WritingLimits } from '../writing-guard.ts';

export interface OnnxGenerator extends Generator, TokenCounter {
  /** Loads the model ahead of the first question. @returns what it computes on */
  load(): Promise<OnnxDevice>;
}

export interface OnnxGeneratorOptions {
  readonly host: OnnxHost;
  /** Folder in the transformers.js layout, with 8-bit weights. */
  readonly path: string;
  readonly limits?: Partial<WritingLimits>;
  readonly clock?: Clock;
}

/**
 * A generator on a local ONNX model. Any number of requests may run at once: they take turns token by token. Messages
 * are rendered by the chat template of the folder's tokenizer.
 *
 * @throws TenkyoError `file_missing` or `file_corrupt` when the model's folder isn't whole; the model itself loads later
 */
export const createOnnxGenerator = async ({
  host,
  path,
  limits,
  clock = systemClock,
}: OnnxGeneratorOptions): Promise<OnnxGenerator> => {
  const { contextLength } = await checkModelFolder(path);
  if (contextLength === null) {
    throw corruptModelFile(`${path}/config.json`, 'max_position_embeddings, a whole number', 'none');
  }
  const allLimits = { ...defaultWritingLimits, ...limits };
  const closing = new AbortController();
  const textOf = async (prompt: Prompt): Promise<string> =>
    typeof prompt === 'string' ? prompt : host.render(path, prompt);

  return {
    contextLength: async () => contextLength,

    load: async () => (await host.load('language', path)).device,

    count: async (prompt) => host.count(path, await textOf(prompt)),

    generate: ({ signal, prompt, ...task }) =>
      writeWithin({
        write: async function* (stop) {
          stop.throwIfAborted();
          yield* host.generate({ ...task, path, prompt: await textOf(prompt) }, stop);
        },
        limits: allLimits,
        signal,
        closing: closing.signal,
        clock,
      }),

    async close() {
      closing.abort(new TenkyoError('model_unavailable', 'The model is shut down.', { remedy: 'Start tenkyo again.' }));
    },
  };
};
