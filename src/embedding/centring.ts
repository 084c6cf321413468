import { createHash } from 'node:crypto';
import { guessLanguage, type Language } from '../text/language.ts';
import type { Embedder } from './embedder.ts';

/** The mean vector of each language's passages, and of all for texts whose language can't be told. Plain JSON. */
export interface LanguageMeans {
  readonly all: readonly number[];
  readonly languages: Readonly<Partial<Record<Language, readonly number[]>>>;
}

/** Fewer passages say little of their language: those are taken from the mean of all. */
const enough = 20;

/** Adds up vectors of passages by language; may be given all of a corpus or a sample. */
export const createMeans = (dimensions: number) => {
  const sums = new Map<Language | 'all', { sum: Float64Array; count: number }>();
  const addTo = (key: Language | 'all', vector: Float32Array): void => {
    const entry = sums.get(key) ?? { sum: new Float64Array(dimensions), count: 0 };
    for (let k = 0; k < dimensions; k++) entry.sum[k]! += vector[k]!;
    entry.count++;
    sums.set(key, entry);
  };
  const meanOf = (key: Language | 'all'): number[] | undefined => {
    const { sum, count } = sums.get(key) ?? { sum: null, count: 0 };
    return sum && count >= (key === 'all' ? 1 : enough) ? Array.from(sum, (value) => value / count) : undefined;
  };
  return {
    add: (text: string, vector: Float32Array): void => {
      addTo('all', vector);
      const language = guessLanguage(text);
      if (language) addTo(language, vector);
    },
    means: (): LanguageMeans => {
      const ja = meanOf('ja');
      const en = meanOf('en');
      return {
        all: meanOf('all') ?? new Array<number>(dimensions).fill(0),
        languages: { ...(ja && { ja }), ...(en && { en }) },
      };
    },
  };
};

/** The direction of a vector from a mean; null where there is none. */
const from = (vector: Float32Array, mean: readonly number[]): Float32Array | null => {
  const centred = vector.map((value, k) => value - mean[k]!);
  const length = Math.hypot(...centred);
  return length > 1e-6 ? centred.map((value) => value / length) : null;
};

/**
 * Marks an embedder as one whose vectors are to be centred, for models of the e5 kind: theirs lie in a narrow cone, and
 * those of one language closer to each other than to the same said in another. Its vectors are still as the model gives
 * them; `centred` centres them, with the means of an index.
 */
export const toBeCentred = (embedder: Embedder): Embedder => ({
  ...embedder,
  centring: true,
  // Not by the means: they follow from the corpus, and the index has them.
  fingerprint: createHash('sha256').update(`centred by language 1\n${embedder.fingerprint}`).digest('hex'),
});

/**
 * The embedder with the mean of each text's language taken from its vector. The means are of passages and belong to an
 * index: its queries and passages have the same taken off.
 */
export const centred = (embedder: Embedder, { all, languages }: LanguageMeans): Embedder => ({
  ...embedder,
  embed: async (texts, role, options) => {
    const vectors = await embedder.embed(texts, role, options);
    return vectors.map((vector, index) => {
      const language = guessLanguage(texts[index]!);
      return vector && from(vector, (language && languages[language]) ?? all);
    });
  },
});
