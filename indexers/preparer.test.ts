import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { systemClock } from '../src/clock.ts';
import { indexContent } from '../test/support/index-content.ts';
import { buildIndex } from './build-index.ts';
import { createPreparer, threadsFor } from './preparer.ts';

const root = resolve(fileURLToPath(import.meta.url), '../..');

describe('createPreparer', () => {
  it('gives the same passages in the same order, whoever makes them', async () => {
    const alone = createPreparer({ threads: 0 });
    const threads = createPreparer({ threads: 2 });
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 600 }),
      fc.string({ unit: 'binary', maxLength: 50 }),
      fc.constantFrom('', '。', '今日は良い天気です。'.repeat(60), '\ud800 lone', 'a\0b'),
    );
    const batch = fc.array(fc.record({ text, title: fc.option(text) }), { maxLength: 8 });
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(batch, { maxLength: 8 }), async (batches) => {
          const documents = batches.map((records) =>
            records.map((record, sequence) => {
              const place = { id: `d${sequence}`, source: 's', sequence };
              return { ...place, ...record, url: null, lang: null, meta: { sequence } };
            }),
          );
          const both = await Promise.all(
            [alone, threads].map((preparer) => Promise.all(documents.map(preparer.prepare))),
          );
          expect(both[1]).toEqual(both[0]);
        }),
        { numRuns: 60 },
      );
    } finally {
      await threads.close();
    }
  });

  it('tells those who wait when it is closed', async () => {
    const preparer = createPreparer({ threads: 1 });
    const document = { id: 'd', source: 's', sequence: 0, title: null, url: null, lang: null, meta: {} };
    const waiting = preparer.prepare([{ ...document, text: '地震。'.repeat(200_000) }]);
    const told = expect(waiting).rejects.toMatchObject({ code: 'internal' });
    await preparer.close();
    await told;
  });

  it('takes no threads for a small corpus', () => {
    expect(threadsFor(500_000)).toBe(0);
    expect(threadsFor(500_000_000)).toBeGreaterThan(0);
  });
});

describe('a build with threads', () => {
  it('writes the same index, posting for posting', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenkyo-threads-'));
    try {
      const long = { id: 'long', text: '吾輩は猫である。名前はまだ無い。'.repeat(3_000) };
      await writeFile(join(folder, 'long.jsonl'), `${JSON.stringify(long)}\n{broken\n${JSON.stringify(long)}`);
      const contents = [];
      for (const threads of [0, 1, 3]) {
        const directory = join(folder, `index-${threads}`);
        const corpus = { name: 'demo', documents: `{${join(root, 'demo/corpus')},${folder}}/*.jsonl` };
        const { manifest } = await buildIndex({ corpus, embedder: null, directory, clock: systemClock, threads });
        expect(manifest).toMatchObject({ documents: 602, rejects: { count: 1 } });
        contents.push(indexContent(join(directory, 'demo', manifest.buildId, 'index.sqlite')));
      }
      expect(contents[0]!.postings!.length).toBeGreaterThan(100_000);
      expect(isDeepStrictEqual(contents[1], contents[0])).toBe(true);
      expect(isDeepStrictEqual(contents[2], contents[0])).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
