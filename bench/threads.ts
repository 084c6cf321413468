/**
 * `node bench/threads.ts [documents …]`: from which size on the engines should run in a thread of their own. The same
 * searches on indexes of generated corpora, with the engines in a thread and in the main one, query by query, each way
 * first in every other round: CPU time a query of the main thread, and of the whole process; medians of the rounds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIndex } from '../indexers/build-index.ts';
import { systemClock } from '../src/clock.ts';
import type { Embedder } from '../src/embedding/embedder.ts';
import { openIndex } from '../src/search/embedded/open-index.ts';
import { quantile } from '../src/search/retrieval-metrics.ts';
import { createSearch } from '../src/search/search.ts';
import { demoQueries, hashedVector, writeGeneratedCorpus } from './generated-corpus.ts';
import { threadCpuMs } from './loop-turns.ts';

const named = process.argv.slice(2).map(Number);
const sizes = named.length > 0 ? named : [500, 1_000, 2_000, 4_500, 9_000, 18_000];
const dimensions = 256;
const rounds = 9;
const warmUps = 3;
const texts = demoQueries(40);
const vectors = new Map(texts.map((text) => [text, hashedVector(text, dimensions)]));
const embedder: Embedder = {
  dimensions,
  fingerprint: 'hashed',
  embed: async (asked) => asked.map((text) => vectors.get(text) ?? hashedVector(text, dimensions)),
  close: async () => undefined,
};

const sumOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1_000;
const ways = [
  ['main', Number.POSITIVE_INFINITY],
  ['thread', 0],
] as const;

console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]!.toFixed(1)}`);
for (const size of sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'tenkyo-bench-threads-'));
  try {
    const corpus = join(folder, 'generated.jsonl');
    writeGeneratedCorpus(corpus, size);
    const directory = join(folder, 'index');
    const clock = systemClock;
    const { manifest } = await buildIndex({
      corpus: { name: 'generated', documents: corpus },
      embedder,
      directory,
      clock,
    });
    const opened = [];
    for (const [name, threadFrom] of ways) {
      const before = process.memoryUsage().rss;
      const index = await openIndex({ directory, corpus: 'generated', embedder: 'hashed', clock, threadFrom });
      const readings = { run: null, readingOf: async () => ({ state: 'unknown' as const }) };
      const { search } = createSearch({ index, embedder, readings, clock, deadlineMs: 60_000 });
      const held = (process.memoryUsage().rss - before) / 2 ** 20;
      opened.push({ name, index, search, held, own: [] as number[], all: [] as number[] });
    }
    for (let round = -warmUps; round < rounds; round++) {
      const spent = opened.map(() => ({ own: 0, all: 0 }));
      for (const [number, text] of texts.entries()) {
        for (const way of (round + number) % 2 === 0 ? [0, 1] : [1, 0]) {
          const [own, all] = [threadCpuMs(), process.cpuUsage()];
          await opened[way]!.search({ text, question: null, model: null });
          spent[way]!.own += threadCpuMs() - own;
          spent[way]!.all += sumOf(process.cpuUsage(all));
        }
      }
      if (round < 0) continue;
      for (const [way, { own, all }] of spent.entries()) {
        opened[way]!.own.push(own / texts.length);
        opened[way]!.all.push(all / texts.length);
      }
    }
    const line = opened.map(
      ({ name, own, all, held }) =>
        `${name}: ${quantile(own, 0.5).toFixed(2)} ms of the main thread, ${quantile(all, 0.5).toFixed(2)} ms in all, ${held.toFixed(0)} MB`,
    );
    console.log(`${manifest.passages} passages, load ${loadavg()[0]!.toFixed(1)}: engines in ${line.join('; in ')}`);
    for (const { index } of opened) await index.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
