import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeNpy, encodeTokenIndex } from '../../test/support/megatron/encode.ts';
import { type SyntheticRun, writeSyntheticRun } from '../../test/support/megatron/synthetic-run.ts';
import { loadRunFile } from '../config/run-file.ts';
import { TenkyoError } from '../errors.ts';
import { type OpenedRun, openRun } from './open-run.ts';
import { verifyRun } from './verify.ts';

const plain: SyntheticRun = {
  seed: 3,
  sequenceLength: 4,
  tokenType: 'uint16',
  wide: false,
  declareHashes: false,
  sources: [
    [5, 3, 8, 2],
    [6, 7],
  ],
  phases: [
    {
      iterations: 5,
      globalBatchSize: 3,
      blend: [
        { source: 0, weight: 2 },
        { source: 1, weight: 1 },
      ],
    },
  ],
};

describe('openRun refuses and finds', () => {
  let folder: string;
  const opened: OpenedRun[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-order-'));
  });
  afterEach(async () => {
    for (const run of opened.splice(0)) await run.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const openAgain = async (): Promise<OpenedRun> => {
    const run = await openRun({ run: await loadRunFile(join(folder, 'run.json')), directory: join(folder, 'own') });
    opened.push(run);
    return run;
  };
  const open = async () => (await openAgain()).files;
  const refused = async (): Promise<TenkyoError> => {
    const outcome = await open().catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(TenkyoError);
    expect(outcome).toMatchObject({
      expected: expect.any(String),
      found: expect.any(String),
      remedy: expect.any(String),
    });
    return outcome as TenkyoError;
  };
  const caches = (ending: string): string[] =>
    readdirSync(join(folder, 'cache_0'))
      .filter((name) => name.endsWith(ending))
      .map((name) => join(folder, 'cache_0', name));
  const changeRun = (
    change: (run: { sources: Record<string, unknown>[]; phases: Record<string, unknown>[] }) => void,
  ) => {
    const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
    change(run);
    writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
  };
  /** Which of the two datasets a file belongs to, by the description beside it. */
  const cacheOf = (source: number, array: string): string =>
    caches(`-GPTDataset-train-${array}.npy`).find((path) =>
      readFileSync(path.replace(`${array}.npy`, 'description.txt'), 'utf8').includes(`source_${source}_`),
    )!;

  it('finds caches by their descriptions where no hash is declared', async () => {
    writeSyntheticRun(folder, plain);
    const { phases } = await open();
    expect(phases[0]?.datasets.map(({ source }) => source)).toEqual(['source_0', 'source_1']);
    expect(phases[0]?.samples).toBe(15);
  });

  it('reads one dataset without a blend', async () => {
    writeSyntheticRun(folder, { ...plain, phases: [{ ...plain.phases[0]!, blend: [{ source: 1, weight: 1 }] }] });
    const { phases } = await open();
    expect(phases[0]?.blend).toBeNull();
    expect(phases[0]?.datasets.map(({ source }) => source)).toEqual(['source_1']);
  });

  it('reads a blend that was weighed by size from its caches, and refuses it where they are lost', async () => {
    const { truth } = writeSyntheticRun(folder, plain);
    changeRun(({ phases }) => {
      phases[0]!.dataPath = (phases[0]!.dataPath as unknown[]).filter((part) => typeof part === 'string');
    });
    const { walk } = await openAgain();
    for (const { position, source, iteration } of truth) {
      expect(await walk.at(position)).toMatchObject({ iteration, sample: { source } });
    }
    for (const path of caches('dataset_index.npy')) rmSync(path);
    await expect(open()).rejects.toMatchObject({ code: 'file_missing', message: 'dataset_index is missing' });
    changeRun(({ phases }) => Object.assign(phases[0]!, { reconstruct: { rule: 'core' } }));
    await expect(open()).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('how Megatron blended by size is not known from the files'),
    });
  });

  it('does not choose between caches that fit equally', async () => {
    writeSyntheticRun(folder, { ...plain, phases: [{ ...plain.phases[0]!, blend: [{ source: 1, weight: 1 }] }] });
    const [description] = caches('description.txt');
    const other = readFileSync(description!, 'utf8').replace(/"num_samples": \d+/, '"num_samples": 99');
    writeFileSync(join(folder, 'cache_0', 'ffff-GPTDataset-train-description.txt'), other);
    expect(await refused()).toMatchObject({
      code: 'config_invalid',
      message: 'More than one index cache fits the dataset source_1',
    });
  });

  it('finds no cache for other settings', async () => {
    writeSyntheticRun(folder, plain);
    changeRun(({ phases }) => Object.assign(phases[0]!, { seed: 4 }));
    expect(await refused()).toMatchObject({
      code: 'file_missing',
      message: 'No index cache fits the blend',
      where: join(folder, 'cache_0'),
      expected: 'a description of phase "phase_0": sequence length 4, seed 4, split train',
    });
  });

  it('refuses a declared hash that belongs to other data', async () => {
    writeSyntheticRun(folder, { ...plain, declareHashes: true });
    changeRun(({ phases }) => {
      const { datasets } = phases[0]!.caches as { datasets: { hash: string }[] };
      [datasets[0]!.hash, datasets[1]!.hash] = [datasets[1]!.hash, datasets[0]!.hash];
    });
    expect(await refused()).toMatchObject({
      code: 'config_invalid',
      message: 'The declared index cache was made for something else than source_0',
    });
  });

  it('does without descriptions where the hashes are declared', async () => {
    writeSyntheticRun(folder, { ...plain, declareHashes: true });
    for (const description of caches('description.txt')) rmSync(description);
    expect((await open()).phases[0]?.samples).toBe(15);
  });

  describe('without a cache folder of its own', () => {
    const single: SyntheticRun = { ...plain, phases: [{ ...plain.phases[0]!, blend: [{ source: 1, weight: 1 }] }] };
    const moveCaches = (to: string): void => {
      mkdirSync(join(folder, to, '..'), { recursive: true });
      renameSync(join(folder, 'cache_0'), join(folder, to));
      changeRun(({ phases }) => {
        phases[0]!.cachePath = undefined;
        phases[0]!.dataPath = (phases[0]!.dataPath as unknown[]).slice(-2 * plain.sources.length);
      });
    };

    it.each<[string, SyntheticRun['layout']]>([
      ['source_1_text_document/cache/GPTDataset_indices', 'core'],
      ['index-cache', 'legacy'],
    ])('finds caches in %s beside the data', async (place, layout) => {
      writeSyntheticRun(folder, { ...single, layout: layout ?? 'core' });
      moveCaches(place);
      const { phases } = await open();
      expect(phases[0]?.datasets[0]?.documentIndex.file).toContain(join(folder, place));
    });

    it('makes the blend anew that old code did not keep', async () => {
      const { truth } = writeSyntheticRun(folder, { ...plain, layout: 'legacy' });
      moveCaches('index-cache');
      for (const name of readdirSync(join(folder, 'index-cache'))) {
        const path = join(folder, 'index-cache', name);
        const ofBlend = /^[^_]+_(index|sample_index)\.npy$/.test(name);
        if (ofBlend || readFileSync(path, 'latin1').startsWith('Blendable')) rmSync(path);
      }
      expect(await refused()).toMatchObject({ code: 'file_missing', message: 'No index cache fits the blend' });
      changeRun(({ phases }) => Object.assign(phases[0]!, { reconstruct: { rule: 'legacy', what: 'blend' } }));
      const { walk } = await openAgain();
      for (const { position, iteration, source, parts } of truth) {
        const walked = await walk.at(position);
        expect(walked).toMatchObject({ iteration, sample: { source } });
        expect(walked?.sample.parts.map(({ sequence }) => sequence)).toEqual(parts.map(({ sequence }) => sequence));
      }
    });

    /** Renames the caches of the data sets to what the first versions called them, beside the data; the blend's go. */
    const giveOldestNames = (): void => {
      const from = join(folder, 'index-cache');
      for (const name of readdirSync(from).filter((one) => one.endsWith('.dsc'))) {
        const text = readFileSync(join(from, name), 'utf8');
        if (!text.startsWith('GPT')) continue;
        const [, source] = /(source_\d+_text_document)/.exec(text)!;
        const [, samples] = /Number of samples (\d+)/.exec(text)!;
        for (const array of ['doc_idx', 'sample_idx', 'shuffle_idx']) {
          const to = `${source}_train_indexmap_${samples}ns_4sl_3s_${array}.npy`;
          copyFileSync(join(from, name.replace('.dsc', `_${array}.npy`)), join(folder, to));
        }
      }
      rmSync(from, { recursive: true });
    };
    const isTrue = async (truth: ReturnType<typeof writeSyntheticRun>['truth']): Promise<void> => {
      const { walk } = await openAgain();
      for (const { position, iteration, source, parts } of truth) {
        const walked = await walk.at(position);
        expect(walked).toMatchObject({ iteration, sample: { source } });
        expect(walked?.sample.parts.map(({ sequence }) => sequence)).toEqual(parts.map(({ sequence }) => sequence));
      }
    };

    it('finds the oldest caches by what their names say, and makes their blend anew', async () => {
      const { truth } = writeSyntheticRun(folder, { ...plain, layout: 'legacy' });
      moveCaches('index-cache');
      giveOldestNames();
      expect(await refused()).toMatchObject({ code: 'file_missing', message: 'No index cache fits the blend' });
      changeRun(({ phases }) => Object.assign(phases[0]!, { reconstruct: { rule: 'legacy', what: 'blend' } }));
      await isTrue(truth);
    });

    it('does not choose between the oldest caches, and takes the declared one', async () => {
      const { truth } = writeSyntheticRun(folder, { ...single, layout: 'legacy' });
      moveCaches('index-cache');
      giveOldestNames();
      const [name] = readdirSync(folder).filter((one) => one.endsWith('_doc_idx.npy'));
      const begin = name!.slice(0, -'_doc_idx.npy'.length);
      for (const array of ['doc_idx', 'sample_idx', 'shuffle_idx']) {
        const other = begin.replace(/_\d+ns_/, '_99ns_');
        copyFileSync(join(folder, `${begin}_${array}.npy`), join(folder, `${other}_${array}.npy`));
      }
      expect(await refused()).toMatchObject({ message: 'More than one index cache fits the dataset source_1' });
      const declare = (hash: string) =>
        changeRun(({ phases }) =>
          Object.assign(phases[0]!, { caches: { datasets: [{ dataset: 'source_1_text_document', hash }] } }),
        );
      declare(begin.replace('_4sl_', '_8sl_'));
      await expect(open()).rejects.toMatchObject({ code: 'file_missing' });
      declare(begin);
      await isTrue(truth);
      changeRun(({ phases }) => Object.assign(phases[0]!, { seed: 4 }));
      expect(await refused()).toMatchObject({
        message: 'The declared index cache was made for something else than source_1',
      });
    });

    it('names the folder where it looked', async () => {
      writeSyntheticRun(folder, single);
      moveCaches('elsewhere');
      expect(await open().catch((error: unknown) => error)).toMatchObject({
        code: 'file_missing',
        where: join(folder, 'source_1_text_document/cache/GPTDataset_indices'),
      });
    });
  });

  it('reads old names of declared hashes', async () => {
    writeSyntheticRun(folder, { ...plain, layout: 'legacy', declareHashes: true });
    for (const description of caches('.dsc')) rmSync(description);
    expect((await open()).phases[0]?.samples).toBe(15);
  });

  it.each([
    ['neither', 'Some text\n'],
    ['of two data sets', 'GPT Dataset\n\nGPT Dataset\n'],
  ])('refuses a .dsc that is %s', async (_, text) => {
    writeSyntheticRun(folder, plain);
    writeFileSync(join(folder, 'cache_0', 'ab.dsc'), text);
    expect(await refused()).toMatchObject({ code: 'file_corrupt', expected: 'the lines of a .dsc file' });
  });

  it('says which array is missing', async () => {
    writeSyntheticRun(folder, plain);
    const missing = cacheOf(1, 'shuffle_index');
    renameSync(missing, `${missing}.away`);
    const outcome = await open().catch((error: unknown) => error);
    expect(outcome).toMatchObject({ code: 'file_missing', message: 'shuffle_index is missing', where: missing });
  });

  it('says when the cache folder is missing', async () => {
    writeSyntheticRun(folder, plain);
    rmSync(join(folder, 'cache_0'), { recursive: true });
    await expect(open()).rejects.toMatchObject({
      code: 'file_missing',
      where: join(folder, 'cache_0'),
      found: 'ENOENT',
    });
  });

  it('refuses a run that claims more samples than were built', async () => {
    writeSyntheticRun(folder, plain);
    changeRun(({ phases }) => Object.assign(phases[0]!, { iterations: 6 }));
    expect(await refused()).toMatchObject({ code: 'config_invalid', found: '18 samples in 6 iterations' });
  });

  it('refuses token files that are not the declared ones', async () => {
    writeSyntheticRun(folder, plain);
    changeRun(({ sources }) => Object.assign(sources[1]!, { documents: 3 }));
    expect(await refused()).toMatchObject({ code: 'config_invalid', expected: '3 documents', found: '2 documents' });
  });

  it('refuses to join lines and sequences that do not stand one to one', async () => {
    writeSyntheticRun(folder, plain);
    const index = encodeTokenIndex('uint16', [6, 7]);
    // Line 0 has no tokens; line 1 has both sequences.
    index.writeBigInt64LE(0n, index.length - 16);
    writeFileSync(join(folder, 'source_1_text_document.idx'), index);
    expect((await open()).phases.length).toBe(1);
    changeRun(({ sources }) => Object.assign(sources[1]!, { corpus: 'source_1.jsonl' }));
    expect(await refused()).toMatchObject({ code: 'config_invalid', found: '2 lines and 2 sequences' });
  });

  it.each<[string, () => void, string]>([
    [
      'document_index beyond the token index',
      () => writeFileSync(cacheOf(1, 'document_index'), encodeNpy('int32', [0, 1, 2])),
      'document_index names a sequence that is not there',
    ],
    [
      'document_index with an uneven epoch',
      () => writeFileSync(cacheOf(1, 'document_index'), encodeNpy('int32', [0, 1, 1])),
      'document_index does not hold sequence 1 as often as the others',
    ],
    [
      'sample_index of another tokenisation',
      () => writeFileSync(join(folder, 'source_1_text_document.idx'), encodeTokenIndex('uint16', [7, 6])),
      'does not point at its token',
    ],
    [
      'sample_index without rows',
      () => writeFileSync(cacheOf(1, 'sample_index'), encodeNpy('int32', [], 2)),
      'sample_index is empty',
    ],
    [
      'shuffle_index of another length',
      () => writeFileSync(cacheOf(1, 'shuffle_index'), encodeNpy('uint32', [0])),
      'shuffle_index and sample_index do not fit',
    ],
  ])('refuses %s', async (_, spoil, message) => {
    writeSyntheticRun(folder, plain);
    spoil();
    expect(await refused()).toMatchObject({ code: 'file_corrupt', message: expect.stringContaining(message) });
  });

  it('reads true values or says what is wrong, for 300 runs with one mutated file', async () => {
    writeSyntheticRun(folder, { ...plain, wide: true });
    const files = [
      ...caches('.npy').map((path) => join('cache_0', path.slice(join(folder, 'cache_0').length + 1))),
      ...caches('.txt').map((path) => join('cache_0', path.slice(join(folder, 'cache_0').length + 1))),
      'source_0_text_document.idx',
      'source_1_text_document.idx',
      'run.json',
    ];
    const whole = new Map(files.map((name) => [name, readFileSync(join(folder, name))]));
    const mutation = fc.constantFrom(...files).chain((name) => {
      const { length } = whole.get(name)!;
      return fc.record({
        name: fc.constant(name),
        changes: fc.array(fc.tuple(fc.nat(length - 1), fc.nat(255)), { minLength: 1, maxLength: 2 }),
        keep: fc.oneof({ weight: 4, arbitrary: fc.constant(length) }, { weight: 1, arbitrary: fc.nat(length) }),
      });
    });
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(mutation, async ({ name, changes, keep }) => {
        const bytes = Buffer.from(whole.get(name)!);
        for (const [at, value] of changes) bytes[at] = value;
        writeFileSync(join(folder, name), bytes.subarray(0, keep));
        try {
          const run = await openAgain();
          expect(run.built).toBe(true);
          const report = await verifyRun({ opened: run, samples: 'all', seed: 1, oracle: null, decoder: null });
          expect(report.mismatches).toBe(0);
        } catch (error) {
          if (!(error instanceof TenkyoError)) throw error;
          refusals += 1;
          expect(['file_corrupt', 'file_missing', 'config_invalid']).toContain(error.code);
        } finally {
          for (const run of opened.splice(0)) await run.close();
          rmSync(join(folder, 'own'), { recursive: true, force: true });
          writeFileSync(join(folder, name), whole.get(name)!);
        }
      }),
      { numRuns: 300, seed: 4 },
    );
    expect(refusals).toBeGreaterThan(100);
  });
});
