import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadRunFile } from '../../src/config/run-file.ts';
import type { DumpFacts } from '../../src/corpus/document.ts';
import type { DumpPart } from '../../src/corpus/part.ts';
import type { Read } from '../../src/corpus/read.ts';
import type { Tokenizer } from '../../src/corpus/tokenizer.ts';
import { openTokenFile, type TokenFile } from '../../src/provenance/megatron/tokens.ts';
import { openRun } from '../../src/provenance/open-run.ts';
import { createDumpReader } from './dump-reader.ts';
import { loadTokenizer } from './load-tokenizer.ts';

interface Row {
  readonly iteration: number;
  readonly dataset_idx: number;
  readonly dataset_name: string;
  readonly doc_ids: readonly number[];
  readonly text?: string;
  readonly token_ids: readonly number[];
}

const bare: DumpPart = {
  format: 'dump',
  files: [],
  order: 'sorted',
  sources: [],
  tokenizer: null,
  sequenceLength: 128,
  iterations: 96_657,
  folds: [],
};

let folder: string;
let tokenizer: Tokenizer;
/** Iterations 0 to 19 of the demonstration's run, as LLM-jp's launcher would have dumped them. */
const rows: Row[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-dump-'));
  tokenizer = await loadTokenizer(resolve('demo/models/demo-3m-base'));
  const opened = await openRun({
    run: await loadRunFile(resolve('demo/run/run.json')),
    directory: join(folder, 'run'),
  });
  const files = new Map<string, TokenFile>();
  for (const { source, prefix } of opened.run.datasets) {
    files.set(source, await openTokenFile(prefix, opened.files.tokenIndexes.get(source)!));
  }
  const names = [...files.keys()];
  for (let iteration = 0; iteration < 20; iteration++) {
    const { samples } = await opened.occurrences.batch(iteration);
    for (const { source, parts } of samples) {
      const ids: number[] = [];
      for (const { sequence, tokenStart, tokenEnd } of parts.filter(({ labelOnly }) => !labelOnly)) {
        ids.push(...(await files.get(source)!.read(sequence, tokenStart, tokenEnd)));
      }
      const place = { dataset_idx: names.indexOf(source), dataset_name: `/data/${source}_text_document` };
      rows.push({ iteration, ...place, doc_ids: parts.map(({ sequence }) => sequence), token_ids: ids });
    }
  }
  for (const file of files.values()) await file.close();
  await opened.close();
});
afterAll(() => rm(folder, { recursive: true }));

const file = (path: string, firstSequence = 0) => ({
  path,
  source: 'dump',
  label: 'fold/0.jsonl',
  beside: [],
  firstSequence,
});
const lines = (some: readonly unknown[]) =>
  some.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join('');
const read = async (
  content: string | Buffer,
  part: Partial<DumpPart> = {},
  name = 'used_data_00.jsonl',
): Promise<Read[]> => {
  const path = join(folder, name);
  await writeFile(path, content);
  const reader = createDumpReader({ ...bare, ...part }, tokenizer);
  const found = await Array.fromAsync(reader.read(file(path), {}));
  expect(await reader.count(file(path), {})).toBe(found.length);
  return found;
};
const documents = (found: readonly Read[]) => found.flatMap((item) => (item.kind === 'document' ? item.document : []));
const reasons = (found: readonly Read[]) => found.flatMap((item) => (item.kind === 'reject' ? item.reject.reason : []));

describe("LLM-jp's dumps", () => {
  it('reads one document an instance, with its iteration, decoding the tokens where there is no text', async () => {
    expect(rows.length).toBe(320);
    const found = documents(await read(lines(rows)));
    expect(found.map(({ meta }) => meta.dump)).toEqual(
      rows.map(({ iteration, dataset_name, doc_ids }) => ({ iteration, dataset: dataset_name, doc_ids })),
    );
    expect(found.map(({ sequence }) => sequence)).toEqual([...rows.keys()]);
    expect(new Set(found.map(({ source }) => source)).size).toBe(5);
    expect(found[0]).toMatchObject({
      id: `${found[0]!.source}/fold/0.jsonl#1`,
      text: tokenizer.decode(rows[0]!.token_ids),
    });
    const withText = documents(
      await read(lines(rows.map((row) => ({ ...row, text: tokenizer.decode(row.token_ids) })))),
    );
    expect(withText).toEqual(found);
  });

  it('takes S or S + 1 ids and no other number', async () => {
    const [row] = rows as [Row];
    const of = (count: number) => ({ ...row, token_ids: Array<number>(count).fill(553) });
    const found = await read(lines([of(127), of(128), of(129), of(130)]));
    expect(found.map(({ kind }) => kind)).toEqual(['reject', 'document', 'document', 'reject']);
    expect(reasons(found)[0]).toBe('"token_ids": expected 128 or 129 ids, found 127');
    expect(reasons(await read(lines([of(1), of(5)]), { sequenceLength: null }))).toEqual([]);
  });

  it("adds each fold's offset, and leaves out what was loaded ahead", async () => {
    const folds = [
      { match: '**/used_data_01*', iterationOffset: 8787 },
      { match: 'used_*', iterationOffset: 5 },
    ];
    const iterations = async (part: Partial<DumpPart>, name: string) =>
      documents(await read(lines(rows.slice(14, 18)), part, name)).map(
        ({ meta }) => (meta.dump as DumpFacts).iteration,
      );
    expect(await iterations({ folds }, 'used_data_01.jsonl')).toEqual([8787, 8787, 8788, 8788]);
    expect(await iterations({ folds }, 'used_data_02.jsonl')).toEqual([5, 5, 6, 6]);
    expect(await iterations({ folds, iterations: 6 }, 'used_data_02.jsonl')).toEqual([5, 5]);
    expect(reasons(await read(lines(rows.slice(16, 17)), { iterations: 1 }))).toEqual([
      'iteration 1 was loaded ahead and never trained on: the last is 0',
    ]);
  });

  it('rejects broken rows, and reads a dump that was stopped as far as it goes', async () => {
    const [row] = rows as [Row];
    const broken = [
      '{"iteration":',
      { ...row, iteration: -1 },
      { ...row, iteration: undefined },
      { ...row, dataset_name: undefined },
      { ...row, token_ids: undefined },
      { ...row, token_ids: ['x'] },
      { ...row, token_ids: Array<number>(128).fill(999_999) },
      { ...row, text: 3 },
    ];
    const found = await read(lines([...broken, row]));
    expect(found.at(-1)).toMatchObject({ kind: 'document', record: broken.length });
    expect(reasons(found).map((reason) => reason.slice(0, 40))).toEqual(
      [
        'not JSON: Unexpected end of JSON input',
        '"iteration": expected a whole number from',
        '"iteration": expected a whole number from',
        '"dataset_name": expected a data path, foun',
        '"token_ids": expected a list of ids, foun',
        '"token_ids": expected a list of ids, foun',
        '"token_ids": the tokenizer has no token 99',
        '"text": expected a string, found a number',
      ].map((reason) => reason.slice(0, 40)),
    );
    const packed = gzipSync(lines(rows));
    const half = await read(packed.subarray(0, packed.length / 2), {}, 'used_data_03.jsonl.gz');
    expect(half.length).toBeGreaterThan(100);
    expect(half.slice(0, -1).every(({ kind }) => kind === 'document')).toBe(true);
    expect(half.at(-1)).toMatchObject({ kind: 'reject', reject: { line: half.length } });
    const none = createDumpReader(bare, null);
    const path = join(folder, 'one.jsonl');
    await writeFile(path, lines([row]));
    expect(reasons(await Array.fromAsync(none.read(file(path), {})))).toEqual([
      'no "text", and no tokenizer is declared that decodes "token_ids"',
    ]);
  });

  const dumped = resolve('../shared/demo/run/oracle/used_data_00.jsonl.gz');
  const test = existsSync(dumped) ? it : it.skip;

  test('agrees with the dump of the demonstration (needs used_data_00.jsonl.gz beside the project)', async () => {
    const reader = createDumpReader(bare, tokenizer);
    const content = gunzipSync(await readFile(dumped))
      .toString()
      .trimEnd()
      .split('\n');
    const given = content.map((line) => JSON.parse(line) as Row & { text: string });
    const found = documents(await Array.fromAsync(reader.read(file(dumped), {})));
    expect(found.length).toBe(729 * 16);
    expect(found.map(({ meta, text }) => [(meta.dump as DumpFacts).iteration, text])).toEqual(
      given.map((row) => [row.iteration, row.text]),
    );
    const first = given.slice(0, rows.length);
    expect(rows.map(({ token_ids: ids }) => ids)).toEqual(first.map(({ token_ids: ids }) => ids.slice(0, 128)));
    const untold = await read(lines(first.map(({ text: _, ...row }) => row)));
    expect(documents(untold).map(({ text }) => text)).toEqual(first.map(({ text }) => text));
  });
});
