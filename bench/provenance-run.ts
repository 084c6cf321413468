/** Writes a synthetic run of a given size, or opens one and says what it cost: a process of its own for `provenance.ts`. */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRunFile } from '../src/config/run-file.ts';
import { openRunFiles } from '../src/provenance/megatron/run-files.ts';
import { openRun } from '../src/provenance/open-run.ts';
import { seededRandom } from '../src/provenance/random.ts';
import { peakMemory } from '../test/support/peak-memory.ts';

const [action, folder = '', sampleText = '0', documentText = '0'] = process.argv.slice(2);
const [samples, documents] = [Number(sampleText), Number(documentText)];
const runFile = join(folder, 'run.json');
const batch = 1000;
const parts = [
  { name: 'large', documents: 0.6, weight: 0.5 },
  { name: 'middle', documents: 0.25, weight: 0.3 },
  { name: 'small', documents: 0.15, weight: 0.2 },
];

/** `<prefix>.idx` of documents with 100 to 4,100 tokens; the `.bin` is not looked at. */
const writeTokenIndex = (prefix: string, count: number, seed: number): void => {
  const random = seededRandom(seed);
  const lengths = Int32Array.from({ length: count }, () => 100 + Math.floor(4000 * random()));
  const pointers = new BigInt64Array(count);
  let tokens = 0;
  for (let sequence = 0; sequence < count; sequence += 1) {
    pointers[sequence] = BigInt(2 * tokens);
    tokens += lengths[sequence]!;
  }
  const bounds = BigInt64Array.from({ length: count + 1 }, (_, index) => BigInt(index));
  const head = Buffer.alloc(34);
  head.write('MMIDIDX\0\0', 'latin1');
  head.writeBigUInt64LE(1n, 9);
  head[17] = 8;
  head.writeBigUInt64LE(BigInt(count), 18);
  head.writeBigUInt64LE(BigInt(count + 1), 26);
  const bytes = [lengths, pointers, bounds].map(({ buffer }) => Buffer.from(buffer));
  writeFileSync(`${prefix}.idx`, Buffer.concat([head, ...bytes]));
};

const write = async (): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  for (const [index, { name, documents: share }] of parts.entries()) {
    writeTokenIndex(join(folder, name), Math.round(documents * share), index + 1);
  }
  const phase = {
    name: 'base',
    iterations: samples / batch,
    globalBatchSize: batch,
    sequenceLength: 2048,
    seed: 1234,
    dataPath: parts.flatMap(({ name, weight }) => [weight, name]),
    reconstruct: { rule: 'core' },
  };
  const sources = parts.map(({ name }) => ({ name, prefix: name }));
  writeFileSync(runFile, JSON.stringify({ name: 'synthetic', sources, phases: [phase] }));
  const files = await openRunFiles({ run: await loadRunFile(runFile), directory: join(folder, 'own') });
  const [{ blend, datasets }] = files.phases as [(typeof files.phases)[number]];
  const paths = {
    samples,
    sequenceLength: 2048,
    datasetIndex: blend!.datasetIndex.file,
    datasets: datasets.map(({ tokens, documentIndex, sampleIndex, shuffleIndex }) => ({
      idx: tokens.file,
      documentIndex: documentIndex.file,
      sampleIndex: sampleIndex.file,
      shuffleIndex: shuffleIndex.file,
    })),
    arrays: files.paths.reduce((sum, path) => sum + statSync(path).size, 0),
  };
  writeFileSync(join(folder, 'files.json'), JSON.stringify(paths));
  await files.close();
};

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const open = async (): Promise<void> => {
  const table = join(folder, 'own', 'occurrences.table');
  rmSync(table, { force: true });
  const started = cpuSeconds();
  const began = performance.now();
  const opened = await openRun({ run: await loadRunFile(runFile), directory: join(folder, 'own') });
  const seconds = (performance.now() - began) / 1000;
  const cpu = cpuSeconds();
  const peak = peakMemory();
  const { sources } = opened.facts;
  const occurrences = sources.reduce((sum, source) => sum + source.occurrences, 0);
  const random = seededRandom(9);
  const wanted = Array.from({ length: 1000 }, () => {
    const { source, documents: count } = sources[Math.floor(random() * sources.length)]!;
    return { source, sequence: Math.floor(random() * count) };
  });
  const times: number[] = [];
  for (const document of wanted) {
    const started = performance.now();
    await opened.occurrences.occurrences(document);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  await opened.close();
  const lookup = { p50Ms: times[500], p99Ms: times[990] };
  console.log(JSON.stringify({ seconds, cpu, started, peak, occurrences, bytes: statSync(table).size, lookup }));
};

await (action === 'write' ? write() : open());
