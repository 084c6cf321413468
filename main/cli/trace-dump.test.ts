import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../test/support/command-line.ts';
import { registerTrace } from './trace.ts';

let folder: string;
const row = (iteration: number, text: string | null, dataset = 'ja_cc/ja_cc_merge_1_text_document') =>
  `${JSON.stringify({ iteration, dataset_idx: 0, dataset_name: `/d/${dataset}`, doc_ids: [7, 9], text, token_ids: [1, 2] })}\n`;
const configured = (name: string, more: object): string => {
  const file = join(folder, `${name}.yaml`);
  const folds = [{ match: '**/01/*', iterationOffset: 8787 }];
  const shared = { format: 'dump', iterations: 96_657, folds };
  const corpora = [
    { name: 'v1-dump', documents: join(folder, '0*/used_data_*.jsonl*'), ...shared },
    { name: 'plain', documents: resolve('demo/corpus/ja_web.jsonl') },
  ];
  writeFileSync(file, JSON.stringify({ apps: [{ name: 'finder', roles: ['search'] }], corpora, ...more }));
  return file;
};
let config: string;
const trace = (...args: readonly string[]) =>
  runCommand(registerTrace, 'trace', ...args, '--data', join(folder, 'own'));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenkyo-trace-dump-'));
  for (const fold of ['00', '01']) mkdirSync(join(folder, fold));
  writeFileSync(join(folder, '01/used_data_0.jsonl'), row(0, '火山が噴火した。') + row(1, '台風が\n上陸した。'));
  writeFileSync(
    join(folder, '01/used_data_1.jsonl.gz'),
    gzipSync(`${row(1, null)}${row(1, '津波', 'en_wiki_text_document')}`),
  );
  writeFileSync(join(folder, '00/used_data_0.jsonl'), row(8786, '大雨が降った。'));
  config = configured('alone', {});
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("tenkyo trace of a run's dump", () => {
  it('tells in which iteration a row was read, by the file that its id names', async () => {
    const { lines, tables } = await trace(
      'document',
      'ja_cc/01/used_data_0.jsonl#2',
      '--checkpoint',
      '8788',
      '--config',
      config,
    );
    expect(tables).toEqual([]);
    expect(lines).toEqual([
      'ja_cc/01/used_data_0.jsonl#2',
      `Source: ja_cc · ${join(folder, '01/used_data_0.jsonl')}, line 2 · dump of v1-dump`,
      'Read once, in iteration 8,788/96,656',
      'Checkpoint 8,788 has not read it.',
    ]);
    const { json } = await trace('document', 'en_wiki/used_data_1.jsonl.gz#2', '--json', '--config', config);
    expect(json).toMatchObject([
      {
        corpus: 'v1-dump',
        iterations: 96_657,
        document: { id: 'en_wiki/used_data_1.jsonl.gz#2', source: 'en_wiki', line: 2 },
        iteration: 8788,
        doc_ids: [7, 9],
        reading: { state: 'read', shown: 8788, first: 8788, last: 8788, timesRead: 1, lastIndex: 96_656 },
      },
    ]);
  });

  it('shows what an iteration read, from all files of all folds, and names what can not be read', async () => {
    const { lines, tables, notes } = await trace('iteration', '8,788', '--config', config);
    expect(lines).toEqual(['Iteration 8,788/96,656 of the dump of v1-dump: 2 rows']);
    expect(tables[0]).toEqual([
      ['Source', 'Document', 'Text'],
      ['ja_cc', 'ja_cc/01/used_data_0.jsonl#2', '台風が 上陸した。'],
      ['en_wiki', 'en_wiki/used_data_1.jsonl.gz#2', '津波'],
    ]);
    expect(notes).toEqual([expect.stringMatching(/used_data_1\.jsonl\.gz:1: no "text", and no tokenizer is declared/)]);
    const { json } = await trace('iteration', '8786', '--json', '--config', config);
    expect(json).toMatchObject([
      { corpus: 'v1-dump', iteration: 8786, documents: [{ document: { id: 'ja_cc/00/used_data_0.jsonl#1' } }] },
    ]);
  });

  it('stands beside the configured runs', async () => {
    const both = configured('both', { runs: [{ name: 'demo', file: resolve('demo/run/run.json') }] });
    expect((await trace('document', 'w1-ja_web-001', '--config', both)).lines[0]).toMatch(/^w1-ja_web-001/);
    expect((await trace('document', 'ja_cc/00/used_data_0.jsonl#1', '--config', both)).lines[2]).toBe(
      'Read once, in iteration 8,786/96,656',
    );
    expect((await trace('iteration', '5', '--config', both)).lines[0]).toContain('of run demo');
    expect((await trace('iteration', '8787', '--corpus', 'v1-dump', '--config', both)).lines[0]).toContain('1 row');
  });

  it.each([
    [['document', 'ja_cc/00/used_data_0.jsonl#2'], 'not_found'],
    [['document', 'ja_cc/used_data_0.jsonl'], 'not_found'],
    [['document', 'en_wiki/00/used_data_0.jsonl#1'], 'not_found'],
    [['iteration', '8785'], 'not_found'],
    [['iteration', '5', '--corpus', 'plain'], 'usage'],
  ])('refuses %j', async (args, code) => {
    await expect(trace(...args, '--config', config)).rejects.toMatchObject({ code });
  });
});
