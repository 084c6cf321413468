import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { buildIndex } from '../../../indexers/build-index.ts';
import { systemClock } from '../../../src/clock.ts';
import { chunk } from '../../../src/corpus/chunk.ts';
import type { ElasticsearchConnection } from '../../../src/search/elasticsearch/connect.ts';
import { createCurrentElasticsearch } from '../../../src/search/elasticsearch/current-index.ts';
import { openElasticsearchIndex } from '../../../src/search/elasticsearch/open-index.ts';
import { createElasticsearchTarget } from '../../../src/search/elasticsearch/target.ts';
import { createCurrentIndex } from '../../../src/search/embedded/current-index.ts';
import { keywordTokens } from '../../../src/text/tokens.ts';
import {
  connectToTestServer,
  createTestPrefix,
  describeOnElasticsearch,
  testServerUrl,
} from '../../support/elasticsearch.ts';

const script = resolve(fileURLToPath(import.meta.url), '../elasticsearch-build-process.ts');

describeOnElasticsearch('a build on Elasticsearch', () => {
  const { prefix, clean } = createTestPrefix();
  let connection: ElasticsearchConnection;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenkyo-elasticsearch-build-'));
    connection = await connectToTestServer();
  });
  afterAll(async () => {
    await clean(connection);
    await connection.close();
    await rm(folder, { recursive: true });
  });

  const directory = () => join(folder, 'index');
  const write = (source: string, texts: readonly string[]) =>
    writeFile(join(folder, `${source}.jsonl`), texts.map((text) => JSON.stringify({ text })).join('\n'));
  const targetWith = (settings = {}) =>
    createElasticsearchTarget({ connection: { get: async () => connection }, prefix, settings, clock: systemClock });
  const build = (name: string, source: string, settings = {}) =>
    buildIndex({
      corpus: { name, documents: join(folder, `${source}.jsonl`) },
      embedder: null,
      directory: directory(),
      clock: systemClock,
      targets: [targetWith(settings)],
    });
  const open = (corpus: string) => openElasticsearchIndex({ connection, prefix, corpus });
  const idsOf = async (kind: string, corpus: string): Promise<string[]> => {
    const { hits } = await connection.client.search({
      index: `${prefix}-${corpus}-${kind}`,
      size: 10_000,
      _source: false,
      sort: ['sequence'],
    });
    return hits.hits.map(({ _id }) => _id!);
  };
  const indexesOf = async (corpus: string): Promise<string[]> =>
    Object.keys(await connection.client.indices.get({ index: `${prefix}-${corpus}-*` })).toSorted();

  it('is refused where the index is missing, seen by readers when it is whole, and not made twice', async () => {
    await write('first', ['地震', '津波']);
    await expect(open('switch')).rejects.toMatchObject({ code: 'index_missing' });
    expect((await build('switch', 'first')).targets).toMatchObject([
      { name: 'elasticsearch', documents: 2, passages: 2, rejects: { count: 0 } },
    ]);
    expect((await build('switch', 'first')).built).toBe(false);
    expect((await open('switch')).facts).toMatchObject({ corpus: 'switch', documents: 2, passages: 2 });
    const settings = await connection.client.indices.getSettings({ index: `${prefix}-switch-passages` });
    expect(Object.values(settings)[0]?.settings?.index).toMatchObject({
      auto_expand_replicas: '0-1',
      number_of_shards: '1',
      refresh_interval: '30s',
    });
  });

  it('goes over to a new build at once; an open reader keeps the old one, the one before that is removed', async () => {
    const embedded = createCurrentIndex({
      directory: directory(),
      corpus: 'switch',
      embedder: null,
      clock: systemClock,
    });
    let now = 0;
    const current = createCurrentElasticsearch(embedded, {
      connection: { get: async () => connection },
      prefix,
      corpus: 'switch',
      clock: { ...systemClock, now: () => now },
    });
    const finds = (text: string) =>
      current.use(async ({ keyword }) => {
        const tokens = keywordTokens(text).map((token) => ({ token, weight: 1 }));
        return (await keyword.search(tokens, { limit: 5, sources: null })).hits.length;
      });
    expect(await finds('津波')).toBe(1);
    const old = await open('switch');
    await write('second', ['台風', '津波', '津波']);
    await build('switch', 'second');
    expect((await old.documents.document({ source: 'first', sequence: 0 }))?.text).toBe('地震');
    now += 10_000;
    await finds('津波');
    await expect(
      (async () => {
        while ((await finds('津波')) !== 2) now += 10_000;
      })(),
    ).resolves.toBeUndefined();
    expect((await indexesOf('switch')).length).toBe(4);
    await write('third', ['竜巻']);
    await build('switch', 'third');
    expect((await indexesOf('switch')).length).toBe(4);
    await expect(old.documents.document({ source: 'first', sequence: 0 })).rejects.toMatchObject({
      code: 'index_missing',
    });
    await current.close();
  });

  it('tells what the server refuses, and keeps the rest', async () => {
    await writeFile(
      join(folder, 'refused.jsonl'),
      [{ text: '地震' }, { id: 'x', text: '津波', meta: { lang: 'x'.repeat(40_000) } }]
        .map((line) => JSON.stringify(line))
        .join('\n'),
    );
    const { targets } = await build('refused', 'refused');
    expect(targets[0]!.rejects).toMatchObject({ count: 2 });
    expect(targets[0]!.rejects.first.map(({ id }) => id).toSorted()).toEqual(['refused:1', 'refused:1:0-2']);
    expect(targets[0]!.rejects.first[0]!.reason).toMatch(/^document_parsing_exception: .{1,300}$/);
    expect(await idsOf('documents', 'refused')).toEqual(['refused:0']);
  });

  it('makes a field for other tools where that was asked for', async () => {
    await write('kuromoji', ['東京都庁に行った。']);
    await build('kuromoji', 'kuromoji', { kuromoji: true });
    const { hits } = await connection.client.search({
      index: `${prefix}-kuromoji-passages`,
      query: { match: { text: '行く' } },
    });
    expect(hits.hits.map(({ _id }) => _id)).toEqual(['kuromoji:0:0-9']);
    expect((await open('kuromoji')).facts.passages).toBe(1);
  });

  it('loses nothing and doubles nothing when it is killed -9 again and again', async () => {
    const texts = Array.from(
      { length: 2_000 },
      (_, number) => `これは${number}番目の文書である。${'地震が起きた。'.repeat(90)}`,
    );
    await write('killed', texts);
    const run = async ({ killAfterNotes }: { killAfterNotes: number }): Promise<string[]> => {
      const arguments_ = [script, testServerUrl!, prefix, join(folder, 'killed.jsonl'), join(folder, 'killed-index')];
      const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = new Promise((done) => child.once('close', done));
      const lines: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line);
        const notes = lines.filter((one) => one === 'noted').length;
        if (notes >= killAfterNotes && child.exitCode === null) child.kill('SIGKILL');
      }
      await ended;
      return lines;
    };
    const first = await run({ killAfterNotes: 1 });
    expect(first.some((line) => line.startsWith('built'))).toBe(false);
    await expect(open('killed')).rejects.toMatchObject({ code: 'index_missing' });
    const second = await run({ killAfterNotes: 2 });
    expect(Number(second[0]!.split(' ')[1])).toBeGreaterThan(0);
    expect(second.some((line) => line.startsWith('built'))).toBe(false);
    const last = await run({ killAfterNotes: Number.POSITIVE_INFINITY });
    const passages = texts.flatMap((text, sequence) => chunk({ source: 'killed', sequence, text }).map(({ id }) => id));
    expect(last.at(-1)).toBe(`built ${texts.length} ${passages.length} 0`);
    expect(await idsOf('documents', 'killed')).toEqual(texts.map((_, sequence) => `killed:${sequence}`));
    expect((await idsOf('passages', 'killed')).toSorted()).toEqual(passages.toSorted());
  }, 120_000);
});
