import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TenkyoError } from '../errors.ts';
import { iterationsOf } from '../provenance/run.ts';
import { loadRunFile } from './run-file.ts';

const phase = {
  name: 'base',
  iterations: 10,
  globalBatchSize: 8,
  sequenceLength: 2048,
  seed: 1234,
  dataPath: ['wiki_text_document'],
  cachePath: 'cache',
};
const run = {
  name: 'lab',
  dataDirectory: 'megatron',
  corpusDirectory: 'corpus',
  sources: [
    { name: 'ja_wiki', prefix: 'wiki_text_document', corpus: 'wiki.jsonl' },
    { name: 'ja_cc', prefix: 'cc/cc_text_document' },
  ],
  phases: [phase],
};

describe('loadRunFile', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-run-file-'));
    file = join(folder, 'run.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const load = (value: unknown, name?: string) => {
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
    return loadRunFile(file, name);
  };
  const problems = async (value: unknown, name?: string): Promise<string> => {
    const outcome = await load(value, name).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(TenkyoError);
    expect(outcome).toMatchObject({ code: 'config_invalid', where: file });
    return (outcome as TenkyoError).message;
  };

  it('reads the demonstration', async () => {
    const { name, datasets, phases } = await loadRunFile('demo/run/run.json', 'demo');
    expect(name).toBe('demo');
    expect(datasets[0]).toEqual({
      source: 'ja_encyclopedia',
      prefix: resolve('demo/run/megatron/ja_encyclopedia_text_document'),
      corpus: resolve('demo/corpus/ja_encyclopedia.jsonl'),
      expected: { documents: 240, tokens: 36_440 },
    });
    expect(phases.map(({ iterationOffset, iterations }) => [iterationOffset, iterations])).toEqual([
      [0, 870],
      [870, 170],
    ]);
    expect(phases[1]?.blend).toEqual([
      { source: 'ja_encyclopedia', weight: 0.64 },
      { source: 'en_encyclopedia', weight: 0.36 },
    ]);
    expect(phases[1]?.caches.directory).toBe(resolve('demo/run/megatron/cache/refined'));
  });

  it('makes paths absolute and lets phases follow each other', async () => {
    const loaded = await load({
      ...run,
      phases: [phase, { ...phase, name: 'second', dataPath: [0.3, 'wiki_text_document', 0.7, 'cc/cc_text_document'] }],
    });
    expect(loaded.datasets.map(({ prefix, corpus }) => [prefix, corpus])).toEqual([
      [join(folder, 'megatron/wiki_text_document'), join(folder, 'corpus/wiki.jsonl')],
      [join(folder, 'megatron/cc/cc_text_document'), null],
    ]);
    expect(loaded.phases.map(({ iterationOffset }) => iterationOffset)).toEqual([0, 10]);
    expect(loaded.phases[0]).toMatchObject({
      blend: [{ source: 'ja_wiki', weight: null }],
      segments: [{ fromSample: 0, fromIteration: 0, globalBatchSize: 8 }],
      caches: { directory: join(folder, 'megatron/cache'), hashes: null },
    });
    expect(loaded.phases[1]?.blend).toEqual([
      { source: 'ja_wiki', weight: 0.3 },
      { source: 'ja_cc', weight: 0.7 },
    ]);
  });

  it('turns a ramp-up and changes at a resume into segments', async () => {
    const ramped = await load({ ...run, phases: [{ ...phase, rampUp: { start: 2, increment: 3, samples: 10 } }] });
    // Before iteration 0: 0 samples, batch 2; 2, 4: still the first step; 6 ≥ 5: batch 5; 11 > 10: batch 8.
    expect(ramped.phases[0]?.segments).toEqual([
      { fromSample: 0, fromIteration: 0, globalBatchSize: 2 },
      { fromSample: 6, fromIteration: 3, globalBatchSize: 5 },
      { fromSample: 11, fromIteration: 4, globalBatchSize: 8 },
    ]);
    const changed = await load({
      ...run,
      phases: [{ ...phase, batchChanges: [{ fromIteration: 4, globalBatchSize: 16 }] }],
    });
    expect(changed.phases[0]?.segments).toEqual([
      { fromSample: 0, fromIteration: 0, globalBatchSize: 8 },
      { fromSample: 32, fromIteration: 4, globalBatchSize: 16 },
    ]);
  });

  it('reads YAML', async () => {
    const loaded = await load(
      'name: lab\nsources: [{ name: a, prefix: a_text_document }]\nphases:\n  - { name: base, iterations: 1, ' +
        'globalBatchSize: 1, sequenceLength: 8, seed: 1, dataPath: [a_text_document], cachePath: cache }\n',
    );
    expect(loaded.datasets[0]?.prefix).toBe(join(folder, 'a_text_document'));
  });

  it('cuts skipped ranges out by either convention', async () => {
    const skipped = [
      { convention: 'upstream', from: 1, to: 2 },
      { convention: 'llm-jp', from: 5, to: 6, samplesTaken: 4, resumedAt: 11 },
    ];
    const { phases } = await load({ ...run, phases: [{ ...phase, skipped }] });
    expect(phases[0]?.skipped).toEqual([
      { from: 1, to: 2 },
      { from: 4, to: 5 },
    ]);
    expect(phases[0]?.segments).toEqual([
      { fromSample: 0, fromIteration: 0, globalBatchSize: 8 },
      { fromSample: 32, fromIteration: 4, globalBatchSize: 2 },
      { fromSample: 36, fromIteration: 6, globalBatchSize: 8 },
    ]);
  });

  it('refuses what no file can tell, with the reason', async () => {
    const llmJp = { convention: 'llm-jp', from: 5, to: 6 };
    const message = await problems({
      ...run,
      phases: [
        { ...phase, dataloader: 'cyclic' },
        { ...phase, name: 'b', skipped: [llmJp] },
        {
          ...phase,
          name: 'c',
          skipped: [{ ...llmJp, samplesTaken: 5 }],
          rampUp: { start: 2, increment: 3, samples: 9 },
        },
        { ...phase, name: 'd', skipped: [{ convention: 'upstream', from: 3, to: 10 }] },
        {
          ...phase,
          name: 'e',
          dataPath: ['wiki_text_document', 'cc/cc_text_document'],
          reconstruct: { rule: 'core' },
        },
        { ...phase, name: 'f', skipped: [{ ...llmJp, samplesTaken: 4, resumedAt: 8 }] },
      ],
    });
    for (const line of [
      'phases[0].dataloader: found "cyclic", expected "single": a cyclic or external loader shuffles again',
      'phases[1].skipped[0].samplesTaken: found nothing, expected the number of samples that the loader gave',
      'phases[1].skipped[0].resumedAt: found nothing, expected the iteration, from 1, at which the training was next',
      "phases[5].skipped[0].resumedAt: found 8, expected never, or an iteration after the phase's 10: from there on",
      "phases[2].skipped[0].samplesTaken: found 5, expected a multiple of the range's 2 iterations",
      'phases[2].skipped[0]: found both, expected no rampUp in the same phase',
      'phases[3].skipped[0]: found 3 to 10, expected iterations from 0 to 9',
      'phases[4].reconstruct: found both, expected either cachePath and caches, or reconstruct',
      'phases[4].reconstruct: found prefixes alone, expected weights in dataPath',
    ]) {
      expect(message).toContain(line);
    }
  });

  it('keeps phases without an order, and their texts, apart', async () => {
    const tuned = { name: 'lab_sft', corpus: 'sft.jsonl', format: 'sft' };
    const sft = { name: 'sft', order: 'unknown', sources: ['lab_sft'] };
    const loaded = await load({ ...run, sources: [...run.sources, tuned], phases: [phase, sft] });
    expect(loaded.datasets.map(({ source }) => source)).toEqual(['ja_wiki', 'ja_cc']);
    expect(loaded.texts).toEqual([{ source: 'lab_sft', corpus: join(folder, 'corpus/sft.jsonl'), format: 'sft' }]);
    expect(loaded.phases.map(({ name }) => name)).toEqual(['base']);
    expect(loaded.unorderedPhases).toEqual([{ name: 'sft', sources: ['lab_sft'] }]);

    const message = await problems({
      ...run,
      sources: [...run.sources, { name: 'nothing' }, { ...run.sources[0], name: 'c', prefix: 'c', format: 'sft' }],
      phases: [{ ...sft, sources: ['ja_wiki'] }],
    });
    expect(message).toContain('phases: found none with iterations, expected at least one');
    expect(message).toContain('sources[2]: found neither, expected prefix (token files), corpus (texts), or both');
    expect(message).toContain('sources[3].format: found "sft", expected no format beside prefix');
    expect(message).toContain('phases[0].sources[0]: found "ja_wiki", expected a source without prefix: nothing');
  });

  it.each([
    ['llm-jp-v1.0-13b', 11, 96_657],
    ['llm-jp-3-13b', 1, 494_120],
    ['demo', 2, 1040],
  ])('reads the example %s', async (name, phases, iterations) => {
    const loaded = await loadRunFile(`docs/examples/${name}.yaml`);
    expect(loaded.phases.length).toBe(phases);
    expect(iterationsOf(loaded)).toBe(iterations);
  });

  it('says in the commented demonstration what the demonstration says', async () => {
    const [commented, demo] = await Promise.all(
      ['docs/examples/demo.yaml', 'demo/run/run.json'].map((path) => loadRunFile(path)),
    );
    const bare = (loaded: typeof demo) => ({
      ...loaded,
      file: '',
      datasets: loaded?.datasets.map((dataset) => ({ ...dataset, expected: null })),
      phases: loaded?.phases.map(({ caches, ...rest }) => ({ ...rest, caches: caches.directory })),
    });
    expect(bare(commented)).toEqual(bare(demo));
  });

  it('names every wrong value at once', async () => {
    const message = await problems({ ...run, sources: [], extra: 1, phases: [{ ...phase, seed: 'x', iterations: 0 }] });
    expect(message).toContain('4 problems');
    expect(message).toContain('sources: found [], expected at least 1');
    expect(message).toContain('phases[0].iterations: found 0, expected at least 1');
    expect(message).toContain('phases[0].seed: found "x", expected number');
    expect(message).toContain('no key "extra" here');
  });

  it('names everything that does not fit together at once', async () => {
    const message = await problems(
      {
        ...run,
        sources: [...run.sources, run.sources[0]],
        phases: [
          { ...phase, dataPath: [0.5, 'wiki_text_document', 0.5] },
          { ...phase, iterationOffset: 9, dataPath: ['nowhere'] },
          {
            ...phase,
            name: 'c',
            rampUp: { start: 3, increment: 2, samples: 5 },
            batchChanges: [{ fromIteration: 10, globalBatchSize: 1 }],
          },
          {
            ...phase,
            name: 'd',
            dataPath: ['wiki_text_document', 'cc/cc_text_document'],
            caches: { datasets: [{ dataset: 'wiki_text_document', hash: 'a' }] },
          },
        ],
      },
      'other',
    );
    for (const line of [
      'name: found "lab", expected "other", as the configuration calls the run',
      'sources[2].name: found "ja_wiki", expected a name used once',
      'sources[2].prefix: found "wiki_text_document", expected a name used once',
      'phases[1].name: found "base", expected a name used once',
      'phases[0].dataPath: found [0.5,"wiki_text_document",0.5], expected weight, prefix, weight, prefix … or prefixes alone',
      'phases[1].iterationOffset: found 9, expected at least 10, where the phase before ends',
      `phases[1].dataPath: found "nowhere", expected a source's prefix: wiki_text_document, cc/cc_text_document, wiki_text_document`,
      'phases[2].batchChanges: found both rampUp and batchChanges, expected one of the two',
      'phases[2].rampUp: found from 3 by 2, expected steps that reach globalBatchSize 8',
      'phases[2].batchChanges[0].fromIteration: found 10, expected an iteration after 0 and before 10',
      'phases[3].caches.datasets: found wiki_text_document, expected the datasets of dataPath in its order: wiki_text_document, cc/cc_text_document',
      'phases[3].caches.blended: found nothing, expected the hash of the blend, since dataPath names several datasets',
    ]) {
      expect(message).toContain(line);
    }
  });

  it('says where the text is no JSON or YAML', async () => {
    expect(await problems('{"name": "lab", "sources": [')).toContain('expected valid JSON or YAML');
  });

  it('says when the file is missing', async () => {
    await expect(loadRunFile(join(folder, 'none.json'))).rejects.toMatchObject({
      code: 'file_missing',
      found: 'ENOENT',
    });
  });
});
