import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type QdrantReplay, startQdrantReplay } from './replay.ts';

interface Exchange {
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown } | null;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly response: unknown;
}

/** What a Qdrant 1.19.0 was seen to answer. Bodies that were too long to keep are `(long)`: made up below. */
const recorded = JSON.parse(await readFile(new URL('exchanges.json', import.meta.url), 'utf8')) as Record<
  string,
  Exchange
>;

const point = (id: string, change: object = {}) => ({
  id,
  vector: { dense: Array.from({ length: 256 }, (_, k) => Math.sin(k + (Number(id.slice(-4)) || 0))) },
  payload: { corpus: 'web', iteration: 1, chunk_id: 'c1' },
  ...change,
});
const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const query = { query: point(id(3)).vector.dense, using: 'dense', limit: 2 };

const longBodies: Record<string, unknown> = {
  upsert: { points: [1, 3, 11].map((number) => point(id(number))) },
  'upsert-nowait': { points: [point(id(12))] },
  'upsert-wrong-dims': { points: [point(id(5), { vector: { dense: [1, 2, 3] } })] },
  'upsert-bad-id': { points: [point('not-a-uuid')] },
  'upsert-unknown-vector': { points: [point(id(1), { vector: { foo: [1] } })] },
  'query-dense': { ...query, with_payload: true },
  'query-by-alias': query,
  'query-missing-collection': query,
  'query-missing-vector-name': { ...query, using: 'nodense' },
  'query-no-using': { query: query.query, limit: 2 },
  'strict-batch': { points: Array.from({ length: 11 }, (_, number) => point(id(number))) },
  'strict-limit': { ...query, limit: 51 },
  'strict-unindexed': { ...query, filter: { must: [{ key: 'chunk_id', match: { value: 'c1' } }] } },
};

/** The same keys, and the same types of values; lists by their first element, numbers by being numbers. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length > 0 ? [shapeOf(value[0])] : [];
  if (typeof value !== 'object' || value === null) return value === null ? null : typeof value;
  const fields = Object.entries(value).filter(([key]) => key !== 'time' && key !== 'params');
  return Object.fromEntries(fields.map(([key, field]) => [key, shapeOf(field)]));
};
const errorOf = (body: unknown): string | undefined => (body as { status?: { error?: string } }).status?.error;

describe('the stand-in for a Qdrant server', () => {
  let server: QdrantReplay;
  beforeAll(async () => {
    server = await startQdrantReplay();
  });
  afterAll(() => server.close());

  const send = async (name: string) => {
    const { request } = recorded[name]!;
    const content = request?.body === '(long)' ? longBodies[name] : request?.body;
    const answer = await fetch(`${server.url}${request!.path}`, {
      method: request!.method,
      ...(content !== undefined && { body: JSON.stringify(content) }),
    });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };

  it.each([
    'create-collection',
    'create-collection-again',
    'create-index-keyword',
    'create-index-integer',
    'create-index-again',
    'upsert',
    'upsert-nowait',
    'count',
    'collection-info',
    'alias',
    'query-dense',
    'query-by-alias',
    'scroll',
  ])('answers %s as the real one did', async (name) => {
    const { status, body } = await send(name);
    expect(status).toBe(recorded[name]!.status);
    if (name === 'collection-info') {
      const { config } = (body as { result: { config: object } }).result;
      const real = (recorded[name]!.response as { result: { config: object } }).result;
      expect(shapeOf(config)).toEqual(shapeOf(real.config));
    } else if (name === 'scroll') {
      expect(Object.keys((body as { result: object }).result)).toEqual(['points', 'next_page_offset']);
    } else expect(shapeOf(body)).toEqual(shapeOf(recorded[name]!.response));
  });

  it.each([
    'create-collection-again',
    'query-missing-collection',
    'query-missing-vector-name',
    'query-no-using',
    'query-wrong-dims',
    'upsert-wrong-dims',
    'upsert-bad-id',
    'upsert-unknown-vector',
  ])('refuses %s in the same words', async (name) => {
    const { status, body } = await send(name);
    expect([status, errorOf(body)]).toEqual([recorded[name]!.status, errorOf(recorded[name]!.response)]);
  });

  it('refuses in strict mode in the same words', async () => {
    await fetch(`${server.url}/collections/t2`, {
      method: 'PUT',
      body: JSON.stringify(recorded['create-collection']!.request!.body),
    });
    expect((await send('strict-mode-set')).status).toBe(200);
    for (const name of ['strict-batch', 'strict-limit', 'strict-unindexed']) {
      const { status, body } = await send(name);
      expect([status, errorOf(body)]).toEqual([recorded[name]!.status, errorOf(recorded[name]!.response)]);
    }
  });

  it('refuses what the published types do not have', async () => {
    expect((await send('bad-json-schema')).status).toBe(recorded['bad-json-schema']!.status);
    const wrong = [
      ['PUT', '/collections/x', { vectors: { dense: { size: 3, distance: 'cosine' } } }],
      ['PUT', '/collections/t/points', { points: [{ id: 1, vector: { dense: [1] }, payload: {}, vectors: 1 }] }],
      ['POST', '/collections/t/points/query', { ...query, top: 3 }],
      ['POST', '/collections/t/points/query', { ...query, filter: { must: [{ key: 'a', match: { values: ['b'] } }] } }],
      ['POST', '/collections/aliases', { actions: [{ create_alias: { collection: 't', alias: 'a' } }] }],
    ] as const;
    for (const [method, path, body] of wrong) {
      const answer = await fetch(`${server.url}${path}`, { method, body: JSON.stringify(body) });
      expect([path, answer.status]).toEqual([path, 400]);
    }
  });

  it('has no search endpoint but the Query API', async () => {
    const answer = await fetch(`${server.url}/collections/t/points/search`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(404);
  });
});
