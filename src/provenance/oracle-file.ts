import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { splitLines } from '../corpus/lines.ts';
import { TenkyoError } from '../errors.ts';

/** One sample as an oracle, made elsewhere by walking the run forward, has it. */
export interface OracleSample {
  /** In the whole run. */
  readonly pos: number;
  readonly iteration: number;
  /** The source. */
  readonly dataset: string;
  /** Sequences in the order of the tokens, a label-only one included. */
  readonly documentIds: readonly number[];
  readonly labelOnlyDocumentIds: readonly number[];
  /** The sample's first 8 and last 8 token ids, label included; null: not said. */
  readonly tokenIds: readonly number[] | null;
}

/** By source and sequence: the iterations, ascending, in which one of the document's tokens was an input. */
export type OracleIterations = ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>;

const longestLine = 2 ** 28;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isIndexList = (value: unknown): value is number[] => Array.isArray(value) && value.every(isIndex);

const wrong = (file: string, line: number, expected: string, found: string, cause?: unknown): TenkyoError =>
  new TenkyoError('file_corrupt', 'The oracle file cannot be read', {
    where: `${file}, line ${line}`,
    expected,
    found: found.slice(0, 120),
    remedy: 'Give a file as demo/run/oracle has them: document_iterations.json.gz or oracle.jsonl.gz.',
    cause,
  });

/** The lines of a file; `.gz` is unpacked. */
async function* textLines(file: string): AsyncGenerator<{ line: number; text: string }> {
  const raw = createReadStream(file);
  const unpacked = file.endsWith('.gz') ? createGunzip() : null;
  // A fault of the source must reach the loop below, which reads the unpacked side only.
  const flow = unpacked && pipeline(raw, unpacked).catch(() => undefined);
  let line = 1;
  try {
    for await (const { bytes, number, length } of splitLines(unpacked ?? raw, longestLine)) {
      line = number + 1;
      if (bytes === null) throw wrong(file, line, `at most ${longestLine} bytes`, `${length} bytes`);
      yield { line, text: Buffer.from(bytes).toString('utf8') };
    }
    await flow;
  } catch (cause) {
    if (cause instanceof TenkyoError) throw cause;
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw wrong(file, line, 'a readable file', (cause as Error).message, cause);
    }
    throw new TenkyoError('file_missing', 'The oracle file is missing', {
      where: file,
      remedy: 'Check the path after --oracle.',
      cause,
    });
  } finally {
    raw.destroy();
  }
}

const parseJson = (file: string, line: number, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw wrong(file, line, 'JSON', (cause as Error).message, cause);
  }
};

/**
 * Reads `oracle.jsonl(.gz)`: one sample a line.
 *
 * @throws TenkyoError `file_missing` or `file_corrupt`, naming the line
 */
export async function* readOracleSamples(file: string): AsyncGenerator<OracleSample> {
  for await (const { line, text } of textLines(file)) {
    const value = parseJson(file, line, text);
    const {
      pos,
      iteration,
      dataset,
      document_ids,
      label_only_document_ids = [],
      token_ids = null,
    } = isRecord(value) ? value : {};
    const tokens = token_ids === null || isIndexList(token_ids) ? token_ids : undefined;
    if (
      !isIndex(pos) ||
      !isIndex(iteration) ||
      typeof dataset !== 'string' ||
      !isIndexList(document_ids) ||
      !isIndexList(label_only_document_ids) ||
      tokens === undefined
    ) {
      throw wrong(file, line, '{"pos", "iteration", "dataset", "document_ids", …}', JSON.stringify(value));
    }
    yield {
      pos,
      iteration,
      dataset,
      documentIds: document_ids,
      labelOnlyDocumentIds: label_only_document_ids,
      tokenIds: tokens,
    };
  }
}

/**
 * Reads `document_iterations.json(.gz)`: `{source: {sequence: [iteration, …]}}`.
 *
 * @throws TenkyoError `file_missing` or `file_corrupt`
 */
export const readOracleIterations = async (file: string): Promise<OracleIterations> => {
  const lines = await Array.fromAsync(textLines(file), ({ text }) => text);
  const value = parseJson(file, 1, lines.join('\n'));
  const fault = (found: unknown): TenkyoError =>
    wrong(file, 1, '{source: {sequence: [iteration, …]}}', JSON.stringify(found) ?? 'nothing');
  if (!isRecord(value)) throw fault(value);
  const sources = new Map<string, Map<number, readonly number[]>>();
  for (const [source, documents] of Object.entries(value)) {
    if (!isRecord(documents)) throw fault(documents);
    const bySequence = new Map<number, readonly number[]>();
    for (const [sequence, iterations] of Object.entries(documents)) {
      if (!isIndex(Number(sequence)) || !isIndexList(iterations)) throw fault({ [sequence]: iterations });
      bySequence.set(Number(sequence), iterations);
    }
    sources.set(source, bySequence);
  }
  return sources;
};
