/**
 * `node bench/embedding.ts [passages] [pairs] [workers]`: passages a second of a build's embedding on one thread and on
 * several, in turn, each first in every other pair; whether the vectors are the same to the byte; CPU; load. The model is
 * the demonstration's, a table of vectors: most of its time is the tokenizer's. An encoder of many layers gives other
 * rates, and is as free to be spread.
 */
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../src/clock.ts';
import { readJsonl } from '../src/corpus/read-jsonl.ts';
import type { Embedder } from '../src/embedding/embedder.ts';
import { createOnnxEmbedder } from '../src/embedding/onnx/onnx-embedder.ts';
import { createOnnxHost } from '../src/onnx/host.ts';
import { quantile } from '../src/search/retrieval-metrics.ts';
import { seededRandom } from '../src/search/seeded-random.ts';

const [passages = 4_096, pairs = 7, workers = 2] = process.argv.slice(2).map(Number);
const path = fileURLToPath(new URL('../demo/models/embedder', import.meta.url));
const sources = ['ja_encyclopedia', 'ja_folklore', 'ja_web'];
const load = (): string => loadavg()[0]!.toFixed(1);
const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Sentences of the demonstration in new orders, about 300 characters a passage. */
const makePassages = async (): Promise<string[]> => {
  const sentences: string[] = [];
  for (const source of sources) {
    for await (const read of readJsonl(fileURLToPath(new URL(`../demo/corpus/${source}.jsonl`, import.meta.url)))) {
      if (read.kind === 'document') sentences.push(...(read.document.text.match(/[^。]{12,}。/gu) ?? []));
    }
  }
  const random = seededRandom(1);
  const some = () => sentences[Math.floor(random() * sentences.length)]!;
  return Array.from({ length: passages }, () => Array.from({ length: 7 }, some).join(''));
};

/** As a build asks: so many at a time as the embedder wants. */
const embedAll = async (embedder: Embedder, texts: readonly string[]) => {
  const atOnce = embedder.textsAtOnce ?? 32;
  const vectors: (Float32Array | null)[] = [];
  const before = process.cpuUsage();
  const began = performance.now();
  for (let from = 0; from < texts.length; from += atOnce) {
    vectors.push(...(await embedder.embed(texts.slice(from, from + atOnce), 'passage')));
  }
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(before);
  return { vectors, rate: texts.length / seconds, cpuMs: (user + system) / 1_000 / texts.length };
};

const open = async (count: number) => {
  const host = createOnnxHost();
  const parallel = { workers: count, createHost: createOnnxHost, clock: systemClock };
  const embedder = await createOnnxEmbedder({ host, path, queryPrefix: '', passagePrefix: '', parallel });
  return {
    embedder,
    close: async () => {
      await embedder.close();
      await host.close();
    },
  };
};

const texts = await makePassages();
const [one, several] = [await open(1), await open(workers)];
try {
  console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${load()}`);
  const characters = texts.reduce((sum, { length }) => sum + length, 0) / texts.length;
  console.log(`${texts.length} passages of ${characters.toFixed(0)} characters`);
  // Every thread loads its model.
  for (const { embedder } of [one, several]) await embedAll(embedder, texts.slice(0, 1_024));
  const rates: { one: number; several: number; cpuOne: number; cpuSeveral: number }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? [one, several] : [several, one];
    const made = new Map<unknown, Awaited<ReturnType<typeof embedAll>>>();
    for (const each of order) made.set(each, await embedAll(each.embedder, texts));
    const [a, b] = [made.get(one)!, made.get(several)!];
    const same = a.vectors.every((vector, index) => {
      const other = b.vectors[index];
      return vector && other
        ? Buffer.compare(Buffer.from(vector.buffer), Buffer.from(other.buffer)) === 0
        : vector === other;
    });
    if (!same) throw new Error('the vectors differ');
    rates.push({ one: a.rate, several: b.rate, cpuOne: a.cpuMs, cpuSeveral: b.cpuMs });
    console.log(`1 thread ${a.rate.toFixed(0)}/s, ${workers} threads ${b.rate.toFixed(0)}/s, load ${load()}`);
  }
  const ratios = rates.map((rate) => rate.several / rate.one);
  console.log(
    `passages a second: 1 thread ${median(rates.map((rate) => rate.one)).toFixed(0)}, ${workers} threads ${median(rates.map((rate) => rate.several)).toFixed(0)}; ratio ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}); CPU ms a passage ${median(rates.map((rate) => rate.cpuOne)).toFixed(2)} and ${median(rates.map((rate) => rate.cpuSeveral)).toFixed(2)}; the same vectors to the byte`,
  );
} finally {
  await one.close();
  await several.close();
}
