import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

// Protocol buffers by hand, as much as a graph of a node or two needs (onnx.proto3).
const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
export const number = (field: number, value: number): Buffer => Buffer.from([...varint(field * 8), ...varint(value)]);
export const bytes = (field: number, content: Buffer | string): Buffer => {
  const body = Buffer.from(content as string);
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(body.length)]), body]);
};
export const message = (field: number, ...parts: Buffer[]): Buffer => bytes(field, Buffer.concat(parts));

export const float = 1;
export const int64 = 7;

/** An input (11) or an output (12) of a graph; a dimension is a number or a name. */
export const value = (field: number, name: string, type: number, shape: readonly string[]): Buffer => {
  const dims = shape.map((dim) => message(1, Number(dim) ? number(1, Number(dim)) : bytes(2, dim)));
  return message(field, bytes(1, name), message(2, message(1, number(1, type), message(2, ...dims))));
};

/** A constant of a graph. */
export const constant = (name: string, type: number, shape: readonly number[], content: ArrayBufferLike): Buffer =>
  message(
    5,
    ...shape.map((dim) => number(1, dim)),
    number(2, type),
    bytes(8, name),
    bytes(9, Buffer.from(content as ArrayBuffer)),
  );

/** A model of operators of version 13. */
export const modelOf = (...graph: Buffer[]): Buffer =>
  Buffer.concat([number(1, 8), message(7, ...graph, bytes(2, 'tiny')), message(8, bytes(1, ''), number(2, 13))]);

const special = (content: string) => ({ [content]: { id: content, ids: [] as number[], tokens: [content] } });

/** A tokenizer of whole words; the first are `[PAD]`, `[UNK]` and special ones. `template` is of one text, of a pair. */
const tokenizerOf = (
  words: readonly string[],
  { specials, single, pair }: { specials: number; single: readonly string[]; pair: readonly string[] },
): object => {
  const part = (name: string, index: number) =>
    name === 'A' || name === 'B'
      ? { Sequence: { id: name, type_id: name === 'A' ? 0 : 1 } }
      : { SpecialToken: { id: name, type_id: Math.min(1, index) } };
  const named = Object.assign({}, ...words.slice(2, specials).map(special)) as ReturnType<typeof special>;
  for (const [content, entry] of Object.entries(named)) entry.ids.push(words.indexOf(content));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: words.slice(0, specials).map((content, id) => ({
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
      single: single.map(part),
      pair: pair.map(part),
      special_tokens: named,
    },
    decoder: null,
    model: { type: 'WordLevel', vocab: Object.fromEntries(words.map((word, id) => [word, id])), unk_token: '[UNK]' },
  };
};

/** Files of a made-up model in the transformers.js layout, by their paths in its folder. */
export const tinyModelFiles = ({
  words,
  template,
  config,
  weights,
  graph,
}: {
  words: readonly string[];
  template: Parameters<typeof tokenizerOf>[1];
  config: object;
  /** Name of the weights, without the ending. */
  weights: string;
  graph: Buffer;
}): Map<string, Buffer> => {
  const json = (content: object) => Buffer.from(JSON.stringify(content));
  return new Map([
    ['config.json', json({ model_type: 'bert', max_position_embeddings: 64, ...config })],
    ['tokenizer.json', json(tokenizerOf(words, template))],
    [
      'tokenizer_config.json',
      json({
        tokenizer_class: 'PreTrainedTokenizerFast',
        model_max_length: 64,
        pad_token: '[PAD]',
        unk_token: '[UNK]',
      }),
    ],
    [`onnx/${weights}.onnx`, graph],
  ]);
};

export const writeModel = async (folder: string, files: ReadonlyMap<string, Buffer>): Promise<void> => {
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
};
