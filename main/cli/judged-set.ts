import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { splitLines } from '../../src/corpus/lines.ts';
import { openBytes } from '../../src/corpus/open-bytes.ts';
import { longestRecord } from '../../src/corpus/record.ts';
import { TenkyoError } from '../../src/errors.ts';

export interface JudgedQuery {
  readonly text: string;
  /** Document ids with their gain. */
  readonly relevant: Readonly<Record<string, number>>;
  readonly kind: string;
}

/** Questions whose answers are known, over documents of their own. */
export interface JudgedSet {
  readonly queries: readonly JudgedQuery[];
  /** One JSON line a document, as a corpus file has them. */
  readonly documents: Iterable<string> | AsyncIterable<string>;
}

export const unreadableSet = (where: string, cause: unknown): TenkyoError => {
  const { code, message } = cause as NodeJS.ErrnoException;
  const missing = code === 'ENOENT';
  return new TenkyoError(missing ? 'file_missing' : 'file_corrupt', "a judged set can't be read", {
    where,
    expected: 'a readable file',
    found: missing ? 'nothing' : message,
    remedy: 'Give the path of the file as it was downloaded.',
    cause,
  });
};

const brokenLine = (where: string, found: string): TenkyoError =>
  new TenkyoError('file_corrupt', 'a judged set has a line that is none', {
    where,
    expected: `UTF-8 of at most ${longestRecord} bytes`,
    found,
    remedy: 'Give the file as it was downloaded.',
  });

/**
 * Lines of a file that hold something, unpacked by what its name ends in, with where they stand.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt`
 */
export async function* readLines(file: string): AsyncGenerator<{ readonly line: string; readonly where: string }> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  for await (const { number, bytes, length } of splitLines(openBytes(file), longestRecord)) {
    const where = `${file}:${number + 1}`;
    if (bytes === null) throw brokenLine(where, `${length} bytes`);
    let line: string;
    try {
      line = utf8.decode(bytes);
    } catch {
      throw brokenLine(where, 'not valid UTF-8');
    }
    if (line.trim() !== '') yield { line, where };
  }
}

/** @throws TenkyoError `file_corrupt`, naming where it stands and what is wrong with it */
export const parseJudged = <T>(schema: z.ZodType<T>, json: string, where: string): T => {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TenkyoError('file_corrupt', 'a judged set has another layout than expected', {
    where,
    found: value === undefined ? `no JSON: ${json.slice(0, 40)}` : z.prettifyError(parsed.error),
    remedy: 'See `tenkyo eval retrieval --help` for the layouts.',
  });
};

export const nothingJudged = (where: string): TenkyoError =>
  new TenkyoError('file_corrupt', 'a judged set has no query whose documents are known', {
    where,
    expected: 'at least one',
    found: 'none',
    remedy: 'See `tenkyo eval retrieval --help` for the layouts.',
  });

export const documentLine = (id: string, title: string, text: string): string =>
  JSON.stringify({ id, text, meta: title === '' ? {} : { title } });

const ownQuery = z.object({
  query: z.string(),
  relevant: z.array(z.string()).min(1),
  kind: z.string().default('all'),
});

/** Queries over a configured corpus: `{"query", "relevant": [document ids], "kind"}` a line. */
export const readQueries = async (file: string): Promise<JudgedQuery[]> => {
  const queries: JudgedQuery[] = [];
  for await (const { line, where } of readLines(file)) {
    const { query, relevant, kind } = parseJudged(ownQuery, line, where);
    queries.push({ text: query, relevant: Object.fromEntries(relevant.map((id) => [id, 1])), kind });
  }
  if (queries.length === 0) throw nothingJudged(file);
  return queries;
};

/** Writes the documents as a corpus of one file. @returns the glob that a corpus is declared with */
export const writeCorpus = async (folder: string, documents: JudgedSet['documents']): Promise<string> => {
  const file = join(folder, 'judged.jsonl');
  const into = createWriteStream(file);
  try {
    for await (const line of documents) if (!into.write(`${line}\n`)) await once(into, 'drain');
  } finally {
    into.end();
  }
  await finished(into);
  return file;
};
