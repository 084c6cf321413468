/**
 * `node bench/vectors.ts [vectors] [dimensions] [rounds]`: CPU time of one exact scan by the product's module beside
 * that of a plain loop, in turn; medians of the rounds, and what that is in bytes a second.
 */
import { cpus, loadavg } from 'node:os';
import { createDotProducts } from '../src/search/embedded/dot-products.ts';
import { quantile } from '../src/search/retrieval-metrics.ts';
import { seededRandom } from '../src/search/seeded-random.ts';

const [count = 47_212, dimensions = 256, rounds = 15] = process.argv.slice(2).map(Number);
const random = seededRandom(3);
const vector = (): Float32Array => Float32Array.from({ length: dimensions }, () => random() - 0.5);
const products = createDotProducts({ count, dimensions });
const values = new Float32Array(count * dimensions);
for (let index = 0; index < count; index++) {
  const one = vector();
  values.set(one, index * dimensions);
  products.set(index, new Uint8Array(one.buffer));
}
const query = vector();

const plain = (): number => {
  let best = Number.NEGATIVE_INFINITY;
  for (let offset = 0; offset < values.length; offset += dimensions) {
    let sum = 0;
    for (let dimension = 0; dimension < dimensions; dimension++) sum += query[dimension]! * values[offset + dimension]!;
    best = Math.max(best, sum);
  }
  return best;
};
const module = (): number => {
  let best = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; ) {
    const scores = products.from(index, query);
    for (const score of scores) best = Math.max(best, score);
    index += scores.length;
  }
  return best;
};
if (Math.abs(plain() - module()) > 1e-3) throw new Error('the two ways differ');

const times = { plain: [] as number[], module: [] as number[] };
for (let round = 0; round < rounds; round++) {
  for (const [name, scan] of Object.entries({ plain, module })) {
    const from = process.cpuUsage();
    scan();
    const { user, system } = process.cpuUsage(from);
    times[name as keyof typeof times].push((user + system) / 1_000);
  }
}
console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]!.toFixed(1)}`);
for (const [name, taken] of Object.entries(times)) {
  const median = quantile(taken, 0.5);
  const rate = (count * dimensions * 4) / median / 1e6;
  console.log(
    `${name}: ${median.toFixed(2)} ms CPU (${Math.min(...taken).toFixed(2)}–${Math.max(...taken).toFixed(2)}), ${rate.toFixed(1)} GB/s`,
  );
}
