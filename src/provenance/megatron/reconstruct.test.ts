import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadRunFile } from '../../config/run-file.ts';
import { type OpenedRun, openRun } from '../open-run.ts';
import { verifyRun } from '../verify.ts';
import { planBlend, planDataset } from './build-arrays.ts';
import { createRandomState } from './random-state.ts';

interface DemoPhase {
  readonly cachePath?: string;
  readonly dataPath: (string | number)[];
  readonly caches?: { blended: string; datasets: { dataset: string; hash: string }[] };
}

const shuffled = (count: number, seed: number, times = 1): number[] => {
  const random = createRandomState(seed);
  let values = new Uint32Array(0);
  for (let turn = 0; turn < times; turn += 1) {
    values = Uint32Array.from(Array(count).keys());
    random.shuffle(values);
  }
  return [...values];
};

describe("numpy's RandomState.shuffle", () => {
  it.each([
    [0, [2, 8, 4, 9, 1, 6, 7, 3, 0, 5]],
    [42, [8, 1, 5, 0, 7, 2, 9, 4, 3, 6]],
    [1234, [7, 2, 9, 1, 0, 8, 4, 5, 6, 3]],
  ])('gives what numpy gives for seed %d', (seed, expected) => {
    expect(shuffled(10, seed)).toEqual(expected);
  });

  it('goes on where the shuffle before ended', () => {
    expect(shuffled(10, 1234, 2)).not.toEqual(shuffled(10, 1234));
    expect(shuffled(1000, 7).toSorted((a, b) => a - b)).toEqual([...Array(1000).keys()]);
  });
});

describe('against numpy 2.4', () => {
  it('shuffles more than one word of state can hold, twice in a row', () => {
    const random = createRandomState(1234);
    const [large, small] = [100_003, 5000].map((count) => Uint32Array.from(Array(count).keys()));
    random.shuffle(large!);
    random.shuffle(small!);
    expect([...large!.slice(0, 5), ...large!.slice(-5)]).toEqual([
      84826, 74372, 88626, 51882, 11306, 89460, 60620, 34086, 58067, 92975,
    ]);
    expect([...small!.slice(0, 5), ...small!.slice(-5)]).toEqual([
      4769, 1462, 3175, 984, 3417, 3587, 3163, 3018, 1222, 3467,
    ]);
  });

  it.each([
    [136, 0.001858736059479554, 0.01301115241635688],
    [300, 0.0008354218880534671, 0.0058479532163742695],
    [500, 0.0005015045135406219, 0.0035105315947843536],
  ])('adds the weights of %d data sets in the same order', (count, first, seventh) => {
    const weights = Array.from({ length: count }, (_, index) => 0.1 * ((index % 7) + 1));
    const plan = planBlend(weights, { rule: 'core', what: 'all', trainSamples: 1000, split: [1] });
    expect([plan.weights[0], plan.weights[6]]).toEqual([first, seventh]);
  });
});

describe('sizes by the rules', () => {
  it('shuffles the last epoch apart when less than four fifths of it are wanted', () => {
    // 101 tokens, 10 a sample: 10 samples an epoch, 20 in two.
    expect(planDataset(101, 10, 10)).toEqual({ epochs: 1, built: 10, samplesBeforeLastEpoch: null });
    expect(planDataset(101, 17, 10)).toEqual({ epochs: 2, built: 20, samplesBeforeLastEpoch: 10 });
    expect(planDataset(101, 18, 10)).toEqual({ epochs: 2, built: 20, samplesBeforeLastEpoch: null });
    expect(planDataset(101, 21, 10)).toEqual({ epochs: 3, built: 30, samplesBeforeLastEpoch: 20 });
  });

  it('counts the surplus of half a per cent apart in core, within the blend before it', () => {
    const settings = { what: 'all', trainSamples: 1000, split: [1] } as const;
    expect(planBlend([0.3, 0.7], { ...settings, rule: 'core' })).toMatchObject({ samples: [302, 704], size: 1000 });
    expect(planBlend([0.3, 0.7], { ...settings, rule: 'legacy' })).toMatchObject({ samples: [302, 704], size: 1006 });
  });
});

describe('caches made anew for the demonstration', () => {
  const megatron = resolve('demo/run/megatron');
  let folder: string;
  const opened: OpenedRun[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-reconstruct-'));
    for (const name of readdirSync(megatron).filter((each) => /\.(idx|bin)$/.test(each))) {
      cpSync(join(megatron, name), join(folder, name));
    }
  });
  afterEach(async () => {
    for (const run of opened.splice(0)) await run.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const demo = JSON.parse(readFileSync('demo/run/run.json', 'utf8')) as { phases: DemoPhase[] };
  const open = async (change: (phase: DemoPhase) => object): Promise<OpenedRun> => {
    const phases = demo.phases.map((phase) => (phase.dataPath ? change(phase) : phase));
    const paths = { dataDirectory: folder, corpusDirectory: resolve('demo/corpus'), tokenizer: undefined };
    const file = join(folder, 'run.json');
    writeFileSync(file, JSON.stringify({ ...demo, ...paths, phases }));
    const run = await openRun({ run: await loadRunFile(file), directory: join(folder, 'own') });
    opened.push(run);
    return run;
  };
  const lost = ({ cachePath: _cachePath, caches: _caches, ...phase }: DemoPhase): object => ({
    ...phase,
    reconstruct: { rule: 'core' },
  });

  it('writes all seven data sets and both blends byte for byte', async () => {
    const { files } = await open(lost);
    let compared = 0;
    const compare = (made: string, original: string): void => {
      expect(readFileSync(made).equals(readFileSync(original))).toBe(true);
      compared += 1;
    };
    for (const [index, { datasets, blend }] of files.phases.entries()) {
      const { caches, cachePath } = demo.phases[index]!;
      const original = (hash: string, kind: string, array: string) =>
        join(megatron, cachePath!, `${hash}-${kind}-train-${array}.npy`);
      for (const [ordinal, dataset] of datasets.entries()) {
        const { hash } = caches!.datasets[ordinal]!;
        compare(dataset.documentIndex.file, original(hash, 'GPTDataset', 'document_index'));
        compare(dataset.sampleIndex.file, original(hash, 'GPTDataset', 'sample_index'));
        compare(dataset.shuffleIndex.file, original(hash, 'GPTDataset', 'shuffle_index'));
      }
      compare(blend!.datasetIndex.file, original(caches!.blended, 'BlendedDataset', 'dataset_index'));
      compare(blend!.datasetSampleIndex.file, original(caches!.blended, 'BlendedDataset', 'dataset_sample_index'));
    }
    expect(compared).toBe(7 * 3 + 2 * 2);
  });

  it('agrees with the oracle, keeps what it made, and makes it again for other token files', async () => {
    const first = await open(lost);
    const oracle = resolve('demo/run/oracle/document_iterations.json.gz');
    const report = await verifyRun({ opened: first, samples: 10, seed: 1, oracle, decoder: null });
    expect([report.mismatches, report.oracle?.equal]).toEqual([0, 600]);
    expect(first.run.phases.map(({ caches }) => caches.reconstruct?.what)).toEqual(['all', 'all']);
    const made = first.files.phases[0]!.datasets[0]!.documentIndex.file;
    const { ino } = statSync(made);
    expect((await open(lost)).built).toBe(false);
    expect(statSync(made).ino).toBe(ino);
    utimesSync(join(folder, 'ja_web_text_document.idx'), 1, 1);
    const again = await open(lost);
    expect(again.built).toBe(true);
    expect(again.files.phases[0]!.datasets[0]!.documentIndex.file).not.toBe(made);
    expect(again.files.phases[1]!.datasets[0]!.documentIndex.file).toContain(join(folder, 'own', 'caches'));
  });

  it('makes the blend alone where only that is lost', async () => {
    const { files } = await open((phase) => {
      const cachePath = join(megatron, phase.cachePath!);
      return { ...phase, caches: undefined, cachePath, reconstruct: { rule: 'core', what: 'blend' } };
    });
    const [phase] = files.phases;
    expect(phase!.datasets[0]!.documentIndex.file).toContain(megatron);
    const original = demo.phases[0]!.caches!.blended;
    const path = join(megatron, 'cache/blend', `${original}-BlendedDataset-train-dataset_index.npy`);
    expect(readFileSync(phase!.blend!.datasetIndex.file).equals(readFileSync(path))).toBe(true);
  });

  it('builds by planned samples, not by those that were trained', async () => {
    const { files } = await open((phase) => ({ ...lost(phase), reconstruct: { rule: 'core', trainSamples: 100_000 } }));
    expect(files.phases[0]!.blend!.datasetIndex.rows).toBeGreaterThanOrEqual(100_000);
  });

  it('leaves out what the split gave to validation', async () => {
    const split = [969, 30, 1];
    const { facts, occurrences } = await open((phase) => ({ ...lost(phase), reconstruct: { rule: 'core', split } }));
    // round(0.969 × 240) = 233
    const [encyclopedia] = facts.sources;
    expect(encyclopedia!.parts.map(({ sequencesPerEpoch }) => sequencesPerEpoch)).toEqual([233, 233]);
    const summaries = await occurrences.summaries(
      [232, 233].map((sequence) => ({ source: 'ja_encyclopedia', sequence })),
    );
    expect(summaries.map(({ state }) => state)).toEqual(['read', 'not_read']);
  });
});
