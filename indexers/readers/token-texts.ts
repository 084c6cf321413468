import { documentOf } from '../../src/corpus/fields.ts';
import type { MegatronPart } from '../../src/corpus/part.ts';
import { placeIn, type Read, readOf } from '../../src/corpus/read.ts';
import type { CorpusRecord, ReadRecordsOptions } from '../../src/corpus/record.ts';
import type { Tokenizer } from '../../src/corpus/tokenizer.ts';
import { TenkyoError } from '../../src/errors.ts';
import type { TokenIndex } from '../../src/provenance/megatron/token-index.ts';
import type { TokenFile } from '../../src/provenance/megatron/tokens.ts';
import type { PartFile } from './reader.ts';
import { countRecords, readRecords } from './records.ts';
import { createTokenLines, type LineSequences } from './token-lines.ts';

export interface JoinedOptions extends Pick<MegatronPart, 'fields' | 'partitions'> {
  readonly file: PartFile;
  /** The tokenised text files, in the order in which they were. */
  readonly texts: readonly string[];
  readonly index: TokenIndex;
  readonly tokens: TokenFile;
  /** null: texts are not compared with the tokens' count. */
  readonly tokenizer: Tokenizer | null;
}

const misjoined = (where: string, expected: string, found: string): TenkyoError =>
  new TenkyoError('file_corrupt', 'the texts are not those that the token file was made of', {
    where,
    expected,
    found,
    remedy: 'Check `texts`, their order, `partitions` and `tokenizer` against the command that tokenised them.',
  });

/** How many texts may have another number of tokens than their sequence before it is said that all are wrong. */
const fewMismatches = 20;
const mostMismatched = 0.02;

/** Compares texts with the number of their tokens. One that differs may be the tokenizer's doing; many are not. */
const createCheck = ({ file, index, tokens, tokenizer }: JoinedOptions) => {
  let checked = 0;
  let wrong = 0;
  return async (text: string, sequence: number, where: string): Promise<string | null> => {
    if (tokenizer === null) return null;
    const [length] = await index.lengths.read(sequence, 1);
    const [last] = length! > 0 ? await tokens.read(sequence, length! - 1, length!) : [];
    const expected = length! - (last === tokenizer.endOfDocument ? 1 : 0);
    const found = tokenizer.count(text);
    checked += 1;
    if (found === expected) return null;
    wrong += 1;
    if (wrong > fewMismatches && wrong > checked * mostMismatched) {
      throw misjoined(where, `${expected} tokens, as sequence ${sequence} of ${file.path} has`, `${found} tokens`);
    }
    return `the text has ${found} tokens, and sequence ${sequence} has ${expected}`;
  };
};

/** Lines of the text files; throws where they are not as many as were tokenised. */
export const countTexts = async (
  { file, texts, index }: Pick<JoinedOptions, 'file' | 'texts' | 'index'>,
  options: Pick<ReadRecordsOptions, 'signal'>,
): Promise<number> => {
  const expected = index.documentBounds.length - 1;
  let lines = 0;
  for (const text of texts) lines += await countRecords(text, options);
  if (lines !== expected) throw misjoined(texts.join(', '), `${expected} lines, as ${file.path} has`, `${lines} lines`);
  return lines;
};

/**
 * Texts and meta from the text files, each with the sequence that its line became. A record's number counts the lines of
 * all text files.
 */
export async function* readTexts(joined: JoinedOptions, options: ReadRecordsOptions): AsyncGenerator<Read> {
  const { file, texts, index, fields, partitions } = joined;
  const { from = 0 } = options;
  const { lines, sequencesOf } = createTokenLines(index, partitions);
  const check = createCheck(joined);

  const join = async (
    path: string,
    { number, content }: CorpusRecord,
    line: number,
    { from: first, to }: LineSequences,
  ) => {
    if ('fault' in content) return content.fault;
    const found = documentOf(content.value, { ...placeIn(file, first), id: placeIn(file, line).id }, fields);
    if (typeof found === 'string') return found;
    if (to === first) return found.text === '' ? null : 'the line gave no tokens: no sequence holds it';
    if (to > first + 1) {
      throw new TenkyoError('config_invalid', 'a line of the text was tokenised to several sequences', {
        where: `${path}:${number + 1}`,
        expected: 'one sequence a line',
        found: `sequences ${first} to ${to - 1}`,
        remedy: 'Leave `texts` out (it was tokenised with --split-sentences): each sequence is then a document.',
      });
    }
    return (await check(found.text, first, `${path}:${number + 1}`)) ?? found;
  };

  let before = 0;
  for (const path of texts) {
    const skipped = Math.max(0, from - before);
    let count = 0;
    for await (const record of readRecords(path, { ...options, from: skipped })) {
      const line = before + record.number;
      if (line >= lines) throw misjoined(path, `${lines} lines, as ${file.path} has`, 'more');
      const found = await join(path, record, line, await sequencesOf(line));
      const read = found === null ? null : readOf(path, record, found);
      if (read) yield { ...read, record: line };
      count = record.number + 1;
    }
    before += count > 0 ? count : await countRecords(path, options);
  }
}
