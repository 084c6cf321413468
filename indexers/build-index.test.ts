import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../src/clock.ts';
import { defaultFields } from '../src/corpus/fields.ts';
import type { CorpusPart } from '../src/corpus/part.ts';
import type { Embedder } from '../src/embedding/embedder.ts';
import { createCurrentIndex } from '../src/search/embedded/current-index.ts';
import { openIndex } from '../src/search/embedded/open-index.ts';
import { keywordTokens } from '../src/text/tokens.ts';
import { createLetterEmbedder } from '../test/support/search-fakes.ts';
import { buildIndex } from './build-index.ts';
import { planBuild } from './plan-build.ts';
import type { BuildProgress } from './progress.ts';

let folder: string;
let directory: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-build-'));
  directory = join(folder, 'index');
});
afterEach(() => rm(folder, { recursive: true }));

const embedder = createLetterEmbedder();
const corpus = () => ({ name: 'a/b', documents: join(folder, '*.jsonl') });
const corpusFolder = () => join(directory, 'a%2Fb');
const write = (source: string, lines: readonly unknown[]) =>
  writeFile(
    join(folder, `${source}.jsonl`),
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );
const build = (options: Partial<Parameters<typeof buildIndex>[0]> = {}) =>
  buildIndex({ corpus: corpus(), embedder, directory, clock: systemClock, ...options });
const open = (fingerprint: string | null = embedder.fingerprint) =>
  openIndex({ directory, corpus: 'a/b', embedder: fingerprint, clock: systemClock });
const find = async (text: string) => {
  const index = await open();
  const tokens = keywordTokens(text).map((token) => ({ token, weight: 1 }));
  const { hits } = await index.keyword.search(tokens, { limit: 10, sources: null });
  const found = await index.documents.passages(hits.map(({ passageId }) => passageId));
  await index.close();
  return found;
};
const numbered = (count: number) =>
  Array.from({ length: count }, (_, number) => ({
    id: `d${number}`,
    text: `これは${number}番の文書です。地震について述べる。`,
  }));

describe('buildIndex', () => {
  it('makes an index that can be searched, and does nothing the second time', async () => {
    await write('ja_web', [
      { id: 'x', text: '地震が起きた。', meta: { title: 'ナマズ', url: 'https://example.com/', topic: ['t'] } },
    ]);
    const { built, manifest } = await build();
    expect(built).toBe(true);
    expect(manifest).toMatchObject({
      corpus: 'a/b',
      documents: 1,
      passages: 1,
      vectors: 1,
      rejects: { count: 0, first: [] },
    });
    expect(await find('ナマズ')).toEqual([
      {
        id: 'ja_web:0:0-7',
        documentId: 'x',
        source: 'ja_web',
        sequence: 0,
        title: 'ナマズ',
        url: 'https://example.com/',
        lang: null,
        text: '地震が起きた。',
        start: 0,
        end: 7,
      },
    ]);
    const index = await open();
    expect(await index.documents.byId('x')).toMatchObject([{ meta: { topic: ['t'] } }]);
    await index.close();
    expect((await build()).built).toBe(false);
    expect(await planBuild({ corpus: corpus(), embedder, directory, clock: systemClock })).toMatchObject({
      current: { buildId: manifest.buildId },
      files: [{ name: 'ja_web', lines: 1 }],
    });
    expect(await readdir(join(corpusFolder(), manifest.buildId))).toEqual([
      'index.sqlite',
      'manifest.json',
      'spans.bin',
    ]);
  });

  it('keeps any text as it is: NUL, other planes, lone surrogates as U+FFFD', async () => {
    const text = 'a\0b 𠮷野家 \ud800 ｶﾞｽ don\'t 3.14 "quoted" ナマズ';
    await write('odd', [{ id: 'x', text }]);
    await build();
    for (const word of ["don't", '3.14', '𠮷野', 'ガス', 'quoted']) {
      expect((await find(word)).map((passage) => passage.text)).toEqual([text.toWellFormed()]);
    }
  });

  it('counts lines that are no documents, names them, and gives up where that was asked', async () => {
    await write('ja_web', [{ text: '一' }, '{broken', { text: 3 }, { text: '地震' }]);
    await expect(build({ maximumRejects: 1 })).rejects.toMatchObject({
      code: 'file_corrupt',
      where: `${join(folder, 'ja_web.jsonl')}:2`,
      found: expect.stringContaining('2; the first: not JSON'),
    });
    const { manifest } = await build({ maximumRejects: 2 });
    expect(manifest).toMatchObject({ documents: 2, rejects: { count: 2, first: [{ line: 2 }, { line: 3 }] } });
    expect((await find('地震')).map(({ sequence }) => sequence)).toEqual([3]);
  });

  it('goes on where it was stopped, in texts and in vectors, and is the same index then', async () => {
    await write('ja_web', numbered(100));
    await write('ja_wiki', numbered(60));
    const whole = (await build()).manifest;
    await rm(directory, { recursive: true });

    const seen: BuildProgress[] = [];
    const stopAt = (step: BuildProgress['step'], done: number) => {
      const stop = new AbortController();
      const progress = (state: BuildProgress) => {
        seen.push(state);
        if (state.step === step && state.done >= done) stop.abort(new Error('stopped'));
      };
      return { progress, signal: stop.signal };
    };
    // Every report counts here, none is held back.
    let time = 0;
    const clock = { ...systemClock, now: () => (time += 1_000) };
    await expect(build({ clock, ...stopAt('texts', 110) })).rejects.toThrow('stopped');
    await expect(open()).rejects.toMatchObject({ code: 'index_missing' });
    await expect(build({ clock, ...stopAt('vectors', 64) })).rejects.toThrow('stopped');
    const starts = seen
      .filter(({ step, done }, at) => step === 'texts' && (at === 0 || done > 100))
      .map(({ done }) => done);
    expect(starts[0]).toBe(0);
    const { manifest } = await build({ clock, progress: (state) => seen.push(state) });
    expect(seen.find(({ step, done }) => step === 'vectors' && done > 64)).toBeDefined();
    expect(seen.filter(({ step, done }) => step === 'vectors' && done === 0).length).toBe(1);
    expect(manifest).toMatchObject({ documents: 160, passages: 160, vectors: 160, fingerprint: whole.fingerprint });
    expect(await readdir(corpusFolder())).toEqual([manifest.buildId, 'current']);
    expect((await find('42番の文書')).map(({ source, sequence }) => [source, sequence]).slice(0, 2)).toEqual([
      ['ja_web', 42],
      ['ja_wiki', 42],
    ]);
  });

  it('builds again when a file, the embedder or the index itself has changed', async () => {
    await write('ja_web', numbered(3));
    const first = await build();
    await appendFile(join(folder, 'ja_web.jsonl'), '{"text":"津波"}\n');
    const second = await build();
    expect([second.built, second.manifest.documents]).toEqual([true, 4]);
    const third = await build({ embedder: createLetterEmbedder({ fingerprint: 'other', dimensions: 8 }) });
    expect(third.built).toBe(true);
    expect(third.manifest.fingerprint).not.toBe(first.manifest.fingerprint);
    await truncate(join(corpusFolder(), third.manifest.buildId, 'index.sqlite'), 4_096);
    await expect(open('other')).rejects.toMatchObject({
      code: 'file_corrupt',
      remedy: 'Build it again: tenkyo index a/b',
    });
    const fourth = await build({ embedder: createLetterEmbedder({ fingerprint: 'other', dimensions: 8 }) });
    expect(fourth.built).toBe(true);
    await (await open('other')).close();
  });

  it('says what is wrong with the corpus', async () => {
    await expect(build()).rejects.toMatchObject({ code: 'file_missing', where: corpus().documents });
    await write('x', [{ text: 'a' }]);
    const texts = { format: 'jsonl', files: [join(folder, '*.jsonl')], order: 'sorted', sources: [] } as const;
    const both: CorpusPart[] = [
      { ...texts, fields: defaultFields },
      { ...texts, fields: defaultFields, format: 'sft' },
    ];
    await expect(build({ corpus: { name: 'a/b', documents: both } })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('"x" is both pretraining and sft data'),
    });
  });

  it('runs the numbers of a source on over its files', async () => {
    await write('x_0000', [{ text: 'ichi' }, { text: 'ni' }]);
    await write('x_0001', [{ text: 'san' }]);
    await mkdir(join(folder, 'deep'));
    await cp(join(folder, 'x_0000.jsonl'), join(folder, 'deep', 'x_0000.jsonl'));
    const deep = { name: 'a/b', documents: join(folder, '**', '*.jsonl') };
    const { manifest } = await build({ corpus: deep });
    expect(manifest.files.map(({ name }) => name)).toEqual(['x/deep/x_0000.jsonl', 'x/x_0000.jsonl', 'x/x_0001.jsonl']);
    expect(await find('san')).toMatchObject([{ source: 'x', sequence: 4, documentId: 'x/x_0001.jsonl#1' }]);
    expect((await find('ni')).map(({ sequence }) => sequence)).toEqual([1, 3]);
    // A file that grows moves the numbers of those behind it: nothing of them can be kept.
    await appendFile(join(folder, 'x_0000.jsonl'), '{"text":"yon"}\n');
    await build({ corpus: deep });
    expect((await find('san')).map(({ sequence }) => sequence)).toEqual([5]);
    expect((await find('yon')).map(({ sequence }) => sequence)).toEqual([4]);
  });

  it('works without an embedder, and with one that has no vector for a text', async () => {
    await write('x', [{ text: '123' }, { text: '地震' }]);
    expect((await build({ embedder: null })).manifest).toMatchObject({ passages: 2, vectors: 0 });
    const bare = await open();
    expect(bare.vector).toBeNull();
    await bare.close();
    expect((await build()).manifest).toMatchObject({ passages: 2, vectors: 1 });
  });

  it('says when the embedder fails, and goes on when it works again', async () => {
    await write('x', numbered(40));
    const down: Embedder = { ...embedder, embed: () => Promise.reject(new Error('down')) };
    await expect(build({ embedder: down })).rejects.toThrow('down');
    expect((await build()).manifest).toMatchObject({ passages: 40, vectors: 40 });
  });
});

describe('openIndex', () => {
  it('refuses an index made otherwise, with the command that builds it again', async () => {
    await write('x', numbered(2));
    const { manifest } = await build();
    await expect(open('another model')).rejects.toMatchObject({
      code: 'index_mismatch',
      expected: 'embedding model another model',
      found: 'embedding model letters',
      remedy: 'Build it again: tenkyo index a/b',
    });
    await (await open(null)).close();
    const file = join(corpusFolder(), manifest.buildId, 'manifest.json');
    const content = await readFile(file, 'utf8');
    await writeFile(file, content.replace(`"icu": "${process.versions.icu}"`, '"icu": "1.0"'));
    await expect(open()).rejects.toMatchObject({ code: 'index_mismatch', found: 'ICU version 1.0' });
    await writeFile(file, '{');
    await expect(open()).rejects.toMatchObject({ code: 'file_corrupt', where: file });
  });

  it('says when the database is no database', async () => {
    await write('x', numbered(50));
    const { manifest } = await build();
    const file = join(corpusFolder(), manifest.buildId, 'index.sqlite');
    const bytes = await readFile(file);
    await writeFile(file, Buffer.alloc(bytes.length, 'x'));
    await expect(open()).rejects.toMatchObject({ code: 'file_corrupt', where: file });
    await writeFile(file, Buffer.concat([bytes.subarray(0, 4_096), Buffer.alloc(bytes.length - 4_096, 7)]));
    await expect(open()).rejects.toMatchObject({ code: 'file_corrupt', where: file });
  });
});

describe('createCurrentIndex', () => {
  it('goes over to a new build with the next search, and closes the old one after its last', async () => {
    await write('x', numbered(2));
    await build();
    const current = createCurrentIndex({
      directory,
      corpus: 'a/b',
      embedder: embedder.fingerprint,
      clock: systemClock,
    });
    const counts = () => current.use(async ({ facts }) => facts.documents);
    expect(await Promise.all([counts(), counts()])).toEqual([2, 2]);
    await current.use(async (old) => {
      await write('x', numbered(5));
      await build();
      expect(await counts()).toBe(5);
      expect((await old.documents.byId('d1')).length).toBe(1);
    });
    await current.close();
    await expect(
      createCurrentIndex({ directory, corpus: 'none', embedder: null, clock: systemClock }).use(async () => 1),
    ).rejects.toMatchObject({ code: 'index_missing' });
  });
});
