import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { TenkyoError } from '../errors.ts';
import type { Document } from './document.ts';
import { type Line, splitLines } from './lines.ts';

/** A line that is no document; the build goes on without it. */
export interface Reject {
  readonly file: string;
  /** From 1, as editors count. */
  readonly line: number;
  readonly reason: string;
}

export type Read =
  | { readonly kind: 'document'; readonly document: Document; readonly bytes: number }
  | { readonly kind: 'reject'; readonly reject: Reject; readonly bytes: number };

export interface ReadOptions {
  /** Longest line, in bytes, that is read; longer ones are rejected without being held. Default 16 MiB. */
  readonly maximumLineBytes?: number;
  /** First line wanted, from 0; those before it are passed over unread. */
  readonly from?: number;
  readonly signal?: AbortSignal;
}

/** The source a file holds: its base name without `.jsonl` and `.gz`. */
export const sourceOf = (file: string): string => basename(file).replace(/(\.jsonl?|\.ndjson)?(\.gz)?$/i, '');

const utf8 = new TextDecoder('utf-8', { fatal: true });

const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;

/** The document of a line, or why it is none. */
const parseLine = (line: Line, source: string): Document | string => {
  if (line.bytes === null) return `the line is ${line.length} bytes long, longer than the limit`;
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(line.bytes));
  } catch (error) {
    if (error instanceof SyntaxError)
      return line.bytes.length === 0 ? 'the line is empty' : `not JSON: ${error.message}`;
    return 'not valid UTF-8';
  }
  if (!isRecord(value)) return `expected an object, found ${kindOf(value)}`;
  const { id, text, meta } = value;
  if (typeof text !== 'string')
    return `"text": expected a string, found ${text === undefined ? 'nothing' : kindOf(text)}`;
  if (id !== undefined && typeof id !== 'string' && typeof id !== 'number') {
    return `"id": expected a string or a number, found ${kindOf(id)}`;
  }
  if (meta !== undefined && meta !== null && !isRecord(meta))
    return `"meta": expected an object, found ${kindOf(meta)}`;
  const facts = isRecord(meta) ? meta : {};
  return {
    id: id === undefined || id === '' ? `${source}:${line.number}` : String(id),
    source,
    sequence: line.number,
    text,
    title: textOrNull(facts.title ?? value.title),
    url: textOrNull(facts.url ?? value.url),
    lang: textOrNull(facts.lang ?? facts.language ?? value.lang),
    meta: facts,
  };
};

/**
 * Reads the documents of a JSONL file (`.gz` too), one line after the other, holding one line at a time. A line that
 * is no document (bad JSON, wrong types, invalid UTF-8, too long) comes as a reject with its place and the reason, and
 * keeps its number: `sequence` is the line, as a run's index files count.
 */
export async function* readJsonl(
  file: string,
  { maximumLineBytes = 16 * 2 ** 20, from = 0, signal }: ReadOptions = {},
): AsyncGenerator<Read> {
  const source = sourceOf(file);
  const raw = createReadStream(file, { highWaterMark: 256 * 1024 });
  const bytes = /\.gz$/i.test(file) ? createGunzip() : raw;
  const flow = bytes === raw ? null : pipeline(raw, bytes as ReturnType<typeof createGunzip>).catch(() => undefined);
  try {
    for await (const line of splitLines(bytes, maximumLineBytes)) {
      signal?.throwIfAborted();
      if (line.number < from) continue;
      const parsed = parseLine(line, source);
      if (typeof parsed === 'string') {
        yield { kind: 'reject', reject: { file, line: line.number + 1, reason: parsed }, bytes: line.length };
      } else yield { kind: 'document', document: parsed, bytes: line.length };
    }
    await flow;
  } catch (error) {
    if (signal?.aborted || error instanceof TenkyoError) throw error;
    const missing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
    throw new TenkyoError(missing ? 'file_missing' : 'file_corrupt', `the corpus file can't be read`, {
      cause: error,
      where: file,
      found: String((error as Error | null)?.message ?? error),
      remedy: 'Check the path and that the file is whole.',
    });
  } finally {
    raw.destroy();
  }
}
