import type { Tensor } from '@huggingface/transformers';
import { TenkyoError } from '../errors.ts';
import { type LoadedOn, loadOnBestDevice } from './device.ts';
import { checkModelFolder, corruptModelFile } from './model-folder.ts';
import type { EmbeddingTask, Vectors } from './protocol.ts';
import { modelOptions, type Runtime } from './runtime.ts';

export interface EmbeddingModel extends Omit<LoadedOn<unknown>, 'model'> {
  /**
   * Pooled last hidden states, L2-normalised; a row of zeros for a text without a vector (empty, unknown characters
   * only).
   *
   * @param pause awaited after each batch, with the milliseconds it took
   */
  embed(
    task: Pick<EmbeddingTask, 'texts' | 'pooling'>,
    stopped: () => boolean,
    pause: (ms: number) => Promise<void>,
  ): Promise<Vectors>;
}

/** On a CPU larger is no faster and keeps the thread's other requests waiting longer. */
const batchSize = { cpu: 16, cuda: 128 };

const charactersPerToken = 16;
const defaultContext = 512;

export const loadEmbeddingModel = async (runtime: Runtime, path: string): Promise<EmbeddingModel> => {
  const { modelFile, tokenizerFile, contextLength, hiddenSize } = await checkModelFolder(path);
  const { AutoTokenizer, AutoModel } = runtime.library;
  const tokenizer = await AutoTokenizer.from_pretrained(path, modelOptions).catch((error: unknown) => {
    throw corruptModelFile(tokenizerFile, 'a tokenizer that transformers.js reads', String(error), error);
  });
  const { model, device, refusal } = await loadOnBestDevice((options) =>
    runtime.native(() => AutoModel.from_pretrained(path, options)),
  ).catch((error: unknown) => {
    throw corruptModelFile(modelFile, 'an encoder in ONNX', String(error), error);
  });
  const atOnce = batchSize[device];

  return {
    device,
    refusal,

    async embed({ texts, pooling }, stopped, pause) {
      // Texts of like length together: a batch is as long as its longest text.
      const order = [...texts.keys()]
        .filter((index) => texts[index]!.trim() !== '')
        .sort((a, b) => texts[a]!.length - texts[b]!.length);
      const dimensions = hiddenSize ?? 0;
      // Before the tokenizer cuts a text to the model's positions it tokenises all of it.
      const longest = charactersPerToken * (contextLength ?? defaultContext);
      const data = new Float32Array(texts.length * dimensions);
      for (let at = 0; at < order.length && !stopped(); at += atOnce) {
        const started = performance.now();
        const rows = order.slice(at, at + atOnce);
        const input = tokenizer(
          rows.map((index) => texts[index]!.slice(0, longest)),
          { padding: true, truncation: true },
        );
        const output: Record<string, Tensor> = await runtime.native(() => model(input));
        const states = output.last_hidden_state;
        if (states?.dims.at(-1) !== dimensions) {
          const found = states ? `${states.dims.at(-1)}` : Object.keys(output).join(', ');
          throw corruptModelFile(modelFile, `last_hidden_state of ${dimensions} (config.json)`, found);
        }
        for (const [row, index] of rows.entries()) {
          const into = data.subarray(index * dimensions, (index + 1) * dimensions);
          pool(states, pooling === 'cls' ? firstOf(input.attention_mask) : allOf(input.attention_mask), row, into);
        }
        await pause(performance.now() - started);
      }
      return { data, dimensions };
    },
  };
};

/** Whether a row's position counts; positions are padded at either end. */
type Counted = (row: number, position: number) => boolean;

const allOf =
  ({ data, dims }: Tensor): Counted =>
  (row, position) =>
    Number(data[row * dims[1]! + position]) !== 0;

const firstOf = (mask: Tensor): Counted => {
  const counts = allOf(mask);
  return (row, position) => counts(row, position) && (position === 0 || !counts(row, position - 1));
};

/** Writes the unit vector of the mean of a row's counted states to `into`, or leaves it zero where that has no direction. */
const pool = (states: Tensor, counts: Counted, row: number, into: Float32Array): void => {
  if (!(states.data instanceof Float32Array)) {
    throw new TenkyoError('model_failed', 'The embedding model gave no 32-bit numbers.', { found: states.type });
  }
  const [, length = 0, dimensions = 0] = states.dims;
  for (let position = 0; position < length; position += 1) {
    if (!counts(row, position)) continue;
    const start = (row * length + position) * dimensions;
    for (let k = 0; k < dimensions; k += 1) into[k]! += states.data[start + k]!;
  }
  const norm = Math.hypot(...into);
  if (!Number.isFinite(norm) || norm === 0) into.fill(0);
  else for (let k = 0; k < dimensions; k += 1) into[k]! /= norm;
};
