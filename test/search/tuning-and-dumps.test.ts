import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildIndex } from '../../indexers/build-index.ts';
import { corpusIndexes } from '../../indexers/corpus-indexes.ts';
import { indexDirectory, type OpenSearch, openSearch } from '../../main/compose/open-search.ts';
import { systemClock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { TenkyoError } from '../../src/errors.ts';

let folder: string;
let config: Config;
let search: OpenSearch;
const failures: [string, TenkyoError][] = [];
const runs: Parameters<typeof openSearch>[0]['runs'] = {
  lookup: () => ({ run: null, readingOf: async () => ({ state: 'unknown' }) }),
  history: async () => null,
  close: async () => undefined,
};
const answer = '地震は地下の岩盤がずれて起こります。';
const find = (corpus: string, text: string) => search.search(corpus, { text, question: null, model: null });
const lines = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const build = async (name: string, tuning: boolean): Promise<void> => {
  const indexes = corpusIndexes(config.corpora.find((corpus) => corpus.name === name)!);
  for (const corpus of tuning ? [indexes.texts, indexes.tuning!] : [indexes.texts]) {
    await buildIndex({ corpus, embedder: null, directory: indexDirectory(config), clock: systemClock });
  }
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-tuning-'));
  const row = { dataset_idx: 0, dataset_name: '/d/ja_cc/ja_cc_merge_1_text_document', doc_ids: [7], token_ids: [1, 2] };
  await writeFile(join(folder, 'texts.jsonl'), lines([{ text: '昔は地下の大ナマズが動くと地震になると言われた。' }]));
  await writeFile(join(folder, 'sft.jsonl'), lines([{ instruction: '地震の原因は？', output: answer }]));
  await writeFile(
    join(folder, 'dpo.jsonl'),
    lines([{ prompt: '津波とは？', chosen: '高い波です。', rejected: '魚です。' }]),
  );
  await writeFile(
    join(folder, 'used_data_01.jsonl'),
    lines([
      { ...row, iteration: 3, text: '火山が噴火した。' },
      { ...row, iteration: 4, text: '台風が上陸した。' },
    ]),
  );
  await writeFile(
    join(folder, 'tenkyo.yaml'),
    `apps: [{ name: finder, roles: [search] }]
corpora:
  - name: mixed
    documents:
      - texts.jsonl
      - { files: sft.jsonl, format: sft, source: tuned }
      - { files: dpo.jsonl, format: preference, source: preferred }
  - { name: dumped, format: dump, documents: "used_data_*.jsonl", iterations: 96657, folds: [{ match: "used_data_01*", iterationOffset: 8787 }] }
  - { name: only, format: sft, documents: sft.jsonl }
`,
  );
  config = loadConfig({ demonstration: resolve('demo/tenkyo.yaml'), cwd: folder, env: {} });
  search = openSearch({
    config,
    runs,
    embedder: null,
    clock: systemClock,
    deadlineMs: 30_000,
    onFailure: (...failure) => failures.push(failure),
  });
});
afterAll(async () => {
  await search.close();
  await rm(folder, { recursive: true });
});

describe('tuning data', () => {
  it('is no reason to fail while its index is not there yet', async () => {
    await build('mixed', false);
    const { hits, tuning, tuningFault } = await find('mixed', answer);
    expect(hits.map(({ source }) => source)).toEqual(['texts']);
    expect(tuning).toBeNull();
    expect(tuningFault).toBe('index_missing');
    expect(failures).toMatchObject([['tuning', { code: 'index_missing' }]]);
  });

  it('is found apart from the texts, and counts nowhere among them', async () => {
    await build('mixed', true);
    const result = await find('mixed', answer);
    expect(result.index.documents).toBe(1);
    expect(result.spans).toEqual([]);
    expect(result.hits.map(({ source, kind }) => [source, kind])).toEqual([['texts', undefined]]);
    expect(result.tuning).toMatchObject({
      index: { documents: 2 },
      spans: [{ text: answer, documents: [{ source: 'tuned' }] }],
      hits: [{ rank: 1, source: 'tuned', kind: 'sft', title: '地震の原因は？', reading: { state: 'unknown' } }],
    });
    const { passageId } = result.tuning!.hits[0]!;
    expect(await search.context('mixed', passageId, { range: 'document', spans: [answer] })).toMatchObject({
      text: `地震の原因は？\n\n${answer}`,
    });
    const { tuning } = await find('mixed', '津波とは高い波のことです');
    expect(tuning?.hits[0]).toMatchObject({
      source: 'preferred',
      kind: 'preference',
      text: '津波とは？\n\n高い波です。',
    });
  });

  it('is all there is of a corpus without texts', async () => {
    await build('only', false);
    const { hits, tuning } = await find('only', answer);
    expect(hits).toMatchObject([{ source: 'sft', kind: 'sft' }]);
    expect(tuning).toBeNull();
  });
});

describe("a run's dump", () => {
  it('shows the iteration that its rows name, over the last one of the run', async () => {
    await build('dumped', false);
    const { hits, run } = await find('dumped', '火山の噴火');
    expect(run).toEqual({ name: 'dumped', iterations: 96_657 });
    expect(hits[0]).toMatchObject({
      source: 'ja_cc',
      documentId: 'ja_cc/used_data_01.jsonl#1',
      reading: { state: 'read', shown: 8790, first: 8790, last: 8790, timesRead: 1, lastIndex: 96_656 },
    });
    const early = await search.search(
      'dumped',
      { text: '台風', question: null, model: null },
      { beforeIteration: 8791 },
    );
    expect(early.hits.filter(({ text }) => text.includes('台風'))).toEqual([]);
  });
});
