import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLetterEmbedder } from '../../test/support/search-fakes.ts';
import { openEmbeddingCache } from './cache.ts';
import type { Embedder } from './embedder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-cache-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** An embedder that keeps what it was asked. */
const listening = (inner: Embedder) => {
  const asked: string[][] = [];
  const embed: Embedder['embed'] = (texts, role, options) => {
    asked.push([...texts]);
    return inner.embed(texts, role, options);
  };
  return { embedder: { ...inner, embed }, asked };
};

describe('the embedding cache', () => {
  const file = () => join(folder, 'deep', 'embeddings.sqlite');

  it('asks for each passage once, also after it was closed, and gives the same vectors in order', async () => {
    const { embedder, asked } = listening(createLetterEmbedder());
    const first = openEmbeddingCache({ file: file() });
    const plain = await createLetterEmbedder().embed(['あい', '', 'うえ', 'xyz'], 'passage');
    expect(await first.wrap(embedder).embed(['あい', '', 'xyz'], 'passage')).toEqual([plain[0], null, plain[3]]);
    first.close();
    const second = openEmbeddingCache({ file: file() });
    expect(await second.wrap(embedder).embed(['xyz', 'うえ', '', 'あい'], 'passage')).toEqual([
      plain[3],
      plain[2],
      null,
      plain[0],
    ]);
    second.close();
    expect(asked).toEqual([['あい', '', 'xyz'], ['うえ']]);
  });

  it('keeps embedders apart, and lets queries pass by', async () => {
    const a = listening(createLetterEmbedder({ fingerprint: 'a' }));
    const b = listening(createLetterEmbedder({ fingerprint: 'b', dimensions: 4 }));
    const cache = openEmbeddingCache({ file: file() });
    for (const { embedder } of [a, b, a, b]) {
      const [vector] = await cache.wrap(embedder).embed(['あい'], 'passage');
      expect(vector).toHaveLength(embedder.dimensions);
    }
    await cache.wrap(a.embedder).embed(['あい'], 'query');
    await cache.wrap(a.embedder).embed(['あい'], 'query');
    cache.close();
    expect([a.asked.length, b.asked.length]).toEqual([3, 1]);
  });

  it('keeps nothing of a request that fails', async () => {
    const { embedder, asked } = listening(createLetterEmbedder());
    const cache = openEmbeddingCache({ file: file() });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(cache.wrap(embedder).embed(['あい'], 'passage', { signal })).rejects.toThrow('enough');
    expect(await cache.wrap(embedder).embed(['あい'], 'passage')).toHaveLength(1);
    cache.close();
    expect(asked).toHaveLength(2);
  });

  it('may be open twice', async () => {
    const { embedder, asked } = listening(createLetterEmbedder());
    const [one, two] = [openEmbeddingCache({ file: file() }), openEmbeddingCache({ file: file() })];
    await one.wrap(embedder).embed(['あい'], 'passage');
    await two.wrap(embedder).embed(['あい'], 'passage');
    await two.wrap(embedder).embed(['うえ'], 'passage');
    await one.wrap(embedder).embed(['うえ'], 'passage');
    one.close();
    two.close();
    expect(asked).toEqual([['あい'], ['うえ']]);
  });

  it('keeps to its limit: what no build has asked for the longest goes first', async () => {
    const dimensions = 256;
    const limitBytes = 2 ** 20;
    const texts = (from: number, count: number) => Array.from({ length: count }, (_, k) => `文${from + k}`);
    const batches = (all: readonly string[]) =>
      Array.from({ length: Math.ceil(all.length / 32) }, (_, k) => all.slice(k * 32, (k + 1) * 32));
    /** How many of the texts a build must embed anew, asking for them in batches. */
    const build = async (all: readonly string[]): Promise<number> => {
      const { embedder, asked } = listening(createLetterEmbedder({ dimensions }));
      const cache = openEmbeddingCache({ file: file(), limitBytes });
      const wrapped = cache.wrap(embedder);
      for (const some of batches(all)) expect(await wrapped.embed(some, 'passage')).toHaveLength(some.length);
      cache.close();
      expect((await stat(file())).size).toBeLessThanOrEqual(limitBytes * 1.1);
      return asked.flat().length;
    };
    // About 750 fit.
    expect(await build(texts(0, 300))).toBe(300);
    expect(await build(texts(300, 300))).toBe(300);
    // The first are used again, so that the second ones are the oldest.
    expect(await build(texts(0, 300))).toBe(0);
    expect(await build(texts(600, 320))).toBe(320);
    expect(await build(texts(0, 300))).toBe(0);
    expect(await build(texts(300, 300))).toBeGreaterThan(0);
    // More than fits, in one build: it ends, and the newest are there.
    expect(await build(texts(1_000, 3_000))).toBe(3_000);
    expect(await build(texts(3_900, 100))).toBe(0);
    expect(await build(texts(1_000, 100))).toBe(100);
  });

  it('is begun anew where the file is no database', async () => {
    const broken = join(folder, 'broken.sqlite');
    await writeFile(broken, 'no database at all, and long enough to be looked at as one'.repeat(100));
    const { embedder, asked } = listening(createLetterEmbedder());
    const cache = openEmbeddingCache({ file: broken });
    await cache.wrap(embedder).embed(['あい'], 'passage');
    await cache.wrap(embedder).embed(['あい'], 'passage');
    cache.close();
    expect(asked).toEqual([['あい']]);
  });
});
