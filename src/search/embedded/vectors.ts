import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import { TenkyoError } from '../../errors.ts';
import { type Breath, createBreath } from '../breathe.ts';
import type { VectorIndex } from '../ports.ts';
import { createDotProducts } from './dot-products.ts';
import type { PassageRows } from './passage-rows.ts';
import { createTopScores } from './top-scores.ts';

const rowsPerStep = 512;

/** Reads every vector into memory; `passages` without a vector stay out of every result. */
const loadVectors = async (database: DatabaseSync, breath: Breath) => {
  const { count, bytes } = database
    .prepare('select count(*) as count, max(length(vector)) as bytes from vectors')
    .get() as {
    count: number;
    bytes: number | null;
  };
  if (count === 0 || bytes === null) return null;
  const dimensions = bytes / Float32Array.BYTES_PER_ELEMENT;
  const rows = new Uint32Array(count);
  const products = createDotProducts({ count, dimensions });
  const select = database.prepare('select passage, vector from vectors where passage > ? order by passage limit ?');
  let at = 0;
  let last = 0;
  while (at < count) {
    for (const entry of select.all(last, rowsPerStep)) {
      const { passage, vector } = entry as { passage: number; vector: Uint8Array };
      rows[at] = passage;
      products.set(at, vector);
      last = passage;
      at++;
    }
    if (breath.due()) await breath.take();
  }
  return { dimensions, rows, products };
};

/** The sum in double precision, in the order of the dimensions: it says the same whatever the vectors stand beside. */
const productOf = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let dimension = 0; dimension < a.length; dimension++) sum += a[dimension]! * b[dimension]!;
  return sum;
};

/**
 * Exact search: the cosine of the query with every vector. Those that may be among the best by the quick products are
 * multiplied again in double precision, which decides. null: no vectors.
 */
export const createVectorIndex = async ({
  database,
  passages,
  clock,
}: {
  database: DatabaseSync;
  passages: PassageRows;
  clock: Pick<Clock, 'now'>;
}): Promise<VectorIndex | null> => {
  const loaded = await loadVectors(database, createBreath({ clock }));
  if (!loaded) return null;
  const { dimensions, rows, products } = loaded;
  return {
    search: async (vector, { limit, signal, ...filter }) => {
      if (vector.length !== dimensions) {
        throw new TenkyoError('index_mismatch', 'the query vector has another length than those of the index', {
          expected: `${dimensions} dimensions`,
          found: `${vector.length} dimensions`,
          remedy: 'Build the index again with the embedding model that is configured: tenkyo index.',
        });
      }
      const breath = createBreath({ clock, signal });
      const wanted = passages.filter(filter);
      // Both of two scores may be off.
      const slack = 2 * products.error;
      const likely: { index: number; score: number }[] = [];
      const top = createTopScores(limit, Number.NEGATIVE_INFINITY);
      for (let index = 0; index < rows.length; ) {
        const scores = products.from(index, vector);
        for (const score of scores) {
          if (score >= top.least - slack && (wanted?.(rows[index]!) ?? true)) {
            likely.push({ index, score });
            if (score > top.least) top.add(index, score);
          }
          index++;
        }
        if (breath.due()) await breath.take();
      }
      signal?.throwIfAborted();
      return likely
        .filter(({ score }) => score >= top.least - slack)
        .map(({ index }) => ({ row: rows[index]!, score: productOf(vector, products.at(index)) }))
        .toSorted((a, b) => b.score - a.score)
        .slice(0, limit)
        .map(({ row, score }) => ({ passageId: passages.idOf(row), score, lang: passages.langOf(row) }));
    },
  };
};
