import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chunk } from '../../src/corpus/chunk.ts';
import { connectElasticsearch } from '../../src/search/elasticsearch/connect.ts';
import {
  describeOnOwnElasticsearch,
  type OwnElasticsearch,
  startOwnElasticsearch,
} from '../support/own-elasticsearch.ts';

const script = resolve(fileURLToPath(import.meta.url), '../../contract/search/elasticsearch-build-process.ts');

describeOnOwnElasticsearch('an Elasticsearch server that is killed', () => {
  let folder: string;
  let server: OwnElasticsearch;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenkyo-elasticsearch-killed-'));
    server = await startOwnElasticsearch(join(folder, 'server'));
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true });
  });

  it('twice in mid-build loses nothing and doubles nothing: the build waits for it and goes on', async () => {
    const texts = Array.from(
      { length: 3_000 },
      (_, number) => `これは${number}番目の文書である。${'地震が起きた。'.repeat(90)}`,
    );
    const documents = join(folder, 'killed.jsonl');
    await writeFile(documents, texts.map((text) => JSON.stringify({ text })).join('\n'));
    const child = spawn(process.execPath, [script, server.url, 'test', documents, join(folder, 'index')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const killAt = [900, 1_800];
    const lines: string[] = [];
    let restarts = Promise.resolve();
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      const next = killAt[0];
      if (next === undefined || !line.startsWith('texts') || Number(line.split(' ')[1]) < next) continue;
      killAt.shift();
      restarts = restarts.then(server.kill).then(server.start);
      await restarts;
    }
    const passages = texts.flatMap((text, sequence) => chunk({ source: 'killed', sequence, text }).map(({ id }) => id));
    expect(killAt).toEqual([]);
    expect(lines.at(-1)).toBe(`built ${texts.length} ${passages.length} 0`);

    const connection = await connectElasticsearch({ url: server.url, apiKey: null, caFile: null });
    const idsOf = async (kind: string): Promise<string[]> => {
      const ids: string[] = [];
      const index = `test-killed-${kind}`;
      const { count } = await connection.client.count({ index });
      for (let after: string[] | undefined; ; ) {
        const { hits } = await connection.client.search({
          index,
          size: 5_000,
          _source: false,
          sort: ['sequence', ...(kind === 'passages' ? ['start'] : [])],
          ...(after && { search_after: after }),
        });
        if (hits.hits.length === 0) break;
        ids.push(...hits.hits.map(({ _id }) => _id!));
        after = hits.hits.at(-1)!.sort as string[];
      }
      expect(count).toBe(ids.length);
      return ids;
    };
    try {
      expect(await idsOf('documents')).toEqual(texts.map((_, sequence) => `killed:${sequence}`));
      expect((await idsOf('passages')).toSorted()).toEqual(passages.toSorted());
    } finally {
      await connection.close();
    }
  }, 300_000);
});
