import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildIndex } from '../../indexers/build-index.ts';
import { systemClock } from '../../src/clock.ts';
import { toBeCentred } from '../../src/embedding/centring.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { type CurrentIndex, createCurrentIndex } from '../../src/search/embedded/current-index.ts';
import { openIndex } from '../../src/search/embedded/open-index.ts';
import type { ReadingLookup } from '../../src/search/ports.ts';
import { createCurrentQdrant } from '../../src/search/qdrant/current-index.ts';
import { createQdrant } from '../../src/search/qdrant/qdrant.ts';
import { createQdrantTarget } from '../../src/search/qdrant/target.ts';
import { createSearch } from '../../src/search/search.ts';
import { type QdrantReplay, startQdrantReplay } from '../support/qdrant/replay.ts';
import { createLetterEmbedder } from '../support/search-fakes.ts';

const readings: ReadingLookup = { run: null, readingOf: async () => ({ state: 'unknown' }) };
const words = ['地震', '津波', 'ナマズ', 'earthquake', 'catfish', '岩盤', 'tsunami', '断層'];

describe('an index with its vectors on Qdrant', () => {
  let folder: string;
  let server: QdrantReplay;
  let qdrant: ReturnType<typeof createQdrant>;
  const open: CurrentIndex[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenkyo-qdrant-'));
    const lines = Array.from({ length: 60 }, (_, number) =>
      JSON.stringify({ text: `${words[number % 8]}と${words[(number * 3 + 1) % 8]}の話、第${number}話。` }),
    );
    await writeFile(join(folder, 'ja_web.jsonl'), lines.join('\n'));
    server = await startQdrantReplay();
    qdrant = createQdrant({
      url: server.url,
      apiKey: null,
      timeoutMs: 2_000,
      longestWaitMs: 1,
      clock: systemClock,
      random: () => 1,
    });
  });
  afterEach(async () => {
    for (const index of open.splice(0)) await index.close();
    await server.close();
    await rm(folder, { recursive: true });
  });

  const directory = () => join(folder, 'index');
  const build = (embedder: Embedder, signal?: AbortSignal) =>
    buildIndex({
      corpus: { name: 'demo', documents: join(folder, '*.jsonl') },
      embedder,
      directory: directory(),
      clock: systemClock,
      vectorTargets: [createQdrantTarget({ qdrant, namespace: 'tenkyo', shards: 1, replicas: 1, clock: systemClock })],
      ...(signal && { signal }),
    });
  const openCurrent = (embedder: Embedder, onQdrant: boolean): CurrentIndex => {
    const { fingerprint } = embedder;
    const options = {
      directory: directory(),
      corpus: 'demo',
      embedder: fingerprint,
      clock: systemClock,
      vectors: !onQdrant,
    };
    const inner = createCurrentIndex(options);
    const current = onQdrant
      ? createCurrentQdrant(inner, { qdrant, namespace: 'tenkyo', corpus: 'demo', embedder: fingerprint })
      : inner;
    open.push(current);
    return current;
  };
  const searchIn = (
    current: CurrentIndex,
    embedder: Embedder,
    engine: 'hybrid' | 'vector',
    { deadlineMs = 20_000 } = {},
  ) =>
    current.use((index) =>
      createSearch({ index, embedder, readings, clock: systemClock, deadlineMs }).search(
        { text: '地震と津波', question: null, model: null },
        { engine },
      ),
    );

  it.each([
    ['as the model gives them', createLetterEmbedder()],
    ['centred', toBeCentred(createLetterEmbedder())],
  ])('finds what the index on this machine finds, vectors %s; and is put there once', async (_, embedder) => {
    expect((await build(embedder)).carried).toEqual([{ name: 'qdrant', vectors: 60 }]);
    expect(await build(embedder)).toMatchObject({ built: false, carried: [] });
    const here = await searchIn(openCurrent(embedder, false), embedder, 'vector');
    const there = await searchIn(openCurrent(embedder, true), embedder, 'vector');
    const found = (result: typeof here) => result.hits.map(({ scores }) => scores.vector!.toFixed(4));
    expect(there.hits.length).toBeGreaterThan(5);
    expect(found(there)).toEqual(found(here));
    expect(server.seen.some(({ route }) => /points\/query/.test(route))).toBe(true);
  });

  it('keeps no vectors in memory here: without the server there are none', async () => {
    const embedder = createLetterEmbedder();
    await build(embedder);
    const options = { directory: directory(), corpus: 'demo', embedder: embedder.fingerprint, clock: systemClock };
    for (const [vectors, threadFrom] of [
      [true, 1_000],
      [false, 1_000],
      [false, 1],
    ] as const) {
      const index = await openIndex({ ...options, vectors, threadFrom });
      expect(index.vector === null).toBe(!vectors);
      expect(index.facts.embedder).toBe(embedder.fingerprint);
      await index.close();
    }
  });

  it('goes over to the vectors of the next build with the rest of the index', async () => {
    const embedder = createLetterEmbedder();
    await build(embedder);
    const current = openCurrent(embedder, true);
    await searchIn(current, embedder, 'vector');
    await writeFile(join(folder, 'ja_web.jsonl'), JSON.stringify({ text: '津波と地震は別のものです。' }));
    await build(embedder);
    const { hits, engines } = await searchIn(current, embedder, 'vector');
    expect(engines).toMatchObject([{ engine: 'vector', status: 'ok' }]);
    expect(hits.map(({ text }) => text)).toEqual(['津波と地震は別のものです。']);
  });

  it('goes on where a build failed half-way, and nothing is there twice', async () => {
    const embedder = createLetterEmbedder();
    server.next({
      on: /points$/,
      does: { status: 400, body: { status: { error: 'Wrong input: disk full' }, time: 0 } },
    });
    await expect(build(embedder)).rejects.toMatchObject({ code: 'engine_unavailable' });
    const current = openCurrent(embedder, true);
    expect((await searchIn(current, embedder, 'hybrid')).engines).toMatchObject([
      { engine: 'exact', status: 'ok' },
      { engine: 'keyword', status: 'ok' },
      { engine: 'vector', status: 'failed', reason: 'index_missing' },
    ]);
    expect((await build(embedder)).carried).toEqual([{ name: 'qdrant', vectors: 60 }]);
    expect((await searchIn(current, embedder, 'hybrid')).engines).toMatchObject([{}, {}, { status: 'ok' }]);
  });

  it('names the vector engine while the server is down; keywords and stretches still answer', async () => {
    const embedder = createLetterEmbedder();
    await build(embedder);
    const current = openCurrent(embedder, true);
    await searchIn(current, embedder, 'hybrid');
    server.next({ on: /points\/query/, does: 'reset', times: 9 });
    const { hits, engines } = await searchIn(current, embedder, 'hybrid');
    expect(hits.length).toBeGreaterThan(0);
    expect(engines.at(-1)).toMatchObject({ engine: 'vector', status: 'failed', reason: 'engine_unavailable' });
  });

  it.each([
    [
      'too many requests',
      { status: 429, headers: { 'retry-after': '1' }, body: { status: { error: 'limit' }, time: 0 } },
    ],
    ['a page of HTML', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' }],
    ['a broken shard', { status: 500, body: { status: { error: 'Service internal error: 1 of 3 shards' }, time: 0 } }],
    ['a connection left half open', 'silence'],
  ] as const)('names the vector engine on %s; keywords and stretches still answer', async (_, does) => {
    const embedder = createLetterEmbedder();
    await build(embedder);
    const current = openCurrent(embedder, true);
    server.next({ on: /points\/query/, does, times: 9 });
    const { hits, engines } = await searchIn(current, embedder, 'hybrid');
    expect(hits.length).toBeGreaterThan(0);
    expect(engines).toMatchObject([
      { engine: 'exact', status: 'ok' },
      { engine: 'keyword', status: 'ok' },
      { engine: 'vector', status: 'failed', reason: 'engine_unavailable' },
    ]);
  });

  it('names the vector engine as late where a shard is slow', async () => {
    const embedder = createLetterEmbedder();
    await build(embedder);
    const current = openCurrent(embedder, true);
    await searchIn(current, embedder, 'hybrid');
    server.next({ on: /points\/query/, does: 'silence', times: 9 });
    const { hits, engines } = await searchIn(current, embedder, 'hybrid', { deadlineMs: 1_000 });
    expect(hits.length).toBeGreaterThan(0);
    expect(engines.at(-1)).toMatchObject({ engine: 'vector', status: 'late' });
  });
});
