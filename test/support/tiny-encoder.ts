import { bytes, constant, float, int64, message, modelOf, tinyModelFiles, value, writeModel } from './tiny-model.ts';

const words = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '地震',
  '津波',
  'quake',
  'query:',
  'passage:',
  '検索クエリ:',
  '検索文書:',
] as const;
const dimensions = 4;

/** A word's state in the made-up encoder: no two are alike. */
const stateOf = (token: number): number[] =>
  Array.from({ length: dimensions }, (_, k) => Math.sin(1 + token * 7 + k * k));

/** `input_ids` → the rows of a table: an encoder without attention. */
const graph = (): Buffer => {
  const table = Float32Array.from(words.flatMap((_, token) => stateOf(token)));
  const text = ['batch', 'sequence'];
  return modelOf(
    message(1, bytes(1, 'table'), bytes(1, 'input_ids'), bytes(2, 'last_hidden_state'), bytes(4, 'Gather')),
    constant('table', float, [words.length, dimensions], table.buffer),
    value(11, 'input_ids', int64, text),
    value(11, 'attention_mask', int64, text),
    value(12, 'last_hidden_state', float, [...text, `${dimensions}`]),
  );
};

/** Files of a made-up encoder in the transformers.js layout, by their paths in its folder. */
export const tinyEncoderFiles = (): Map<string, Buffer> =>
  tinyModelFiles({
    words,
    template: { specials: 3, single: ['[CLS]', 'A'], pair: ['A', 'B'] },
    config: { hidden_size: dimensions },
    weights: 'model_quantized',
    graph: graph(),
  });

/** Writes an encoder that knows a handful of words and puts `[CLS]` before each text. */
export const writeTinyEncoder = (folder: string): Promise<void> => writeModel(folder, tinyEncoderFiles());

/** The vector that it must give for words, `[CLS]` included, by pooling. */
export const tinyVector = (text: readonly (typeof words)[number][], pooling: 'mean' | 'cls'): number[] => {
  const states = ['[CLS]' as const, ...text].map((word) => stateOf(words.indexOf(word)));
  const counted = pooling === 'cls' ? states.slice(0, 1) : states;
  const sum = Array.from({ length: dimensions }, (_, k) => counted.reduce((total, state) => total + state[k]!, 0));
  return sum.map((component) => component / Math.hypot(...sum));
};
