import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../src/clock.ts';
import { defaultFields } from '../src/corpus/fields.ts';
import type { CorpusPart } from '../src/corpus/part.ts';
import { indexContent } from '../test/support/index-content.ts';
import { buildIndex } from './build-index.ts';
import { countFiles } from './corpus-files.ts';
import { corpusIndexes } from './corpus-indexes.ts';
import { estimateBuild } from './estimate.ts';
import { listFiles } from './list-files.ts';
import { planBuild } from './plan-build.ts';
import type { BuildProgress } from './progress.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (name: string, records: readonly object[]): Promise<void> => {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
};
const texts = (name: string, count: number) =>
  Array.from({ length: count }, (_, number) => ({ text: `${name}の${number}番の文書です。` }));
const part = (files: string, source: string, format: 'jsonl' | 'sft' | 'preference' = 'jsonl'): CorpusPart => ({
  format,
  files: [join(folder, files)],
  order: 'sorted',
  sources: [{ match: '**', source }],
  fields: defaultFields,
});
const dump = (files: string): CorpusPart => ({
  format: 'dump',
  files: [join(folder, files)],
  order: 'sorted',
  sources: [],
  tokenizer: null,
  sequenceLength: null,
  iterations: 100,
  folds: [],
});
const rows = (count: number) =>
  texts('行', count).map((row, iteration) => ({
    ...row,
    iteration,
    dataset_name: '/d/wiki_text_document',
    doc_ids: [],
  }));

const options = (documents: readonly CorpusPart[], directory = 'index') => ({
  corpus: { name: 'c', documents },
  embedder: null,
  directory: join(folder, directory),
  clock: systemClock,
});
/** Builds, and says how many lines were read for it. */
const build = async (documents: readonly CorpusPart[], directory?: string) => {
  const seen: BuildProgress[] = [];
  const asked = { ...options(documents, directory), progress: (state: BuildProgress) => void seen.push(state) };
  const { manifest } = await buildIndex(asked);
  const database = join(asked.directory, 'c', manifest.buildId, 'index.sqlite');
  return { manifest, database, lines: seen.find(({ step }) => step === 'texts')?.total ?? 0 };
};

describe('several files of one source', () => {
  it('adds the second file and reads the first no more, though its name is a longer one now', async () => {
    await write('wiki_0.jsonl', texts('甲', 30));
    const all = [part('wiki_*.jsonl', 'wiki')];
    expect((await build(all)).manifest.files.map(({ name }) => name)).toEqual(['wiki']);
    await write('wiki_1.jsonl', texts('乙', 4));
    const second = await build(all);
    expect(second).toMatchObject({ lines: 4, manifest: { documents: 34 } });
    expect(second.manifest.files.map(({ name }) => name)).toEqual(['wiki/wiki_0.jsonl', 'wiki/wiki_1.jsonl']);
    expect(indexContent(second.database)).toEqual(indexContent((await build(all, 'afresh')).database));
  });

  it('tells files of one name apart, in their ids and when one of them grows', async () => {
    await write('a/part.jsonl', texts('甲', 20));
    await write('b/part.jsonl', texts('乙', 10));
    const all = [part('a/*.jsonl', 'wiki'), part('b/*.jsonl', 'wiki')];
    await build(all);
    const ids = [];
    for (const file of await countFiles({ name: 'c', documents: all })) {
      for await (const read of file.read({})) if (read.kind === 'document') ids.push(read.document.id);
    }
    expect(new Set(ids).size).toBe(30);
    expect(ids[20]).toBe('wiki/b/part.jsonl#1');
    await write('b/part.jsonl', [...texts('乙', 10), ...texts('丙', 3)]);
    const second = await build(all);
    expect(second).toMatchObject({ lines: 3, manifest: { documents: 33 } });
    expect(indexContent(second.database)).toEqual(indexContent((await build(all, 'afresh')).database));
    // What stands behind it in the source gets other numbers: nothing can be kept.
    await write('a/part.jsonl', texts('甲', 21));
    expect((await build(all)).lines).toBe(34);
  });

  it('refuses a file that two declarations name', async () => {
    await write('a.jsonl', texts('甲', 2));
    const both = corpusIndexes({ name: 'c', documents: [part('a.jsonl', 'a'), part('*.jsonl', 'tuned', 'sft')] });
    for (const { documents, apart } of [both.texts, both.tuning!]) {
      await expect(listFiles({ name: 'c', documents, apart })).rejects.toMatchObject({
        code: 'config_invalid',
        message: 'a file is declared twice (corpus "c")',
        found: join(folder, 'a.jsonl'),
      });
    }
  });

  it('refuses a source that is texts and tuning data: a run would know the one by the number of the other', async () => {
    await write('a.jsonl', texts('甲', 2));
    await write('sft/a.jsonl', [{ instruction: '問い', output: '答え' }]);
    const both = corpusIndexes({ name: 'c', documents: [part('a.jsonl', 'a'), part('sft/*.jsonl', 'a', 'sft')] });
    await expect(listFiles(both.texts)).rejects.toMatchObject({ message: expect.stringContaining('"a" is both') });
  });

  it('numbers the rows of a dump after all else, so that texts keep the numbers that a run knows', async () => {
    await write('used_data_0.jsonl', rows(5));
    await write('used_data_1.jsonl', rows(2));
    await write('wiki.jsonl', texts('甲', 3));
    const files = await countFiles({ name: 'c', documents: [dump('used_data_*.jsonl'), part('wiki.jsonl', 'wiki')] });
    const numbers = [];
    for (const file of files) {
      for await (const read of file.read({})) if (read.kind === 'document') numbers.push(read.document.sequence);
    }
    expect(numbers).toEqual([3, 4, 5, 6, 7, 8, 9, 0, 1, 2]);
  });
});

it('estimates every format by reading it as a build does', async () => {
  await write('sft.jsonl', [{ instruction: '地震の原因は？', output: '岩盤がずれます。' }]);
  await write('dpo.jsonl', [{ prompt: '津波とは？', chosen: '高い波です。', rejected: '魚です。' }]);
  await write('used_data_0.jsonl', rows(4));
  const all = [part('sft.jsonl', 'tuned', 'sft'), part('dpo.jsonl', 'preferred', 'preference'), dump('used_*.jsonl')];
  const estimate = await estimateBuild(options(all), await planBuild(options(all)));
  const { manifest } = await build(all);
  expect(estimate.passagesOf).toEqual([1, 1, 4]);
  expect(estimate.passages).toBe(manifest.passages);
});
