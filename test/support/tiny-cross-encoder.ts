import {
  bytes,
  constant,
  float,
  int64,
  message,
  modelOf,
  number,
  tinyModelFiles,
  value,
  writeModel,
} from './tiny-model.ts';

const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '地震', '津波', 'quake'] as const;
/** What a word adds to a pair's logit: from it can be read which words the model was shown, each up to 99 times. */
const worth: Readonly<Record<string, number>> = { 地震: 1, 津波: 100, quake: 10_000 };

export interface TinyCrossEncoder {
  /** Labels it gives a pair. With two the first is 1, the second the logit. */
  readonly labels?: number;
  /** Name of what it gives. */
  readonly output?: string;
  /** What every word adds instead of its worth. */
  readonly every?: number;
  readonly weights?: string;
}

/** `input_ids` → the sum over the words of a table's rows. */
const graph = ({ labels = 1, output = 'logits', every }: TinyCrossEncoder): Buffer => {
  const table = Float32Array.from(
    words.flatMap((word) =>
      Array.from(
        { length: labels },
        (_, label) => every ?? (label === labels - 1 ? (worth[word] ?? 0) : word === '[CLS]' ? 1 : 0),
      ),
    ),
  );
  const text = ['batch', 'sequence'];
  return modelOf(
    message(1, bytes(1, 'table'), bytes(1, 'input_ids'), bytes(2, 'rows'), bytes(4, 'Gather')),
    message(
      1,
      bytes(1, 'rows'),
      bytes(1, 'axes'),
      bytes(2, output),
      bytes(4, 'ReduceSum'),
      message(5, bytes(1, 'keepdims'), number(3, 0), number(20, 2)),
    ),
    constant('table', float, [words.length, labels], table.buffer),
    constant('axes', int64, [1], BigInt64Array.of(1n).buffer),
    value(11, 'input_ids', int64, text),
    value(11, 'attention_mask', int64, text),
    value(12, output, float, ['batch', `${labels}`]),
  );
};

/** Files of a made-up cross-encoder in the transformers.js layout, by their paths in its folder. */
export const tinyCrossEncoderFiles = (options: TinyCrossEncoder = {}): Map<string, Buffer> =>
  tinyModelFiles({
    words,
    template: { specials: 4, single: ['[CLS]', 'A', '[SEP]'], pair: ['[CLS]', 'A', '[SEP]', 'B', '[SEP]'] },
    config: { hidden_size: 1 },
    weights: options.weights ?? 'model_quantized',
    graph: graph(options),
  });

/** Writes a cross-encoder whose logit says which words of query and passage it was shown: 地震 1, 津波 100, quake 10,000. */
export const writeTinyCrossEncoder = (folder: string, options: TinyCrossEncoder = {}): Promise<void> =>
  writeModel(folder, tinyCrossEncoderFiles(options));
