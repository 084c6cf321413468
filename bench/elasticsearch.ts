/**
 * `node bench/elasticsearch.ts URL [documents] [rounds] [searches]`: what the product adds to a real Elasticsearch server.
 * Indexing: documents a second of a build ÷ those of a bare loop that sends the very same batches, ready made, as many
 * at once. Searching: the time of a whole search without vectors ÷ that of its own requests sent again by `fetch`, in
 * the same order and as many at once. Both alternate in one run; the machine's load stands beside. What an index takes
 * on the server's disk is told by passage, what a search takes of its processors by engine.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { countFiles } from '../indexers/corpus-files.ts';
import { createPreparer, threadsFor } from '../indexers/preparer.ts';
import { createProgress } from '../indexers/progress.ts';
import { writeTexts } from '../indexers/write-texts.ts';
import { systemClock } from '../src/clock.ts';
import { readJsonl } from '../src/corpus/read-jsonl.ts';
import { connectElasticsearch } from '../src/search/elasticsearch/connect.ts';
import { openElasticsearchIndex } from '../src/search/elasticsearch/open-index.ts';
import { indexAnalysis, indexKinds, indexMappings } from '../src/search/elasticsearch/schema.ts';
import { createElasticsearchTarget } from '../src/search/elasticsearch/target.ts';
import { createSearch } from '../src/search/search.ts';
import { seededRandom } from '../src/search/seeded-random.ts';

const [url = 'http://127.0.0.1:9200', documents = '4000', rounds = '5', searches = '60'] = process.argv.slice(2);
const batchesAtOnce = 3;
const prefix = `bench-${process.pid}`;

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
const quantile = (values: readonly number[], share: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const load = (): string =>
  loadavg()
    .map((value) => value.toFixed(2))
    .join(' ');
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

const folder = await mkdtemp(join(tmpdir(), 'tenkyo-bench-'));
const connection = await connectElasticsearch({ url, apiKey: null, caFile: null, timeoutMs: 120_000 });
const { client } = connection;

/** Sentences of the demonstration in new orders, about 1,200 characters a document. */
const makeCorpus = async (): Promise<{ file: string; sentences: readonly string[] }> => {
  const sentences: string[] = [];
  for (const source of ['ja_encyclopedia', 'ja_folklore', 'ja_web']) {
    for await (const read of readJsonl(`demo/corpus/${source}.jsonl`)) {
      if (read.kind === 'document') sentences.push(...(read.document.text.match(/[^。]{12,}。/gu) ?? []));
    }
  }
  const random = seededRandom(1);
  const lines = Array.from({ length: Number(documents) }, (_, number) => {
    const text = Array.from({ length: 25 }, () => sentences[Math.floor(random() * sentences.length)]).join('');
    return JSON.stringify({ text: `第${number}号。${text}`, meta: { title: `文書${number}`, lang: 'ja' } });
  });
  const file = join(folder, 'bench.jsonl');
  await writeFile(file, lines.join('\n'));
  console.log(
    `${lines.length} documents of ${Math.round(sum(lines.map(({ length }) => length)) / lines.length)} characters`,
  );
  return { file, sentences };
};

const build = async (file: string, corpus: string): Promise<void> => {
  const target = createElasticsearchTarget({ connection: { get: async () => connection }, prefix, clock: systemClock });
  const [counted] = await countFiles({ name: corpus, documents: file });
  if (!counted) return;
  const writer = await target.begin(corpus, 'bench', {});
  const preparer = createPreparer({ threads: threadsFor(counted.bytes) });
  await writeTexts({
    writer,
    preparer,
    work: [{ file: counted, from: 0 }],
    openRejects: null,
    maximumRejects: 0,
    clock: systemClock,
    progress: createProgress({ clock: systemClock }),
  }).finally(preparer.close);
  await writer.publish();
  await writer.close();
};

type Operations = readonly string[];
type Bulk = (request: { readonly operations: Operations }, options?: object) => Promise<unknown>;

/** The batches that a build sends. */
const record = async (work: () => Promise<void>): Promise<Operations[]> => {
  const batches: Operations[] = [];
  const bulk = client.bulk.bind(client) as unknown as Bulk;
  const bench = client as unknown as { bulk: Bulk };
  bench.bulk = (request, options) => {
    batches.push(request.operations);
    return bulk(request, options);
  };
  await work().finally(() => {
    bench.bulk = bulk;
  });
  return batches;
};

const bareLoop = async (batches: readonly Operations[], name: string): Promise<void> => {
  for (const kind of indexKinds) {
    await client.indices.create({
      index: `${prefix}-${name}-${kind}`,
      settings: { number_of_replicas: 0, refresh_interval: -1, ...indexAnalysis({ kuromoji: false }) },
      mappings: indexMappings(kind, { kuromoji: false }),
    });
  }
  const left = [...batches];
  const one = async (): Promise<void> => {
    for (let batch = left.shift(); batch; batch = left.shift()) {
      const { errors } = await client.bulk({ operations: [...batch], filter_path: 'errors' });
      if (errors) throw new Error('the bare loop was refused');
    }
  };
  await Promise.all(Array.from({ length: batchesAtOnce }, one));
  await client.indices.refresh({ index: `${prefix}-${name}-*` });
};

const renamed = (batches: readonly Operations[], name: string): Operations[] =>
  batches.map((batch) =>
    batch.map((line, at) => {
      if (at % 2 === 1) return line;
      const { create } = JSON.parse(line) as { create: { _index: string; _id: string } };
      const kind = create._index.includes('-documents-') ? 'documents' : 'passages';
      return JSON.stringify({ create: { ...create, _index: `${prefix}-${name}-${kind}` } });
    }),
  );

const removeAll = async (name: string): Promise<void> => {
  const index = Object.keys(await client.indices.get({ index: `${prefix}-${name}-*` }));
  if (index.length > 0) await client.indices.delete({ index });
};

interface Request {
  readonly url: string;
  readonly method: string;
  readonly body: string | undefined;
  readonly type: string;
  readonly began: number;
  ended: number;
}

/** The requests of one search; those that had ended before another began are asked before it. */
const recordRequests = async (work: () => Promise<unknown>): Promise<Request[]> => {
  const requests: Request[] = [];
  const pool = client.connectionPool.connections;
  const originals = pool.map((one) => one.request.bind(one));
  for (const [at, one] of pool.entries()) {
    one.request = (async (
      asked: { path: string; method: string; body?: string; querystring?: string; headers?: Record<string, string> },
      options: object,
    ) => {
      const query = asked.querystring ? `?${asked.querystring}` : '';
      const request: Request = {
        url: new URL(`${asked.path}${query}`, url).href,
        method: asked.body === undefined ? asked.method : 'POST',
        body: asked.body,
        type: asked.headers?.['content-type'] ?? 'application/json',
        began: performance.now(),
        ended: Number.POSITIVE_INFINITY,
      };
      requests.push(request);
      const answer = await originals[at]!(asked as never, options as never);
      request.ended = performance.now();
      return answer;
    }) as never;
  }
  await work().finally(() => {
    for (const [at, one] of pool.entries()) one.request = originals[at]! as never;
  });
  return requests;
};

const replay = async (requests: readonly Request[]): Promise<void> => {
  const done: Promise<void>[] = [];
  for (const [at, { url: address, method, body, type, began }] of requests.entries()) {
    const before = done.filter((_, other) => other < at && requests[other]!.ended <= began);
    done.push(
      (async () => {
        await Promise.all(before);
        const answer = await fetch(address, {
          method,
          headers: { 'content-type': type, accept: 'application/vnd.elasticsearch+json; compatible-with=9' },
          ...(body !== undefined && { body }),
        });
        if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
        await answer.json();
      })(),
    );
  }
  await Promise.all(done);
};

/** Of all nodes, since they began. */
const serverCpuMs = async (): Promise<number> => {
  const { nodes } = await client.nodes.stats({ metric: 'process' });
  return sum(Object.values(nodes).map(({ process: one }) => Number(one?.cpu?.total_in_millis ?? 0)));
};

try {
  console.log(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, Elasticsearch ${connection.version}, load ${load()}`,
  );
  const { file, sentences } = await makeCorpus();
  const batches = await record(() => build(file, 'warm'));
  const items = sum(batches.map(({ length }) => length / 2));
  await removeAll('warm');
  const shares: number[] = [];
  for (let round = 0; round < Number(rounds); round++) {
    const named = renamed(batches, `bare${round}`);
    const bare = () => timed(() => bareLoop(named, `bare${round}`));
    const ours = () => timed(() => build(file, `ours${round}`));
    const [a, b] = round % 2 === 0 ? [await bare(), await ours()] : [await ours(), await bare()];
    const [bareMs, oursMs] = round % 2 === 0 ? [a, b] : [b, a];
    shares.push(bareMs / oursMs);
    const rate = (ms: number) => `${Math.round((items / ms) * 1_000)}/s`;
    console.log(
      `indexing ${items} items: bare ${rate(bareMs)}, ours ${rate(oursMs)}, share ${(bareMs / oursMs).toFixed(3)}, load ${load()}`,
    );
    await removeAll(`bare${round}`);
    if (round + 1 < Number(rounds)) await removeAll(`ours${round}`);
  }
  console.log(`indexing: share of the bare loop, median ${quantile(shares, 0.5).toFixed(3)} (at least 0.8)`);

  for (const kind of indexKinds) {
    const name = `${prefix}-ours${Number(rounds) - 1}-${kind}`;
    await client.indices.forcemerge({ index: name, max_num_segments: 1 });
    const { _all: all } = await client.indices.stats({ index: name, metric: ['store', 'docs'] });
    const [bytes, count] = [all.primaries?.store?.size_in_bytes ?? 0, all.primaries?.docs?.count ?? 1];
    console.log(`disk, ${kind}: ${count} of ${Math.round(bytes / count)} bytes each`);
  }

  const index = await openElasticsearchIndex({ connection, prefix, corpus: `ours${Number(rounds) - 1}` });
  const readings = { run: null, readingOf: async () => ({ state: 'unknown' as const }) };
  const { search } = createSearch({ index, embedder: null, readings, clock: systemClock, deadlineMs: 60_000 });
  const random = seededRandom(2);
  const queries = Array.from({ length: Number(searches) }, () => {
    const pick = () => sentences[Math.floor(random() * sentences.length)]!;
    return `${pick().slice(0, 30)}というのは本当ですか。${pick()}${pick().slice(4)}`;
  });
  const ours: number[] = [];
  const raw: number[] = [];
  let asked = 0;
  for (const [at, text] of queries.entries()) {
    const ask = () => search({ text, question: null, model: null });
    await ask();
    const requests = await recordRequests(ask);
    asked += requests.length;
    for (let pair = 0; pair < 4; pair++) {
      if ((at + pair) % 2 === 0) ours.push(await timed(ask));
      raw.push(await timed(() => replay(requests)));
      if ((at + pair) % 2 === 1) ours.push(await timed(ask));
    }
  }
  const shown = (values: readonly number[]) =>
    `p50 ${quantile(values, 0.5).toFixed(1)} ms, p95 ${quantile(values, 0.95).toFixed(1)} ms`;
  console.log(
    `searching: ours ${shown(ours)}; raw ${shown(raw)}; ${(asked / queries.length).toFixed(1)} requests a search, load ${load()}`,
  );
  console.log(
    `searching: ours ÷ raw ${(sum(ours) / sum(raw)).toFixed(3)}, of the medians ${(quantile(ours, 0.5) / quantile(raw, 0.5)).toFixed(3)} (at most 1.15)`,
  );
  for (const engine of ['exact', 'keyword'] as const) {
    const before = await serverCpuMs();
    for (const text of queries) await search({ text, question: null, model: null }, { engine });
    const cpu = (await serverCpuMs()) - before;
    const requests: number[] = [];
    for (const text of queries.slice(0, 5)) {
      requests.push((await recordRequests(() => search({ text, question: null, model: null }, { engine }))).length);
    }
    console.log(
      `${engine}: ${(cpu / queries.length).toFixed(1)} ms of the server's CPU a search, ${(sum(requests) / requests.length).toFixed(1)} requests`,
    );
  }
} finally {
  await removeAll('*');
  await connection.close();
  await rm(folder, { recursive: true });
}
