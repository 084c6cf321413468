import { afterEach, describe, expect, it } from '@jest/globals';
import { type QdrantReplay, type ReplayOptions, startQdrantReplay } from '../../../test/support/qdrant/replay.ts';
import { refusalOf } from '../../../test/support/refusals.ts';
import { systemClock } from '../../clock.ts';
import { pointId } from './point-id.ts';
import { createQdrant, type QdrantOptions } from './qdrant.ts';
import { openVectors } from './vector-index.ts';
import { openVectorWriter, type VectorBuildOptions } from './writer.ts';

const running: QdrantReplay[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

const start = async (options: ReplayOptions = {}, client: Partial<QdrantOptions> = {}) => {
  const server = await startQdrantReplay(options);
  running.push(server);
  const waits: number[] = [];
  const clock = { now: systemClock.now, sleep: async (ms: number) => void waits.push(ms) };
  const qdrant = createQdrant({ url: server.url, apiKey: null, clock, random: () => 1, ...client });
  return { server, qdrant, clock, waits };
};

const names = { namespace: 'tenkyo', corpus: 'demo' };
const vectors = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
].map((vector) => Float32Array.from(vector));
const points = vectors.map((vector, sequence) => ({
  passageId: `ja_wiki:${sequence}:0-9`,
  documentId: `d${sequence}`,
  lang: 'ja',
  vector,
}));

type Started = Awaited<ReturnType<typeof start>>;

const openWriter = ({ qdrant, clock }: Started, change: Partial<VectorBuildOptions> = {}) =>
  openVectorWriter({
    ...names,
    qdrant,
    clock,
    build: 'one',
    fingerprint: 'f',
    embedder: 'e',
    dimensions: 3,
    expected: 3,
    ...change,
  });

const build = async (started: Started, change: Partial<VectorBuildOptions> = {}, added = points): Promise<void> => {
  const writer = await openWriter(started, change);
  await writer.add(added);
  await writer.finish(added.length);
};
const openDemo = ({ qdrant }: Pick<Started, 'qdrant'>, change: { build?: string; embedder?: string } = {}) =>
  openVectors({ qdrant, ...names, build: null, embedder: 'e', ...change });
const all = { limit: 10, sources: null };
const isQuery = /points\/query/;

describe('a build', () => {
  it('becomes current in one step; the one before stays for who reads it, the older go', async () => {
    const started = await start();
    await build(started);
    const first = await openDemo(started);
    await build(started, { build: 'two' }, points.slice(0, 2));
    expect(await first.vector.search(vectors[2]!, { ...all, limit: 1 })).toEqual([
      { passageId: 'ja_wiki:2:0-9', score: 1, lang: 'ja' },
    ]);
    const second = await openDemo(started);
    expect(await second.vector.search(vectors[2]!, all)).toHaveLength(2);
    await build(started, { build: 'three' });
    const remaining = await started.qdrant.call({ collection: null }, (api, init) => api.getCollections({}, init));
    expect(remaining.collections.map(({ name }) => name).toSorted()).toEqual(['tenkyo.demo@three', 'tenkyo.demo@two']);
    const switches = started.server.seen.filter(({ route }) => route === 'POST /collections/aliases');
    expect(JSON.parse(switches.at(-1)!.body).actions).toHaveLength(2);
  });

  it('leaves the builds of other corpora and other programs alone', async () => {
    const started = await start();
    await build(started, { corpus: 'demo.small' });
    for (const id of ['one', 'two', 'three']) await build(started, { build: id });
    expect(
      (await openVectors({ ...started, ...names, corpus: 'demo.small', build: null, embedder: 'e' })).facts.points,
    ).toBe(3);
  });

  it('goes on where a killed one was, and nothing is there twice', async () => {
    const started = await start();
    const killed = await openWriter(started);
    await killed.add(points.slice(0, 2));
    expect((await refusalOf(openDemo(started, { build: 'one' }))).code).toBe('index_missing');
    const resumed = await openWriter(started);
    await resumed.add(points.slice(1));
    await resumed.finish(3);
    const { vector, facts } = await openDemo(started);
    expect(facts).toMatchObject({ points: 3, fingerprint: 'f', dimensions: 3 });
    expect(await vector.search(vectors[0]!, all)).toHaveLength(3);
  });

  it('begins anew where the build of this name was made otherwise', async () => {
    const started = await start();
    const other = await openWriter(started, { fingerprint: 'other' });
    await other.add(points.slice(2));
    await build(started, {}, points.slice(0, 2));
    expect((await openDemo(started)).facts.points).toBe(2);
  });

  it('sends many small requests, waits for the last alone, and asks for the graph at the end', async () => {
    const started = await start();
    await build(started, { batchBytes: 300 });
    const sent = started.server.seen.map(({ route }) => route).filter((route) => /^PUT .*points/.test(route));
    expect(sent.map((route) => /wait=(\w+)/.exec(route)![1])).toEqual(['false', 'false', 'false', 'true']);
    const created = started.server.seen.find(({ route }) => route === 'PUT /collections/tenkyo.demo@one')!;
    expect(JSON.parse(created.body).optimizers_config).toEqual({ indexing_threshold: 0 });
    const changed = started.server.seen.filter(({ route }) => route.startsWith('PATCH'));
    expect(JSON.parse(changed[0]!.body)).toEqual({ optimizers_config: { indexing_threshold: 10_000 } });
    const indexed = started.server.seen.filter(({ route }) => /^PUT .*index/.test(route));
    expect(indexed.map(({ body }) => JSON.parse(body).field_name)).toEqual(['source', 'document', 'lang', 'sequence']);
  });

  it('keeps large collections on disk, and searches them by 8-bit forms that the vectors correct', async () => {
    const started = await start();
    await build(started, { expected: 100e6 });
    const created = started.server.seen.find(({ route }) => route === 'PUT /collections/tenkyo.demo@one')!;
    expect(JSON.parse(created.body)).toMatchObject({
      vectors: { dense: { on_disk: true } },
      hnsw_config: { on_disk: false },
      quantization_config: { scalar: { type: 'int8', always_ram: true } },
    });
    const { vector } = await openDemo(started);
    await vector.search(vectors[0]!, all);
    expect(JSON.parse(started.server.seen.at(-1)!.body).params).toEqual({
      quantization: { rescore: true, oversampling: 2 },
    });
  });

  it('refuses a vector of zeros, of no numbers and of another length before it is sent', async () => {
    const started = await start();
    const writer = await openWriter(started);
    const sent = started.server.seen.length;
    for (const [vector, code] of [
      [[0, 0, 0], 'model_failed'],
      [[1, Number.NaN, 0], 'model_failed'],
      [[1, 0], 'index_mismatch'],
    ] as const) {
      const error = await refusalOf(writer.add([points[0]!, { ...points[1]!, vector: Float32Array.from(vector) }]));
      expect([error.code, error.where]).toEqual([code, 'ja_wiki:1:0-9']);
    }
    expect(started.server.seen).toHaveLength(sent);
  });

  it('says so when points are missing in the end', async () => {
    const started = await start();
    const writer = await openWriter(started);
    await writer.add(points);
    expect(await refusalOf(writer.finish(4))).toMatchObject({
      code: 'index_mismatch',
      expected: '4 points',
      found: '3 points',
    });
    expect((await refusalOf(openDemo(started))).code).toBe('index_missing');
  });

  it('waits as a rate limit wants it, and goes on after a lost connection', async () => {
    const started = await start();
    const writer = await openWriter(started);
    started.server.next({
      on: /points$/,
      does: {
        status: 429,
        headers: { 'retry-after': '7' },
        body: { status: { error: 'Rate limiting exceeded: Write rate limit exceeded' }, time: 0 },
      },
    });
    started.server.next({ on: /points$/, does: 'reset' });
    started.server.next({ on: /points$/, does: { status: 503, body: 'busy' } });
    await writer.add(points);
    await writer.finish(3);
    expect(started.waits.slice(0, 3)).toEqual([7_000, 400, 800]);
  });
});

describe('point ids', () => {
  it('are UUIDs of version 5, the same for the same passage', () => {
    expect(pointId('ja_wiki:0:0-9')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(pointId('ja_wiki:0:0-9')).toBe(pointId('ja_wiki:0:0-9'));
    expect(pointId('ja_wiki:0:0-9')).not.toBe(pointId('ja_wiki:0:0-10'));
  });
});

describe('what goes wrong', () => {
  it('no collection: index_missing, with the command that builds it', async () => {
    const started = await start();
    expect(await refusalOf(openDemo(started))).toMatchObject({
      code: 'index_missing',
      where: `${started.server.url}, collection tenkyo.demo`,
      remedy: expect.stringContaining('tenkyo index'),
    });
  });

  it('a collection dropped under a reader: index_missing', async () => {
    const started = await start();
    await build(started);
    const { vector } = await openDemo(started);
    await fetch(`${started.server.url}/collections/tenkyo.demo@one`, { method: 'DELETE' });
    expect((await refusalOf(vector.search(vectors[0]!, all))).code).toBe('index_missing');
  });

  it('vectors of another embedder, and a collection that is not ours: index_mismatch', async () => {
    const started = await start();
    await build(started);
    expect(await refusalOf(openDemo(started, { embedder: 'other' }))).toMatchObject({
      code: 'index_mismatch',
      expected: 'other',
      found: 'e',
    });
    await fetch(`${started.server.url}/collections/tenkyo.demo@foreign`, {
      method: 'PUT',
      body: JSON.stringify({ vectors: { dense: { size: 3, distance: 'Cosine' } } }),
    });
    expect(await refusalOf(openDemo(started, { build: 'foreign' }))).toMatchObject({
      code: 'index_mismatch',
      found: 'another program',
    });
  });

  it('an old server: its version and the one that is needed', async () => {
    const started = await start({ version: '1.16.3' });
    expect(await refusalOf(openDemo(started))).toMatchObject({
      code: 'engine_unavailable',
      expected: '1.17 or later',
      found: '1.16.3',
      remedy: expect.stringContaining('one minor version at a time'),
    });
  });

  it.each(['1.17.0', '1.19.0', '2.0.1'])('version %s is taken', async (version) => {
    const started = await start({ version });
    await build(started);
    expect((await openDemo(started)).facts.points).toBe(3);
  });

  it('nobody there: the address, and that search goes on', async () => {
    const { qdrant } = await start({}, { url: 'http://127.0.0.1:9' });
    expect(await refusalOf(openDemo({ qdrant }))).toMatchObject({
      code: 'engine_unavailable',
      where: 'http://127.0.0.1:9',
      remedy: expect.stringContaining('QDRANT_URL'),
    });
  });

  it('a connection left half open: an end after the time limit', async () => {
    const started = await start();
    await build(started);
    const { vector } = await openDemo({
      qdrant: createQdrant({
        url: started.server.url,
        apiKey: null,
        timeoutMs: 150,
        clock: started.clock,
        random: () => 1,
      }),
    });
    started.server.next({ on: isQuery, does: 'silence' });
    expect(await refusalOf(vector.search(vectors[0]!, all))).toMatchObject({
      code: 'engine_unavailable',
      expected: 'an answer within 150 ms',
      found: 'nothing',
    });
  });

  it("a search that is given up ends with its signal's reason, not with a failure", async () => {
    const started = await start();
    await build(started);
    const { vector } = await openDemo(started);
    started.server.next({ on: isQuery, does: 'silence' });
    const stop = new AbortController();
    const searching = vector.search(vectors[0]!, { ...all, signal: stop.signal });
    const reason = new Error('late');
    stop.abort(reason);
    await expect(searching).rejects.toBe(reason);
  });

  it('no key, a wrong key (plain text), a key that only reads', async () => {
    const started = await start({ apiKey: 'secret', readOnlyKey: 'reader' }, { apiKey: 'secret' });
    await build(started);
    expect((await openDemo(started)).facts.points).toBe(3);
    const as = (apiKey: string | null) =>
      createQdrant({ url: started.server.url, apiKey, clock: started.clock, random: () => 1 });
    for (const [apiKey, found] of [
      [null, 'Must provide an API key'],
      ['wrong', 'Invalid API key'],
    ] as const) {
      expect(await refusalOf(openDemo({ qdrant: as(apiKey) }))).toMatchObject({
        code: 'engine_unavailable',
        found: expect.stringContaining(found),
        remedy: expect.stringContaining('QDRANT_API_KEY'),
      });
    }
    const reader = as('reader');
    expect((await openDemo({ qdrant: reader })).facts.points).toBe(3);
    expect(await refusalOf(openWriter({ ...started, qdrant: reader }, { build: 'two' }))).toMatchObject({
      code: 'engine_unavailable',
      message: expect.stringContaining('may not'),
    });
  });

  it.each([
    [
      'a page of a proxy',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><h1>Welcome</h1></html>' },
      'Welcome',
    ],
    [
      'HTML that says it is JSON',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '<html>' },
      'no JSON',
    ],
    ['JSON of something else', { status: 200, body: { hits: [] } }, 'no `result`'],
    [
      "a proxy's error",
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Gateway</h1>' },
      'status 502: Bad Gateway',
    ],
    [
      'too many requests',
      { status: 429, headers: { 'retry-after': '12' }, body: { status: { error: 'Rate limiting exceeded' }, time: 0 } },
      'Too Many Requests',
    ],
    [
      'too many requests, no header',
      { status: 429, body: { status: { error: 'Rate limiting exceeded' }, time: 0 } },
      'Rate limiting exceeded',
    ],
  ])('%s: engine_unavailable, with what was found', async (_, does, found) => {
    const started = await start();
    await build(started);
    const { vector } = await openDemo(started);
    started.server.next({ on: isQuery, does });
    const error = await refusalOf(vector.search(vectors[0]!, all));
    expect(error).toMatchObject({ code: 'engine_unavailable', found: expect.stringContaining(found) });
    expect(await vector.search(vectors[0]!, all)).toHaveLength(3);
  });

  it("strict mode: the server's own help", async () => {
    const started = await start();
    await build(started);
    const { vector } = await openDemo(started);
    await fetch(`${started.server.url}/collections/tenkyo.demo`, {
      method: 'PATCH',
      body: JSON.stringify({
        strict_mode_config: { enabled: true, max_query_limit: 5, unindexed_filtering_retrieve: false },
      }),
    });
    expect(await refusalOf(vector.search(vectors[0]!, all))).toMatchObject({
      code: 'engine_unavailable',
      found: expect.stringContaining('Limit exceeded 10 > 5'),
      remedy: expect.stringContaining('Reduce the "limit" parameter'),
    });
    // What is filtered by has its index.
    expect(await vector.search(vectors[0]!, { limit: 5, sources: ['ja_wiki'] })).toHaveLength(3);
  });

  it('wrong dimensions that only the server notices: both numbers', async () => {
    const started = await start();
    const error = { status: { error: 'Wrong input: Vector dimension error: expected dim: 256, got 3' }, time: 0 };
    const writer = await openWriter(started);
    started.server.next({ on: /points$/, does: { status: 400, body: error } });
    expect(await refusalOf(writer.add(points))).toMatchObject({
      code: 'index_mismatch',
      expected: '256 dimensions',
      found: '3 dimensions',
    });
  });
});

describe('the address', () => {
  it('may have a path before it, and its port is taken as written', async () => {
    const { server } = await start();
    const at = async (url: string) => {
      const qdrant = createQdrant({ url, apiKey: null, timeoutMs: 300, clock: systemClock, random: () => 1 });
      return refusalOf(openDemo({ qdrant }));
    };
    expect((await at(`${server.url}/behind/a/proxy/`)).code).toBe('engine_unavailable');
    expect(server.seen.at(-1)!.route).toBe('GET /behind/a/proxy/');
    expect(await at('http://127.0.0.1:80')).toMatchObject({ where: 'http://127.0.0.1:80', found: expect.any(String) });
  });
});
