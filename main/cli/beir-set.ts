import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TenkyoError } from '../../src/errors.ts';
import {
  documentLine,
  type JudgedQuery,
  type JudgedSet,
  nothingJudged,
  parseJudged,
  readLines,
  unreadableSet,
} from './judged-set.ts';

/** Some conversions write ids as numbers. */
const id = z.union([z.string(), z.number()]).transform(String);
const document = z.object({ _id: id, title: z.string().nullish(), text: z.string() });
const query = z.object({ _id: id, text: z.string() });
const ending = '.tsv';

/** A file of the set, packed or not. */
const fileOf = async (folder: string, name: string): Promise<string> => {
  const packed = join(folder, `${name}.gz`);
  return access(packed).then(
    () => packed,
    () => join(folder, name),
  );
};

/** The judgements of the part that is asked for, else of the test part, else of the only one. */
const qrelsOf = async (folder: string, part: string | undefined): Promise<string> => {
  const directory = join(folder, 'qrels');
  const names = await readdir(directory).catch((error: unknown) => {
    throw unreadableSet(directory, error);
  });
  const parts = names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
  const wanted = part ?? (parts.length === 1 ? parts[0]! : 'test');
  if (parts.includes(wanted)) return join(directory, `${wanted}${ending}`);
  throw new TenkyoError('file_missing', 'the judged set has no such part', {
    where: directory,
    expected: `${wanted}${ending}`,
    found: parts.join(', ') || 'none',
    remedy: 'Name one of its parts with --part.',
  });
};

/** Gains by query and document; a heading is told by its last column. */
const readQrels = async (file: string): Promise<Map<string, Record<string, number>>> => {
  const relevant = new Map<string, Record<string, number>>();
  let first = true;
  for await (const { line, where } of readLines(file)) {
    const [asked, found, gain, ...more] = line.split('\t');
    const isHeading = first && more.length === 0 && found !== undefined && Number.isNaN(Number(gain));
    first = false;
    if (isHeading) continue;
    if (!asked || !found || !gain?.trim() || !Number.isFinite(Number(gain)) || more.length > 0) {
      throw new TenkyoError('file_corrupt', 'a judgement has another layout than expected', {
        where,
        expected: 'query id, document id and gain, with tabs between',
        found: line.slice(0, 200),
        remedy: 'Give a folder as BEIR publishes it.',
      });
    }
    const gains = relevant.get(asked) ?? {};
    // An id may be called anything, `__proto__` too.
    Object.defineProperty(gains, found, { value: Number(gain), enumerable: true, configurable: true, writable: true });
    relevant.set(asked, gains);
  }
  return relevant;
};

async function* documentsOf(file: string): AsyncGenerator<string> {
  for await (const { line, where } of readLines(file)) {
    const { _id, title, text } = parseJudged(document, line, where);
    yield documentLine(_id, title ?? '', text);
  }
}

/**
 * A folder in BEIR's layout: `corpus.jsonl` and `queries.jsonl` (each may be packed, `.gz`), and judgements in
 * `qrels/<part>.tsv`. Only judged queries are asked; documents are read when they are indexed.
 *
 * @param part whose judgements; default `test`, or the only one
 * @throws TenkyoError `file_missing`, `file_corrupt`
 */
export const readBeir = async (folder: string, part?: string): Promise<JudgedSet> => {
  const qrels = await qrelsOf(folder, part);
  const relevant = await readQrels(qrels);
  const queries: JudgedQuery[] = [];
  for await (const { line, where } of readLines(await fileOf(folder, 'queries.jsonl'))) {
    const { _id, text } = parseJudged(query, line, where);
    const judged = relevant.get(_id);
    if (judged && Object.values(judged).some((gain) => gain > 0)) queries.push({ text, relevant: judged, kind: 'all' });
  }
  if (queries.length === 0) throw nothingJudged(qrels);
  return { queries, documents: documentsOf(await fileOf(folder, 'corpus.jsonl')) };
};
