import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import {
  connectToTestServer,
  createTestPrefix,
  describeOnElasticsearch,
  testServerUrl,
} from '../support/elasticsearch.ts';
import { type QdrantReplay, startQdrantReplay } from '../support/qdrant/replay.ts';

const main = resolve(fileURLToPath(import.meta.url), '../../../main/cli/main.ts');

let data: string;
let server: QdrantReplay;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'tenkyo-servers-'));
  server = await startQdrantReplay();
});
afterEach(async () => {
  await server.close();
  await rm(data, { recursive: true });
});

/** Runs a command in a process of its own, as the terminal does. */
const tenkyoWith = (env: Record<string, string>, ...args: string[]) =>
  promisify(execFile)(process.execPath, [main, ...args, '--data', data], {
    cwd: data,
    env: { PATH: process.env.PATH, QDRANT_URL: server.url, ...env },
  });
const tenkyo = (...args: string[]) => tenkyoWith({}, ...args);

it('waits for a server that is busy, puts the vectors there, and searches them there', async () => {
  // Between two looks and between two tries nothing else holds the process.
  server.next({ on: /points$/, times: 2, does: { status: 503, body: 'busy' } });
  const { stdout } = await tenkyo('index');
  expect(stdout).toContain('demo: 800 vectors put on qdrant');
  expect((await tenkyo('index')).stdout).not.toContain('put on qdrant');
  const { engines } = JSON.parse((await tenkyo('search', '地震の原因', '--json')).stdout) as { engines: unknown[] };
  expect(engines).toMatchObject([{}, {}, { engine: 'vector', status: 'ok' }]);
  expect(server.seen.some(({ route }) => /points\/query/.test(route))).toBe(true);
});

describeOnElasticsearch('an index on Elasticsearch and Qdrant alone', () => {
  it('is built there, kept up to date there, and searched there; nothing of it is on this machine', async () => {
    const { prefix, clean } = createTestPrefix();
    const connection = await connectToTestServer();
    const env = { ELASTICSEARCH_URL: testServerUrl!, ELASTICSEARCH_INDEX_PREFIX: prefix, ELASTICSEARCH_ALONE: 'true' };
    try {
      const { stdout } = await tenkyoWith(env, 'index');
      expect(stdout).toContain('demo: built on elasticsearch');
      expect(stdout).toContain('demo: 800 vectors put on qdrant');
      expect((await tenkyoWith(env, 'index')).stdout).toContain('demo: up to date');
      const found = await tenkyoWith(env, 'search', '地震の原因はナマズが動くことですか？', '--json');
      const result = JSON.parse(found.stdout) as { engines: unknown[]; hits: Record<string, unknown>[] };
      expect(result.engines).toMatchObject([{ status: 'ok' }, { status: 'ok' }, { engine: 'vector', status: 'ok' }]);
      expect(result.hits.length).toBeGreaterThan(5);
      expect(result.hits[0]).toMatchObject({ band: expect.any(String), text: expect.stringContaining('地震') });
      expect(await readdir(join(data, 'index')).catch(() => [])).toEqual([]);
    } finally {
      await clean(connection);
      await connection.close();
    }
  }, 120_000);
});
