import type { Document } from '../../src/corpus/document.ts';
import type { MegatronPart } from '../../src/corpus/part.ts';
import { placeIn, type Read, readOf } from '../../src/corpus/read.ts';
import { longestRecord, type ReadRecordsOptions } from '../../src/corpus/record.ts';
import type { Tokenizer } from '../../src/corpus/tokenizer.ts';
import { TenkyoError } from '../../src/errors.ts';
import { checkTokenIndex, openTokenIndex, type TokenIndex } from '../../src/provenance/megatron/token-index.ts';
import { openTokenFile, type TokenFile } from '../../src/provenance/megatron/tokens.ts';
import type { CorpusReader, PartFile } from './reader.ts';
import { countTexts, readTexts } from './token-texts.ts';

const prefixOf = ({ path }: PartFile): string => path.replace(/\.idx$/, '');

const noText = ({ path }: PartFile): TenkyoError =>
  new TenkyoError('config_invalid', 'there is nothing to read the texts of a token file from', {
    where: path,
    expected: '`texts` with a file of the same name, or a `tokenizer`',
    found: 'neither',
    remedy: 'Declare one of them in the corpus.',
  });

const decoded = async (
  file: PartFile,
  { tokens, tokenizer }: { tokens: TokenFile; tokenizer: Tokenizer },
  { sequence, length, maximum }: { sequence: number; length: number; maximum: number },
): Promise<Document | string> => {
  if (length > maximum) return `the sequence is ${length} tokens long, longer than the limit`;
  const ids = [...(await tokens.read(sequence, 0, length))];
  if (ids.length > 0 && ids.at(-1) === tokenizer.endOfDocument) ids.pop();
  try {
    const text = tokenizer.decode(ids);
    return { ...placeIn(file, sequence), text, title: null, url: null, lang: null, meta: {} };
  } catch (error) {
    return (error as Error).message;
  }
};

/**
 * Megatron's token files. Where the text files that they were made of are declared, texts and meta come from those,
 * each line joined to the sequence that it became; else every sequence is decoded.
 */
export const createMegatronReader = (part: MegatronPart, tokenizer: Tokenizer | null): CorpusReader => {
  const textsOf = ({ beside }: PartFile): readonly string[] => beside.slice(1);

  const withIndex = async <T>(file: PartFile, use: (index: TokenIndex) => Promise<T>): Promise<T> => {
    const index = await openTokenIndex(prefixOf(file));
    return use(index).finally(index.close);
  };

  async function* decodeAll(file: PartFile, index: TokenIndex, tokens: TokenFile, options: ReadRecordsOptions) {
    if (tokenizer === null) throw noText(file);
    const { from = 0, maximumBytes = longestRecord, signal } = options;
    for (let sequence = from; sequence < index.lengths.length; sequence += 1) {
      signal?.throwIfAborted();
      const [length] = await index.lengths.read(sequence, 1);
      const place = { sequence, length: length!, maximum: maximumBytes };
      const found = await decoded(file, { tokens, tokenizer }, place);
      yield readOf(file.path, { number: sequence, bytes: 0 }, found);
    }
  }

  return {
    count: (file, options) =>
      withIndex(file, async (index) => {
        await checkTokenIndex(index);
        await (await openTokenFile(prefixOf(file), index)).close();
        const texts = textsOf(file);
        if (texts.length > 0) return countTexts({ file, texts, index }, options);
        if (tokenizer === null) throw noText(file);
        return index.lengths.length;
      }),
    read: async function* (file, options): AsyncGenerator<Read> {
      const index = await openTokenIndex(prefixOf(file));
      try {
        const tokens = await openTokenFile(prefixOf(file), index);
        try {
          const texts = textsOf(file);
          if (texts.length === 0) yield* decodeAll(file, index, tokens, options);
          else yield* readTexts({ ...part, file, texts, index, tokens, tokenizer }, options);
        } finally {
          await tokens.close();
        }
      } finally {
        await index.close();
      }
    },
  };
};
