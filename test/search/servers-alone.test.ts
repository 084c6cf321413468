import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ElasticsearchConnection } from '../../src/search/elasticsearch/connect.ts';
import type { SearchResult } from '../../src/search/result.ts';
import {
  connectToTestServer,
  createTestPrefix,
  describeOnElasticsearch,
  testServerUrl,
} from '../support/elasticsearch.ts';
import { type QdrantReplay, startQdrantReplay } from '../support/qdrant/replay.ts';

const main = resolve(fileURLToPath(import.meta.url), '../../../main/cli/main.ts');
const question = 'ナマズが暴れると地震が起こるというのは本当ですか。';

describeOnElasticsearch('an index on servers alone', () => {
  const { prefix, clean } = createTestPrefix();
  let connection: ElasticsearchConnection;
  let server: QdrantReplay;
  let data: string;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'tenkyo-alone-'));
    connection = await connectToTestServer();
    server = await startQdrantReplay();
  });
  afterAll(async () => {
    await server.close();
    await clean(connection);
    await connection.close();
    await rm(data, { recursive: true });
  });

  /** Runs a command in a process of its own, as the terminal does. */
  const tenkyo = (alone: boolean, ...args: string[]) =>
    promisify(execFile)(process.execPath, [main, ...args, '--data', join(data, alone ? 'alone' : 'beside')], {
      cwd: data,
      env: {
        PATH: process.env.PATH,
        ...(alone && {
          ELASTICSEARCH_URL: testServerUrl!,
          ELASTICSEARCH_INDEX_PREFIX: prefix,
          ELASTICSEARCH_ALONE: 'true',
          QDRANT_URL: server.url,
        }),
      },
    });
  const search = async (alone: boolean, ...args: string[]): Promise<SearchResult> =>
    JSON.parse((await tenkyo(alone, 'search', question, '--json', ...args)).stdout) as SearchResult;
  const idsOf = ({ hits }: SearchResult) => hits.map(({ passageId }) => passageId);

  it('is built, searched by all engines, and answers like one on this machine', async () => {
    const { stdout } = await tenkyo(true, 'index');
    expect(stdout).toContain('demo: 800 vectors put on qdrant');
    expect(await readdir(join(data, 'alone', 'index')).catch(() => [])).toEqual([]);
    await tenkyo(false, 'index');
    for (const engine of ['hybrid', 'exact', 'keyword', 'vector']) {
      const [there, here] = [await search(true, '--engine', engine), await search(false, '--engine', engine)];
      expect(there.engines.every(({ status }) => status === 'ok')).toBe(true);
      expect(there.spans).toEqual(here.spans);
      const ids = idsOf(here).slice(0, 10);
      const same = ids.filter((id) => idsOf(there).slice(0, 10).includes(id));
      expect([engine, same.length]).toEqual([engine, ids.length]);
      expect(there.hits[0]?.band).toBe(here.hits[0]?.band);
    }
    expect(server.seen.some(({ route }) => /points\/query/.test(route))).toBe(true);
    expect((await tenkyo(true, 'index')).stdout).toContain('up to date');
  }, 120_000);

  it('answers by keywords and stretches while Qdrant fails, and names what failed', async () => {
    server.next({ on: /points\/query/, times: 5, does: { status: 500, body: 'no' } });
    const { engines, hits } = await search(true);
    expect(engines).toMatchObject([
      { engine: 'exact', status: 'ok' },
      { engine: 'keyword', status: 'ok' },
      { engine: 'vector', status: 'failed', reason: 'engine_unavailable' },
    ]);
    expect(hits.length).toBeGreaterThan(0);
  }, 60_000);
});
