import { basename, matchesGlob } from 'node:path';
import type { Document, DumpFacts } from '../../src/corpus/document.ts';
import type { Place } from '../../src/corpus/fields.ts';
import type { DumpPart } from '../../src/corpus/part.ts';
import { readOf, recordId } from '../../src/corpus/read.ts';
import { isObject, kindOf } from '../../src/corpus/record.ts';
import { createSourceNames } from '../../src/corpus/source-rules.ts';
import type { Tokenizer } from '../../src/corpus/tokenizer.ts';
import type { CorpusReader, PartFile } from './reader.ts';
import { countRecords, readRecords } from './records.ts';

/** A decoder of this many ids and more would be a mistake: contexts are shorter by far. */
const mostTokens = 2 ** 22;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isTokens = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= mostTokens && value.every(isCount);

/** Why a number of ids is none of an instance; null: it is. */
const lengthFault = (tokens: number, sequenceLength: number | null): string | null =>
  sequenceLength === null || tokens === sequenceLength || tokens === sequenceLength + 1
    ? null
    : `"token_ids": expected ${sequenceLength} or ${sequenceLength + 1} ids, found ${tokens}`;

interface RowOptions extends Pick<DumpPart, 'sequenceLength' | 'iterations'> {
  readonly iterationOffset: number;
  readonly tokenizer: Tokenizer | null;
  readonly sourceOf: (path: string) => string;
}

const textOf = (
  row: Readonly<Record<string, unknown>>,
  { tokenizer, sequenceLength }: RowOptions,
): { text: string } | string => {
  const { text, token_ids: ids } = row;
  const hasText = text !== undefined && text !== null;
  if (hasText && typeof text !== 'string') return `"text": expected a string, found ${kindOf(text)}`;
  if (ids === undefined || ids === null) {
    return hasText ? { text } : '"token_ids": expected a list of ids, found nothing, and there is no "text"';
  }
  if (!isTokens(ids)) return `"token_ids": expected a list of ids, found ${kindOf(ids)} that is none`;
  const fault = lengthFault(ids.length, sequenceLength);
  if (fault !== null) return fault;
  if (hasText) return { text };
  if (tokenizer === null) return 'no "text", and no tokenizer is declared that decodes "token_ids"';
  try {
    // All of them, as the dumps of 2023 hold it: the label is the next token of the same text.
    return { text: tokenizer.decode(ids) };
  } catch (error) {
    return `"token_ids": ${(error as Error).message}`;
  }
};

const documentOf = (value: unknown, place: (source: string) => Place, options: RowOptions): Document | string => {
  if (!isObject(value)) return `expected an object, found ${kindOf(value)}`;
  const { iteration, dataset_name: dataset, doc_ids: documents } = value;
  if (!isCount(iteration)) return `"iteration": expected a whole number from 0, found ${kindOf(iteration)}`;
  if (typeof dataset !== 'string' || dataset === '') {
    return `"dataset_name": expected a data path, found ${kindOf(dataset)}`;
  }
  const at = iteration + options.iterationOffset;
  if (at >= options.iterations) {
    return `iteration ${at} was loaded ahead and never trained on: the last is ${options.iterations - 1}`;
  }
  const found = textOf(value, options);
  if (typeof found === 'string') return found;
  return {
    ...place(options.sourceOf(dataset)),
    text: found.text,
    title: null,
    url: null,
    lang: null,
    meta: { dump: { iteration: at, dataset, doc_ids: documents } satisfies DumpFacts },
  };
};

/**
 * LLM-jp's dumps of a run, `used_data_*.jsonl(.gz)`: a row `{iteration, dataset_idx, dataset_name, doc_ids, text?,
 * token_ids}` an instance. One document an instance; its `sequence` counts the rows of all files, whatever their
 * sources. A dump that was stopped, its last file cut off, is read as far as it goes.
 */
export const createDumpReader = (part: DumpPart, tokenizer: Tokenizer | null): CorpusReader => {
  const sourceOf = createSourceNames(part.sources);
  const offsetOf = ({ path }: PartFile): number =>
    part.folds.find(({ match }) => matchesGlob(match.includes('/') ? path : basename(path), match))?.iterationOffset ??
    0;
  return {
    count: ({ path }, { signal }) => countRecords(path, { allowCut: true, signal }),
    read: async function* (file, options) {
      const { sequenceLength, iterations } = part;
      const row: RowOptions = { sequenceLength, iterations, iterationOffset: offsetOf(file), tokenizer, sourceOf };
      for await (const record of readRecords(file.path, { ...options, allowCut: true })) {
        const { content, number } = record;
        const place = (source: string): Place => ({
          source,
          sequence: file.firstSequence + number,
          id: recordId({ source, label: file.label }, number),
        });
        yield readOf(file.path, record, 'fault' in content ? content.fault : documentOf(content.value, place, row));
      }
    },
  };
};
