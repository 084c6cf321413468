import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EngineOptions, VectorIndex } from '../../../src/search/ports.ts';
import { seededRandom } from '../../../src/search/seeded-random.ts';

/** A passage that is to be found by its vector; null: it has none and is never found. */
export interface VectorPassage {
  readonly source: string;
  readonly sequence: number;
  readonly lang: string;
  readonly text: string;
  readonly vector: Float32Array | null;
}

export interface VectorAdapter {
  readonly index: VectorIndex;
  /** A passage's id in this index. */
  idOf(passage: VectorPassage): string;
  close(): Promise<void>;
}

export const contractDimensions = 8;

const sources = ['ja_wiki', 'en_web', 'ja_cc'] as const;

/** Vectors in all directions; every tenth passage has none. */
const madeUp = (count: number): VectorPassage[] => {
  const random = seededRandom(7);
  const perSource = new Map<string, number>();
  return Array.from({ length: count }, (_, number) => {
    const source = sources[number % sources.length]!;
    const sequence = perSource.get(source) ?? 0;
    perSource.set(source, sequence + 1);
    const vector = Float32Array.from({ length: contractDimensions }, () => random() * 2 - 1);
    const length = Math.hypot(...vector);
    return {
      source,
      sequence,
      lang: source.slice(0, 2),
      text: `文 ${number} です。`,
      vector: number % 10 === 9 ? null : vector.map((value) => value / length),
    };
  });
};

const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

/** What every adapter of the vector index must do. It is the same for an exact one and for one with a graph. */
export const vectorContract = (
  name: string,
  open: (passages: readonly VectorPassage[]) => Promise<VectorAdapter>,
  { skip = false }: { skip?: boolean } = {},
) =>
  (skip ? describe.skip : describe)(`vector index: ${name}`, () => {
    const passages = madeUp(240);
    const all: EngineOptions = { limit: 10, sources: null };
    let adapter: VectorAdapter;
    beforeAll(async () => {
      adapter = await open(passages);
    });
    afterAll(() => adapter?.close());

    /** Exhaustive search: what should be found. */
    const expected = (query: Float32Array, { limit, sources: wanted, languages = null, hidden = [] }: EngineOptions) =>
      passages
        .flatMap((passage) => (passage.vector ? [{ passage, score: cosine(query, passage.vector) }] : []))
        .filter(({ passage }) => wanted === null || wanted.includes(passage.source))
        .filter(
          ({ passage }) => !hidden.some((one) => one.source === passage.source && one.sequence === passage.sequence),
        )
        .filter(({ passage }) => languages === null || languages.includes(passage.lang))
        .toSorted((a, b) => b.score - a.score)
        .slice(0, limit)
        .map(({ passage, score }) => ({ passageId: adapter.idOf(passage), score }));

    const check = async (query: Float32Array, options: EngineOptions): Promise<void> => {
      const found = await adapter.index.search(query, options);
      const wanted = expected(query, options);
      expect(found.map(({ passageId }) => passageId)).toEqual(wanted.map(({ passageId }) => passageId));
      for (const [place, { score }] of found.entries()) expect(score).toBeCloseTo(wanted[place]!.score, 4);
    };

    it('finds a passage by its own vector, first and with a cosine of 1', async () => {
      const { vector, ...passage } = passages[20]!;
      const [first] = await adapter.index.search(vector!, all);
      expect(first!.passageId).toBe(adapter.idOf({ ...passage, vector }));
      expect(first!.score).toBeCloseTo(1, 4);
    });

    it('finds what an exhaustive search finds, best first, whatever the query', async () => {
      const random = seededRandom(11);
      for (let round = 0; round < 25; round++) {
        const query = Float32Array.from({ length: contractDimensions }, () => random() * 2 - 1);
        const length = Math.hypot(...query);
        await check(
          query.map((value) => value / length),
          all,
        );
      }
    });

    it('gives as many as wanted, and all there are at most', async () => {
      const query = passages[0]!.vector!;
      expect(await adapter.index.search(query, { ...all, limit: 1 })).toHaveLength(1);
      const found = await adapter.index.search(query, { ...all, limit: 500 });
      expect(found).toHaveLength(passages.filter(({ vector }) => vector !== null).length);
      expect(new Set(found.map(({ passageId }) => passageId)).size).toBe(found.length);
    });

    it('finds only in the sources that are wanted', async () => {
      const query = passages[5]!.vector!;
      await check(query, { ...all, sources: ['en_web'] });
      await check(query, { ...all, sources: ['en_web', 'ja_cc', 'nowhere'] });
      expect(await adapter.index.search(query, { ...all, sources: ['nowhere'] })).toEqual([]);
      expect(await adapter.index.search(query, { ...all, sources: [] })).toEqual([]);
    });

    it('finds only in the languages that are wanted, and tells the language of what it finds', async () => {
      const query = passages[5]!.vector!;
      await check(query, { ...all, languages: ['en'] });
      await check(query, { ...all, languages: ['ja'], sources: ['ja_cc', 'en_web'] });
      await check(query, { ...all, languages: ['ja', 'en'] });
      expect(await adapter.index.search(query, { ...all, languages: ['fr'] })).toEqual([]);
      expect(await adapter.index.search(query, { ...all, languages: [] })).toEqual([]);
      const found = await adapter.index.search(query, { ...all, limit: 50 });
      const langOf = new Map(passages.map((passage) => [adapter.idOf(passage), passage.lang]));
      for (const { passageId, lang } of found) expect(lang).toBe(langOf.get(passageId));
    });

    it('finds no passage of a hidden document', async () => {
      const query = passages[5]!.vector!;
      const open = await adapter.index.search(query, all);
      const hidden = passages.filter((passage) =>
        open.slice(0, 4).some(({ passageId }) => adapter.idOf(passage) === passageId),
      );
      const found = await adapter.index.search(query, { ...all, hidden });
      expect(found.slice(0, 6)).toEqual(open.slice(4));
      await check(query, { ...all, hidden: hidden.slice(0, 1), sources: ['ja_cc', 'en_web'], languages: ['ja'] });
    });

    it('serves many at once', async () => {
      const queries = passages.slice(0, 9).map(({ vector }) => vector!);
      await Promise.all(queries.map((query) => check(query, all)));
    });

    it('refuses a vector of another length', async () => {
      await expect(adapter.index.search(new Float32Array([1, 0, 0]), all)).rejects.toMatchObject({
        code: 'index_mismatch',
        expected: expect.stringContaining(`${contractDimensions}`),
        found: expect.stringContaining('3'),
      });
    });

    it("ends with the signal's reason when it aborts", async () => {
      const reason = new Error('enough');
      const options = { ...all, signal: AbortSignal.abort(reason) };
      await expect(adapter.index.search(passages[0]!.vector!, options)).rejects.toBe(reason);
      await check(passages[0]!.vector!, all);
    });
  });
