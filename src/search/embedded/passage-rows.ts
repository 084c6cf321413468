import type { DatabaseSync } from 'node:sqlite';
import { passageId } from '../../corpus/document.ts';

/** What the engines know of every passage by its row (from 1, without gaps), held in memory: 10 bytes a passage. */
export interface PassageRows {
  readonly count: number;
  /** Tokens of a passage, by row. */
  readonly lengths: Uint32Array;
  readonly averageLength: number;
  /** Whether a passage's source is among those wanted; null: all are. */
  filter(sources: readonly string[] | null): ((row: number) => boolean) | null;
  ids(rows: readonly number[]): string[];
}

export const loadPassageRows = (database: DatabaseSync, count: number): PassageRows => {
  const lengths = new Uint32Array(count + 1);
  const sourceOf = new Uint16Array(count + 1);
  const names: string[] = [];
  const select = database.prepare(
    'select p.row, p.tokens, d.source from passages p join documents d on d.row = p.document order by p.row',
  );
  select.setReturnArrays(true);
  let total = 0;
  for (const entry of select.iterate() as Iterable<unknown>) {
    const [row, tokens, source] = entry as [number, number, string];
    let number = names.indexOf(source);
    if (number < 0) number = names.push(source) - 1;
    lengths[row] = tokens;
    sourceOf[row] = number;
    total += tokens;
  }
  const selectId = database.prepare(
    'select d.source, d.sequence, p.start, p."end" as "end" from passages p join documents d on d.row = p.document where p.row = ?',
  );
  return {
    count,
    lengths,
    averageLength: total / Math.max(1, count),
    filter: (sources) => {
      if (sources === null) return null;
      const wanted = names.map((name) => sources.includes(name));
      return (row) => wanted[sourceOf[row]!]!;
    },
    ids: (rows) =>
      rows.map((row) => {
        const found = selectId.get(row) as { source: string; sequence: number; start: number; end: number };
        return passageId(found, found.start, found.end);
      }),
  };
};
