import { basename } from 'node:path';
import { defaultFields, documentOf } from './fields.ts';
import { readJsonLines } from './json-lines.ts';
import { placeIn, type Read, readOf } from './read.ts';
import type { ReadRecordsOptions } from './record.ts';
import { createSourceNames } from './source-rules.ts';

export type { Read, Reject } from './read.ts';

/**
 * Reads the documents of one JSONL file in LLM-jp's layout `{text, meta}` (`.gz` and `.zst` too), its source named by
 * its path. A line that is no document (bad JSON, wrong types, invalid UTF-8, too long) comes as a reject with its
 * place and the reason, and keeps its number: `sequence` is the line, as a run's index files count.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt`; the signal's reason
 */
export async function* readJsonl(path: string, options: ReadRecordsOptions = {}): AsyncGenerator<Read> {
  const file = { path, source: createSourceNames()(path), label: basename(path), firstSequence: 0 };
  for await (const record of readJsonLines(path, options)) {
    const { content, number } = record;
    const found = 'fault' in content ? content.fault : documentOf(content.value, placeIn(file, number), defaultFields);
    yield readOf(path, record, found);
  }
}
