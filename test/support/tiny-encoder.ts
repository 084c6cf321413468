import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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

// Protocol buffers by hand, as much as a graph of one node needs (onnx.proto3).
const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
const number = (field: number, value: number): Buffer => Buffer.from([...varint(field * 8), ...varint(value)]);
const bytes = (field: number, content: Buffer | string): Buffer => {
  const body = Buffer.from(content as string);
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(body.length)]), body]);
};
const message = (field: number, ...parts: Buffer[]): Buffer => bytes(field, Buffer.concat(parts));

const float = 1;
const int64 = 7;

const value = (field: number, name: string, type: number, shape: readonly string[]): Buffer => {
  const dims = shape.map((dim) => message(1, Number(dim) ? number(1, Number(dim)) : bytes(2, dim)));
  return message(field, bytes(1, name), message(2, message(1, number(1, type), message(2, ...dims))));
};

/** `input_ids` → the rows of a table: an encoder without attention. */
const graph = (): Buffer => {
  const table = Buffer.from(Float32Array.from(words.flatMap((_, token) => stateOf(token))).buffer);
  const text = ['batch', 'sequence'];
  return Buffer.concat([
    number(1, 8),
    message(
      7,
      message(1, bytes(1, 'table'), bytes(1, 'input_ids'), bytes(2, 'last_hidden_state'), bytes(4, 'Gather')),
      bytes(2, 'tiny'),
      message(5, number(1, words.length), number(1, dimensions), number(2, float), bytes(8, 'table'), bytes(9, table)),
      value(11, 'input_ids', int64, text),
      value(11, 'attention_mask', int64, text),
      value(12, 'last_hidden_state', float, [...text, `${dimensions}`]),
    ),
    message(8, bytes(1, ''), number(2, 13)),
  ]);
};

const tokenizer = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: words.slice(0, 3).map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: null,
  pre_tokenizer: { type: 'WhitespaceSplit' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '[CLS]', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
    special_tokens: { '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] } },
  },
  decoder: null,
  model: { type: 'WordLevel', vocab: Object.fromEntries(words.map((word, id) => [word, id])), unk_token: '[UNK]' },
};

/** Files of a made-up encoder in the transformers.js layout, by their paths in its folder. */
export const tinyEncoderFiles = (): Map<string, Buffer> =>
  new Map([
    [
      'config.json',
      Buffer.from(JSON.stringify({ model_type: 'bert', hidden_size: dimensions, max_position_embeddings: 64 })),
    ],
    ['tokenizer.json', Buffer.from(JSON.stringify(tokenizer))],
    [
      'tokenizer_config.json',
      Buffer.from(
        JSON.stringify({
          tokenizer_class: 'PreTrainedTokenizerFast',
          model_max_length: 64,
          pad_token: '[PAD]',
          unk_token: '[UNK]',
        }),
      ),
    ],
    ['onnx/model_quantized.onnx', graph()],
  ]);

/** Writes an encoder that knows a handful of words and puts `[CLS]` before each text. */
export const writeTinyEncoder = async (folder: string): Promise<void> => {
  await mkdir(join(folder, 'onnx'), { recursive: true });
  for (const [path, content] of tinyEncoderFiles()) await writeFile(join(folder, path), content);
};

/** The vector that it must give for words, `[CLS]` included, by pooling. */
export const tinyVector = (text: readonly (typeof words)[number][], pooling: 'mean' | 'cls'): number[] => {
  const states = ['[CLS]' as const, ...text].map((word) => stateOf(words.indexOf(word)));
  const counted = pooling === 'cls' ? states.slice(0, 1) : states;
  const sum = Array.from({ length: dimensions }, (_, k) => counted.reduce((total, state) => total + state[k]!, 0));
  return sum.map((component) => component / Math.hypot(...sum));
};
