import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { buildIndex } from '../../../indexers/build-index.ts';
import { systemClock } from '../../../src/clock.ts';
import type { ElasticsearchConnection } from '../../../src/search/elasticsearch/connect.ts';
import { openElasticsearchIndex } from '../../../src/search/elasticsearch/open-index.ts';
import { createElasticsearchTarget } from '../../../src/search/elasticsearch/target.ts';
import { openIndex } from '../../../src/search/embedded/open-index.ts';
import { planSearch } from '../../../src/search/plan.ts';
import type { SearchIndex } from '../../../src/search/ports.ts';
import { type Judged, retrievalScores } from '../../../src/search/retrieval-metrics.ts';
import { connectToTestServer, createTestPrefix, describeOnElasticsearch } from '../../support/elasticsearch.ts';

const root = resolve(fileURLToPath(import.meta.url), '../../../..');
const squadFile = resolve(root, '../shared/data/jsquad-valid-v1.3.json.gz');

interface Query {
  readonly query: string;
  readonly relevant: readonly string[];
}

interface Squad {
  readonly data: readonly {
    readonly paragraphs: readonly {
      readonly context: string;
      readonly qas: readonly { readonly question: string }[];
    }[];
  }[];
}

describeOnElasticsearch('an index on Elasticsearch answers like the embedded one', () => {
  const { prefix, clean } = createTestPrefix();
  let connection: ElasticsearchConnection;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenkyo-elasticsearch-quality-'));
    connection = await connectToTestServer();
  });
  afterAll(async () => {
    await clean(connection);
    await connection.close();
    await rm(folder, { recursive: true });
  });

  const openBoth = async (name: string, documents: string) => {
    const directory = join(folder, 'index');
    const targets = [
      createElasticsearchTarget({ connection: { get: async () => connection }, prefix, clock: systemClock }),
    ];
    await buildIndex({ corpus: { name, documents }, embedder: null, directory, clock: systemClock, targets });
    return {
      embedded: await openIndex({ directory, corpus: name, embedder: null, clock: systemClock }),
      server: await openElasticsearchIndex({ connection, prefix, corpus: name }),
    };
  };

  const compare = async (name: string, documents: string, queries: readonly Query[]) => {
    const { embedded, server } = await openBoth(name, documents);
    const ask = async (index: SearchIndex, text: string) => {
      const { keyword } = planSearch({ text, question: null });
      const { hits, coverage, telling } = await index.keyword.search(keyword, { limit: 10, sources: null });
      const passages = await index.documents.passages(hits.map(({ passageId }) => passageId));
      const ids = hits.map(({ passageId }) => passageId);
      return { ids, coverage, telling, found: passages.map(({ documentId }) => documentId) };
    };
    const here: Judged[] = [];
    const there: Judged[] = [];
    let same = 0;
    let possible = 0;
    let apart = 0;
    for (const { query, relevant: documents } of queries) {
      const relevant = Object.fromEntries(documents.map((id) => [id, 1]));
      const [a, b] = await Promise.all([ask(embedded, query), ask(server, query)]);
      here.push({ found: a.found, relevant });
      there.push({ found: b.found, relevant });
      same += a.ids.filter((id) => b.ids.includes(id)).length;
      possible += a.ids.length;
      apart = Math.max(apart, Math.abs(a.coverage - b.coverage));
      expect(b.telling).toEqual(a.telling);
    }
    await embedded.close();
    const facts = {
      embedded: retrievalScores(here).ndcg10,
      server: retrievalScores(there).ndcg10,
      sameOfTen: (10 * same) / possible,
      coverageApart: apart,
    };
    if (process.env.TENKYO_SHOW_QUALITY) console.table({ [name]: facts });
    return facts;
  };
  const expectAlike = ({ embedded, server, sameOfTen, coverageApart }: Awaited<ReturnType<typeof compare>>) => {
    expect(Math.abs(embedded - server)).toBeLessThanOrEqual(0.005);
    expect(sameOfTen).toBeGreaterThanOrEqual(9);
    expect(coverageApart).toBeLessThan(0.02);
  };

  it('to the queries of the demonstration', async () => {
    const lines = (await readFile(join(root, 'demo/queries.jsonl'), 'utf8')).trim().split('\n');
    const queries = lines.map((line) => JSON.parse(line) as Query);
    const facts = await compare('demo', join(root, 'demo/corpus/*.jsonl'), queries);
    expectAlike(facts);
    expect(facts.server).toBeGreaterThanOrEqual(0.5);
  }, 120_000);

  const test = existsSync(squadFile) ? it : it.skip;
  test('to every tenth question of JSQuAD (needs jsquad-valid-v1.3.json.gz beside the project)', async () => {
    const { data } = JSON.parse(gunzipSync(await readFile(squadFile)).toString('utf8')) as Squad;
    const paragraphs = data.flatMap((article) => article.paragraphs);
    const lines = paragraphs.map(({ context }, number) => {
      const [title, ...text] = context.split(' [SEP] ');
      return JSON.stringify({ id: `p${number}`, text: text.join(' [SEP] '), meta: { title } });
    });
    await writeFile(join(folder, 'jsquad.jsonl'), lines.join('\n'));
    const queries = paragraphs
      .flatMap(({ qas }, number) => qas.map(({ question }) => ({ query: question, relevant: [`p${number}`] })))
      .filter((_, at) => at % 10 === 0);
    const facts = await compare('jsquad', join(folder, 'jsquad.jsonl'), queries);
    expectAlike(facts);
    expect(facts.server).toBeGreaterThanOrEqual(0.94);
  }, 240_000);
});
