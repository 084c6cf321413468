import type { CorpusPart } from '../../src/corpus/part.ts';
import type { Tokenizer } from '../../src/corpus/tokenizer.ts';
import { createDumpReader } from './dump-reader.ts';
import { loadTokenizer } from './load-tokenizer.ts';
import { createMegatronReader } from './megatron-reader.ts';
import type { CorpusReader } from './reader.ts';
import { createRecordReader } from './record-reader.ts';

const tokenizerOf = async ({ tokenizer }: { tokenizer: string | null }): Promise<Tokenizer | null> =>
  tokenizer === null ? null : loadTokenizer(tokenizer);

/**
 * The reader of a part's format.
 *
 * @throws TenkyoError `file_missing` when its tokenizer can't be loaded
 */
export const openReader = async (part: CorpusPart): Promise<CorpusReader> => {
  switch (part.format) {
    case 'jsonl':
    case 'sft':
    case 'preference':
      return createRecordReader(part);
    case 'dump':
      return createDumpReader(part, await tokenizerOf(part));
    case 'megatron':
      return createMegatronReader(part, await tokenizerOf(part));
  }
};
