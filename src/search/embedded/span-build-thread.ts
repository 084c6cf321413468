import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import type { DocumentRef } from '../../corpus/document.ts';
import { fold } from '../../text/normalize.ts';
import { createSpanFile } from './span-file.ts';

/** What the thread is started with. */
export interface SpanBuild {
  readonly database: string;
  /** Written whole; the caller gives it its name afterwards. */
  readonly path: string;
}

const { database: file, path } = workerData as SpanBuild;
const database = new DatabaseSync(file, { readOnly: true });
const select = database.prepare('select row, source, sequence, text from documents order by row');
const spans = createSpanFile(path);
for (const entry of select.iterate()) {
  const { row, source, sequence, text } = entry as unknown as DocumentRef & { row: number; text: string };
  spans.add({ row, source, sequence, folded: fold(text) });
}
spans.finish();
database.close();
