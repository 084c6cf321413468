import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { buildIndex } from '../../indexers/build-index.ts';
import { systemClock } from '../../src/clock.ts';
import { createBulk } from '../../src/search/elasticsearch/bulk.ts';
import { connectElasticsearch, createLazyConnection } from '../../src/search/elasticsearch/connect.ts';
import { createCurrentElasticsearch } from '../../src/search/elasticsearch/current-index.ts';
import { currentRecipe } from '../../src/search/elasticsearch/manifest.ts';
import { openElasticsearchIndex } from '../../src/search/elasticsearch/open-index.ts';
import { createElasticsearchTarget } from '../../src/search/elasticsearch/target.ts';
import { createCurrentIndex } from '../../src/search/embedded/current-index.ts';
import { createSearch } from '../../src/search/search.ts';
import { createLetterEmbedder } from '../support/search-fakes.ts';
import { type StubServer, startStubServer } from '../support/stub-server.ts';

type Answer = { readonly status?: number; readonly body: unknown; readonly type?: string } | 'never';

/** As a real server answered (9.5.3). */
const rejected = { type: 'es_rejected_execution_exception', reason: 'rejected execution' };
const overloaded = {
  error: { root_cause: [], type: 'search_phase_execution_exception', reason: '', caused_by: rejected },
  status: 429,
};
const shardFailed = {
  error: {
    root_cause: [{ type: 'query_shard_exception', reason: 'shard 0 is broken' }],
    type: 'search_phase_execution_exception',
    reason: 'Partial shards failure',
  },
  status: 503,
};
const missingIndex = {
  error: { root_cause: [{ type: 'index_not_found_exception', reason: 'no such index [x]' }] },
  status: 404,
};
const keyRefused = {
  error: { root_cause: [{ type: 'security_exception', reason: 'missing authentication' }] },
  status: 401,
};

const reply = (response: ServerResponse, answer: Answer): void => {
  if (answer === 'never') return;
  const { status = 200, body, type = 'application/vnd.elasticsearch+json;compatible-with=9' } = answer;
  response.writeHead(status, {
    'content-type': type,
    ...(type.includes('json') && { 'x-elastic-product': 'Elasticsearch' }),
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};

const info = (number = '9.5.3'): Answer => ({ body: { version: { number }, tagline: 'You Know, for Search' } });
const manifest = (recipe: object = currentRecipe({ kuromoji: false })) => ({
  version: 1,
  corpus: 'small',
  fingerprint: 'f',
  recipe,
  state: 'complete',
  at: '2026-11-23T00:00:00.000Z',
  note: null,
  documents: 2,
  passages: 2,
  rejects: { count: 0, first: [] },
});
const mapping = (meta: object): Answer => ({
  body: { 'tenkyo-small-passages-f': { mappings: { _meta: { tenkyo: meta } } } },
});

let server: StubServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** A server whose answers are given by the path's last part; the rest of what a reader asks is answered well. */
const serve = async (answers: Record<string, (request: IncomingMessage, body: string) => Answer>): Promise<string> => {
  await server?.close();
  server = await startStubServer((request, response, body) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const last = pathname.split('/').findLast((part) => part.startsWith('_')) ?? '/';
    const known: Record<string, () => Answer> = {
      '/': () => info(),
      _mapping: () => mapping(manifest()),
      _settings: () => ({ body: {} }),
    };
    const answer = answers[last]?.(request, body) ?? known[last]?.() ?? { status: 500, body: { error: `no ${last}` } };
    reply(response, answer);
  });
  return server.url;
};

const options = (url: string) => ({ url, apiKey: null, caFile: null, timeoutMs: 400 });
const page: Answer = { status: 200, body: '<html>Please log in</html>', type: 'text/html' };

describe('connecting to Elasticsearch', () => {
  it('says that nothing listens, that nothing is answered, and that the version is too old', async () => {
    const gone = await serve({});
    await server!.close();
    await expect(connectElasticsearch(options(gone))).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: 'Elasticsearch cannot be reached',
      where: gone,
      remedy: 'Start the server, or check ELASTICSEARCH_URL.',
    });
    const silent = await serve({ '/': () => 'never' });
    await expect(connectElasticsearch(options(silent))).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: 'Elasticsearch does not answer',
    });
    await server!.close();
    const old = await serve({ '/': () => info('8.19.2') });
    await expect(connectElasticsearch(options(old))).rejects.toMatchObject({
      code: 'engine_unavailable',
      expected: 'version 9 or newer',
      found: '8.19.2',
    });
  });

  it('sends the key, says when it is refused, and never shows a secret', async () => {
    let header: string | undefined;
    const url = await serve({
      '/': (request) => {
        header = request.headers.authorization;
        return { status: 401, body: keyRefused };
      },
    });
    const error = await connectElasticsearch({ ...options(url), apiKey: 'c2VjcmV0' }).catch((thrown) => thrown);
    expect(header).toBe('ApiKey c2VjcmV0');
    expect(error).toMatchObject({
      code: 'engine_unavailable',
      message: 'Elasticsearch refuses the key',
      remedy: 'Check ELASTICSEARCH_API_KEY and what it allows.',
    });
    const named = new URL(url);
    named.username = 'elastic';
    named.password = 'hunter2';
    const other = await connectElasticsearch(options(named.href)).catch((thrown) => thrown);
    expect(other).toMatchObject({ where: url });
    expect([error.where, error.found, other.found].join()).not.toMatch(/c2VjcmV0|hunter2/);
  });

  it.each([200, 404, 502])('takes a page of HTML with status %s for what it is', async (status) => {
    const url = await serve({ '/': () => ({ ...page, status }) as Answer });
    await expect(connectElasticsearch(options(url))).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: 'what answers is not Elasticsearch',
    });
  });

  it('says when the authority can’t be read', async () => {
    await expect(
      connectElasticsearch({ ...options('https://127.0.0.1:1'), caFile: join(tmpdir(), 'no-such.pem') }),
    ).rejects.toMatchObject({ code: 'config_invalid', found: 'ENOENT' });
  });
});

describe('opening an index on Elasticsearch', () => {
  const open = async (answers: Parameters<typeof serve>[0]) => {
    const connection = await connectElasticsearch(options(await serve(answers)));
    return openElasticsearchIndex({ connection, corpus: 'small' }).finally(() => connection.close());
  };

  it('says when there is none, when it is half-built, and when it is another one', async () => {
    for (const answer of [
      { body: {} },
      { status: 404, body: missingIndex },
      mapping({ ...manifest(), state: 'building' }),
    ]) {
      await expect(open({ _mapping: () => answer })).rejects.toMatchObject({
        code: 'index_missing',
        remedy: 'Build it: tenkyo index small',
      });
    }
    const recipe = { ...currentRecipe({ kuromoji: true }), icu: '1.0', text: 'other' };
    await expect(open({ _mapping: () => mapping(manifest(recipe)) })).rejects.toMatchObject({
      code: 'index_mismatch',
      found: 'tokenizer other, ICU version 1.0',
      remedy: 'Build it again: tenkyo index small',
    });
  });
});

describe('a search while Elasticsearch is in trouble', () => {
  let folder: string;
  const embedder = createLetterEmbedder();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenkyo-trouble-'));
    await writeFile(
      join(folder, 'a.jsonl'),
      '{"text":"地震は地下の岩盤がずれる現象である。"}\n{"text":"狐は人を化かす。"}\n',
    );
    const corpus = { name: 'small', documents: join(folder, '*.jsonl') };
    await buildIndex({ corpus, embedder, directory: join(folder, 'index'), clock: systemClock });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const searchOn = async (url: string) => {
    const connection = createLazyConnection(options(url));
    const embedded = createCurrentIndex({
      directory: join(folder, 'index'),
      corpus: 'small',
      embedder: embedder.fingerprint,
      clock: systemClock,
    });
    const current = createCurrentElasticsearch(embedded, { connection, corpus: 'small', clock: systemClock });
    const failures: string[] = [];
    try {
      const result = await current.use((index) =>
        createSearch({
          index,
          embedder,
          readings: { run: null, readingOf: async () => ({ state: 'unknown' }) },
          clock: systemClock,
          deadlineMs: 300,
          onFailure: (what, { code, message }) => failures.push(`${what}: ${code}, ${message}`),
        }).search({ text: '地震は地下の岩盤がずれる', question: null, model: null }),
      );
      return { result, failures };
    } finally {
      await current.close();
      await connection.close();
    }
  };
  const troubled = (answer: Answer) => ({ _search: () => answer, _msearch: () => answer });

  it.each([
    ['too much to do', { status: 429, body: overloaded }, 'Elasticsearch has too much to do'],
    ['a broken shard', { status: 503, body: shardFailed }, 'Elasticsearch could not answer'],
    ['a page of HTML', page, 'what answers is not Elasticsearch'],
    ['a refused key', { status: 403, body: keyRefused }, 'Elasticsearch refuses the key'],
    ['an index that went away', { status: 404, body: missingIndex }, 'Elasticsearch has no such index'],
  ])('names the engines that failed for %s, and answers by what is left', async (_, answer, message) => {
    const { result, failures } = await searchOn(await serve(troubled(answer as Answer)));
    expect(result.engines.map(({ engine, status }) => [engine, status])).toEqual([
      ['exact', 'failed'],
      ['keyword', 'failed'],
      ['vector', 'ok'],
    ]);
    const code = message.includes('no such index') ? 'index_missing' : 'engine_unavailable';
    expect(failures).toEqual([`exact: ${code}, ${message}`, `keyword: ${code}, ${message}`]);
    expect(result.hits[0]).toMatchObject({ text: '地震は地下の岩盤がずれる現象である。', engines: ['vector'] });
  });

  it('takes a failed search among several for a failure of the engine', async () => {
    const responses = Array.from({ length: 50 }, (__, at) =>
      at === 1 ? overloaded : { status: 200, hits: { total: { value: 0 }, hits: [] } },
    );
    const { result } = await searchOn(await serve({ ...troubled('never'), _msearch: () => ({ body: { responses } }) }));
    expect(result.engines[0]).toMatchObject({ engine: 'exact', status: 'failed', reason: 'engine_unavailable' });
  });

  it('names the engines that are late when a shard is slow', async () => {
    const { result } = await searchOn(await serve(troubled('never')));
    expect(result.engines.map(({ status }) => status)).toEqual(['late', 'late', 'ok']);
    expect(result.hits.length).toBeGreaterThan(0);
  });

  it('answers without a server that is down, and without one that never says a word', async () => {
    const gone = await serve({});
    await server!.close();
    const { result, failures } = await searchOn(gone);
    expect(result.engines.map(({ status }) => status)).toEqual(['failed', 'failed', 'ok']);
    expect(failures[0]).toBe('exact: engine_unavailable, Elasticsearch cannot be reached');
    expect(result.hits.length).toBeGreaterThan(0);
    const silent = await searchOn(await serve({ '/': () => 'never' }));
    expect(silent.result.engines.at(-1)).toMatchObject({ engine: 'vector', status: 'ok' });
    expect(silent.result.hits.length).toBeGreaterThan(0);
  });

  it('says that the index is to be built where the server has none', async () => {
    await expect(searchOn(await serve({ _mapping: () => ({ body: {} }) }))).rejects.toMatchObject({
      code: 'index_missing',
    });
  });
});

describe('writing to Elasticsearch', () => {
  const items = Array.from({ length: 5 }, (_, at) => ({ index: 'alias', id: `i${at}`, body: '{}' }));
  const idsOf = (body: string): string[] =>
    body
      .split('\n')
      .filter((line) => line.includes('"create"'))
      .map((line) => (JSON.parse(line) as { create: { _id: string } }).create._id);
  const waits: number[] = [];
  const clock = {
    sleep: async (ms: number) => {
      waits.push(ms);
    },
  };
  const sendTo = async (bulk: (ids: string[], request: IncomingMessage) => Answer) => {
    waits.length = 0;
    const url = await serve({ _bulk: (request, body) => bulk(idsOf(body), request) });
    const connection = await connectElasticsearch(options(url));
    return createBulk({ connection, corpus: 'small', clock })(items).finally(() => connection.close());
  };
  const answers = (ids: string[], of: (id: string) => object): Answer => ({
    body: { errors: true, items: ids.map((id) => ({ create: of(id) })) },
  });

  it('sends again only what there was no room for, takes what is there for written, tells the rest', async () => {
    const asked: string[][] = [];
    const refused = await sendTo((ids, request) => {
      expect(request.url).toContain('require_alias=true');
      asked.push(ids);
      return answers(ids, (id) => {
        if (id === 'i1' && asked.length < 3) return { status: 429, error: rejected };
        if (id === 'i2') return { status: 409, error: { type: 'version_conflict_engine_exception' } };
        if (id === 'i3') return { status: 400, error: { type: 'document_parsing_exception', reason: 'bad' } };
        return { status: 201 };
      });
    });
    expect(asked).toEqual([['i0', 'i1', 'i2', 'i3', 'i4'], ['i1'], ['i1']]);
    expect(refused).toEqual([{ id: 'i3', reason: 'document_parsing_exception: bad' }]);
    expect(waits).toEqual([100, 200]);
  });

  it('waits for a server that restarts, cuts what is too large in halves, and gives up in the end', async () => {
    let times = 0;
    const fine = (ids: string[]): Answer => ({
      body: { errors: false, items: ids.map(() => ({ create: { status: 201 } })) },
    });
    expect(await sendTo((ids) => (++times < 4 ? { status: 503, body: shardFailed } : fine(ids)))).toEqual([]);
    await server!.close();
    const sizes: number[] = [];
    await sendTo((ids) => {
      sizes.push(ids.length);
      return ids.length > 2 ? { status: 413, body: { error: 'too large' } } : fine(ids);
    });
    expect(sizes).toEqual([5, 2, 3, 1, 2]);
    await server!.close();
    await expect(sendTo((ids) => answers(ids, () => ({ status: 429, error: rejected })))).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: 'Elasticsearch takes no more documents',
      found: '5 documents refused 15 times (429)',
    });
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(110_000);
  });

  it('stops where the index went away: nothing makes another in its place', async () => {
    const gone = {
      type: 'index_not_found_exception',
      reason: 'no such index [alias] and [require_alias] request flag',
    };
    await expect(sendTo((ids) => answers(ids, () => ({ status: 404, error: gone })))).rejects.toMatchObject({
      code: 'index_missing',
    });
  });

  it('says when the Japanese analysis that was asked for is not there', async () => {
    const unknown = {
      error: { root_cause: [{ type: 'illegal_argument_exception', reason: 'no tokenizer' }] },
      status: 400,
    };
    const connection = createLazyConnection(options(await serve({ _analyze: () => ({ status: 400, body: unknown }) })));
    const target = createElasticsearchTarget({ connection, settings: { kuromoji: true }, clock: systemClock });
    await expect(target.begin('small', 'f', {})).rejects.toMatchObject({
      code: 'config_invalid',
      expected: expect.stringContaining('analysis-kuromoji'),
    });
    await connection.close();
  });
});
