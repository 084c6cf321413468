import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import { bm25, chooseTerms, idf } from '../bm25.ts';
import { createBreath } from '../breathe.ts';
import type { KeywordIndex } from '../ports.ts';
import type { PassageRows } from './passage-rows.ts';
import { createTopScores } from './top-scores.ts';

/**
 * BM25 over the postings of an FTS5 table. FTS5's own `bm25()` is fixed at k1 1.2, b 0.75, so its vocabulary tables
 * give the postings and the scores are made here, exactly and term by term: between two terms the event loop turns.
 */
export const createKeywordIndex = ({
  database,
  passages,
  clock,
  guard,
}: {
  database: DatabaseSync;
  passages: PassageRows;
  clock: Pick<Clock, 'now'>;
  /** Turns an error of the database into one that a person can act on. */
  guard: <T>(read: () => T) => T;
}): KeywordIndex => {
  const documentFrequency = database.prepare('select doc from keyword_terms where term = ?');
  const postings = database.prepare('select doc, count(*) from keyword_postings where term = ? group by doc');
  postings.setReturnArrays(true);
  return {
    search: async (tokens, { limit, signal, ...filter }) => {
      const breath = createBreath({ clock, signal });
      const known: { token: string; weight: number; frequency: number }[] = [];
      for (const { token, weight } of tokens) {
        const found = guard(() => documentFrequency.get(token) as { doc: number } | undefined);
        known.push({ token, weight, frequency: found?.doc ?? 0 });
        if (breath.due()) await breath.take();
      }
      const { asked, telling, ceiling } = chooseTerms(known, passages.count);
      const scores = new Float64Array(passages.count + 1);
      for (const { token, weight, frequency } of asked) {
        const gain = weight * idf(frequency, passages.count);
        guard(() => {
          for (const posting of postings.iterate(token) as Iterable<unknown>) {
            const [row, times] = posting as [number, number];
            scores[row]! += gain * bm25(times, passages.lengths[row]! / passages.averageLength);
          }
        });
        if (breath.due()) await breath.take();
      }
      signal?.throwIfAborted();
      const wanted = passages.filter(filter);
      const top = createTopScores(limit, 0);
      for (let row = 1; row < scores.length; row++) {
        if (scores[row]! > top.least && (wanted?.(row) ?? true)) top.add(row, scores[row]!);
      }
      const { best } = top;
      return {
        hits: best.map(({ row, score }) => ({ passageId: passages.idOf(row), score, lang: passages.langOf(row) })),
        coverage: ceiling > 0 ? Math.min(1, (best[0]?.score ?? 0) / ceiling) : 0,
        telling: telling.map(({ token }) => token),
      };
    },
  };
};
