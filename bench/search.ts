/**
 * `node bench/search.ts [documents] [queries] [pairs] [folder]`: an index of a generated corpus, then the whole search
 * (plan, engines, fusion, evidence, marks) against its raw engines: the very calls that it made to keyword, vector and
 * span index, made again with nothing around them, in the same process and index. CPU time of the whole process,
 * threads included; query by query, each way first in every other pair. Then the CPU time of the longest turn of the
 * main thread's loop, with the engines in a thread and without, against an idle loop; memory; load. Below it, what an
 * item costs: docs/scale.md takes its figures from here. An index in `folder` is kept, and used again.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildIndex } from '../indexers/build-index.ts';
import { systemClock } from '../src/clock.ts';
import type { Embedder } from '../src/embedding/embedder.ts';
import { openIndex } from '../src/search/embedded/open-index.ts';
import type { ReadingLookup } from '../src/search/ports.ts';
import { quantile } from '../src/search/retrieval-metrics.ts';
import { createSearch } from '../src/search/search.ts';
import { demoQueries, hashedVector, writeGeneratedCorpus } from './generated-corpus.ts';
import { loopTurns } from './loop-turns.ts';
import { type RawCalls, recordCalls } from './raw-engines.ts';

const [documents = 42_500, queryCount = 40, pairs = 15] = process.argv.slice(2, 5).map(Number);
const kept = process.argv[5];
const dimensions = 256;
/** Pairs that aren't counted: both ways are compiled by then. */
const warmUps = 3;
const folder = kept ?? mkdtempSync(join(tmpdir(), 'tenkyo-bench-search-'));
mkdirSync(folder, { recursive: true });
const load = (): string =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
const memory = (): string => `${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB`;
const mega = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const median = (values: readonly number[]): number => quantile(values, 0.5);
const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
};

/** What an embedding model costs is not measured: a query's vector is made once. */
const queryVectors = new Map<string, Float32Array>();
const vectorOf = (text: string): Float32Array => {
  const vector = queryVectors.get(text) ?? hashedVector(text, dimensions);
  queryVectors.set(text, vector);
  return vector;
};
const embedder: Embedder = {
  dimensions,
  fingerprint: 'hashed',
  embed: async (texts, kind) =>
    texts.map((text) => (kind === 'query' ? vectorOf(text) : hashedVector(text, dimensions))),
  close: async () => undefined,
};
const asQuery = (text: string) => ({ text, question: null, model: null });
const readings: ReadingLookup = { run: null, readingOf: async () => ({ state: 'unknown' }) };

try {
  console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${load()}`);
  const corpus = join(folder, 'generated.jsonl');
  if (!existsSync(corpus)) writeGeneratedCorpus(corpus, documents);
  const directory = join(folder, 'index');
  const builtFrom = process.cpuUsage();
  const began = performance.now();
  const { manifest, built } = await buildIndex({
    corpus: { name: 'generated', documents: corpus },
    embedder,
    directory,
    clock: systemClock,
  });
  const seconds = (performance.now() - began) / 1_000;
  const { passages } = manifest;
  console.log(
    `${built ? 'built' : 'found'}: ${manifest.documents} documents, ${passages} passages, ${mega(statSync(corpus).size)} of JSONL in ${seconds.toFixed(0)} s (${(cpuMs(builtFrom) / 1_000).toFixed(0)} s CPU), ${(passages / seconds).toFixed(0)} passages/s`,
  );
  console.log(
    `bytes a passage: database ${(manifest.databaseBytes / passages).toFixed(0)} (vectors ${dimensions * 4} of them), suffix array ${(manifest.spanBytes / passages).toFixed(0)}`,
  );
  console.log(`memory after the build: ${memory()}`);

  const open = (threadFrom: number) =>
    openIndex({ directory, corpus: 'generated', embedder: 'hashed', clock: systemClock, threadFrom });
  const openedFrom = performance.now();
  const index = await open(0);
  console.log(`opened in ${(performance.now() - openedFrom).toFixed(0)} ms, memory ${memory()}`);
  const searchIn = (opened: Awaited<ReturnType<typeof open>>) =>
    createSearch({ index: opened, embedder, readings, clock: systemClock, deadlineMs: 60_000 }).search;
  const search = searchIn(index);
  const texts = demoQueries(queryCount);

  // What the search asks its engines, noted once: asked again with nothing around it, it is what the search is held to.
  const recorder = recordCalls(index);
  const noting = searchIn(recorder.index);
  const raws: RawCalls[] = [];
  for (const text of texts) {
    await noting(asQuery(text));
    raws.push(recorder.take());
  }

  const spent = async (work: () => Promise<unknown>, times: number[]): Promise<number> => {
    const from = process.cpuUsage();
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
    return cpuMs(from);
  };
  const ratios: number[] = [];
  const [wholeCpu, rawCpu]: [number[], number[]] = [[], []];
  const [wholeTimes, rawTimes]: [number[], number[]] = [[], []];
  for (let pair = -warmUps; pair < pairs; pair++) {
    let [ours, bare] = [0, 0];
    const [wholes, bares] = pair < 0 ? [[], []] : [wholeTimes, rawTimes];
    for (const [number, text] of texts.entries()) {
      const whole = async () => {
        ours += await spent(() => search(asQuery(text)), wholes);
      };
      const raw = async () => {
        bare += await spent(raws[number]!.all, bares);
      };
      // Query by query, each first in every other pair: what the machine does besides falls on both alike.
      for (const work of (pair + number) % 2 === 0 ? [raw, whole] : [whole, raw]) await work();
    }
    if (pair < 0) continue;
    ratios.push(ours / bare);
    wholeCpu.push(ours / texts.length);
    rawCpu.push(bare / texts.length);
  }
  const line = (name: string, times: readonly number[], cpu: readonly number[]): void =>
    console.log(
      `${name}: CPU ${median(cpu).toFixed(2)} ms a query, wall p50 ${median(times).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms`,
    );
  line('whole search', wholeTimes, wholeCpu);
  line('raw engines ', rawTimes, rawCpu);
  console.log(
    `whole ÷ raw, CPU, ${pairs} pairs of ${texts.length} queries: median ${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(3)}–${Math.max(...ratios).toFixed(3)}, middle half ${quantile(ratios, 0.25).toFixed(3)}–${quantile(ratios, 0.75).toFixed(3)}), of the sums ${(sum(wholeCpu) / sum(rawCpu)).toFixed(3)}   (bound 1.15)`,
  );
  for (const engine of ['exact', 'keyword', 'vector'] as const) {
    const times: number[] = [];
    let cpu = 0;
    for (const { again } of raws) cpu += await spent(again[engine], times);
    line(`  ${engine.padEnd(7)}`, times, [cpu / texts.length]);
  }
  console.log(`memory ${memory()}, load at the end ${load()}`);
  await index.close();

  const turns = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const costs = await loopTurns(work);
    console.log(
      `  ${name}: longest ${quantile(costs, 1).toFixed(1)} ms, p99.9 ${quantile(costs, 0.999).toFixed(1)} ms of ${costs.length} turns`,
    );
  };
  console.log('CPU of a turn of the main loop (bound 20 ms):');
  await turns('idle             ', () => sleep(2_000));
  for (const [name, threadFrom] of [
    ['engines in thread', 0],
    ['engines in main  ', Number.POSITIVE_INFINITY],
  ] as const) {
    const opened = await open(threadFrom);
    const ask = searchIn(opened);
    const all = async () => {
      for (const text of texts) await ask(asQuery(text));
    };
    await all();
    const from = process.cpuUsage();
    const began = performance.now();
    for (let round = 0; round < 3; round++) await all();
    const per = 3 * texts.length;
    const wall = (performance.now() - began) / per;
    await turns(`${name}, ${(cpuMs(from) / per).toFixed(1)} ms CPU, ${wall.toFixed(1)} ms a query`, all);
    await opened.close();
  }
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}
