import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import { TenkyoError } from '../../errors.ts';
import { type Breath, createBreath } from '../breathe.ts';
import type { VectorIndex } from '../ports.ts';
import type { PassageRows } from './passage-rows.ts';
import { topScores } from './top-scores.ts';

const rowsPerStep = 512;

/** Reads every vector into one array; `passages` without a vector stay out of every result. */
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
  const values = new Float32Array(count * dimensions);
  const select = database.prepare('select passage, vector from vectors where passage > ? order by passage limit ?');
  let at = 0;
  let last = 0;
  while (at < count) {
    for (const entry of select.all(last, rowsPerStep)) {
      const { passage, vector } = entry as { passage: number; vector: Uint8Array };
      rows[at] = passage;
      values.set(new Float32Array(vector.slice().buffer), at * dimensions);
      last = passage;
      at++;
    }
    if (breath.due()) await breath.take();
  }
  return { dimensions, rows, values };
};

/** Exact search: the cosine of the query with every vector, which all stand in one `Float32Array`. null: no vectors. */
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
  const { dimensions, rows, values } = loaded;
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
      const scores = new Float64Array(passages.count + 1).fill(Number.NEGATIVE_INFINITY);
      for (let index = 0; index < rows.length; index++) {
        const offset = index * dimensions;
        let sum = 0;
        for (let dimension = 0; dimension < dimensions; dimension++)
          sum += vector[dimension]! * values[offset + dimension]!;
        scores[rows[index]!] = sum;
        if (index % rowsPerStep === rowsPerStep - 1 && breath.due()) await breath.take();
      }
      signal?.throwIfAborted();
      const best = topScores(scores, { limit, wanted: passages.filter(filter), positive: false });
      return best.map(({ row, score }) => ({ passageId: passages.idOf(row), score, lang: passages.langOf(row) }));
    },
  };
};
