import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import type { DocumentRef } from '../../corpus/document.ts';
import { TenkyoError } from '../../errors.ts';
import type { Range } from '../../text/graphemes.ts';
import { fold, foldWithMap } from '../../text/normalize.ts';
import { createBreath } from '../breathe.ts';
import type { SpanIndex, SpanPlace } from '../ports.ts';
import { sampleDocuments } from '../sample-documents.ts';
import { createSpanTableBuilder, keyLength, type SpanTable, toCodes } from './span-table.ts';

const documentsPerStep = 64;

const isHigh = (code: number | undefined): boolean => code !== undefined && (code & 0xfc00) === 0xd800;
const isLow = (code: number | undefined): boolean => code !== undefined && (code & 0xfc00) === 0xdc00;

const characters = (codes: Uint16Array, start: number, end: number): number => {
  let count = 0;
  for (let index = start; index < end; index++) if (!isLow(codes[index]) || index === start) count++;
  return count;
};

const loadTable = async (database: DatabaseSync, clock: Pick<Clock, 'now'>) => {
  const breath = createBreath({ clock });
  const builder = createSpanTableBuilder();
  const documents: (DocumentRef & { row: number })[] = [];
  const select = database.prepare(
    'select row, source, sequence, text from documents where row > ? order by row limit ?',
  );
  for (let last = 0; ; ) {
    const batch = select.all(last, documentsPerStep) as unknown as (DocumentRef & { row: number; text: string })[];
    for (const { row, source, sequence, text } of batch) {
      builder.add(fold(text));
      documents.push({ row, source, sequence });
      last = row;
      if (breath.due()) await breath.take();
    }
    if (batch.length < documentsPerStep) break;
  }
  const steps = builder.finish();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return { table: value as SpanTable, documents };
    if (breath.due()) await breath.take();
  }
};

/**
 * Spans by a hash table in memory over the folded documents: every 8 characters lead to their places, and the longest
 * agreement there wins. About 14 bytes a character; made when the index is opened.
 */
export const createSpanIndex = async ({
  database,
  clock,
  guard,
}: {
  database: DatabaseSync;
  clock: Pick<Clock, 'now'>;
  guard: <T>(read: () => T) => T;
}): Promise<SpanIndex> => {
  const { table, documents } = await loadTable(database, clock);
  const selectText = database.prepare('select text from documents where row = ?');

  const wantedBy = (sources: readonly string[] | null) => (place: number) =>
    sources === null || sources.includes(documents[table.documentAt(place).document]!.source);

  /** The longest agreement at `position` that ends after `furthest`; 0 when there is none. */
  const longestAt = (codes: Uint16Array, position: number, furthest: number, wanted: (place: number) => boolean) => {
    const needed = Math.max(keyLength, furthest - position + 1);
    let longest = 0;
    if (position + needed > codes.length) return 0;
    table.places(codes, position, (place) => {
      if (!table.agreesAt(codes, position, place, Math.max(needed, longest + 1) - 1)) return;
      const units = table.agree(codes, position, place);
      if (units >= needed && units > longest && wanted(place)) longest = units;
    });
    const end = position + longest;
    return isHigh(codes[end - 1]) && isLow(codes[end]) ? longest - 1 : longest;
  };

  const original = (row: number, offset: number, length: number): Range => {
    const { text } = guard(() => selectText.get(row)) as { text: string };
    const map = foldWithMap(text);
    const range: Range = [offset, offset + length];
    return map.toOriginal(range, 'narrow') ?? map.toOriginal(range, 'widen') ?? [0, 0];
  };

  return {
    maximal: async (folded, { minimum, sources, signal }) => {
      if (minimum < keyLength) {
        throw new TenkyoError('usage', 'the shortest span is too short for this index', {
          expected: `${keyLength} characters or more`,
          found: `${minimum}`,
        });
      }
      const breath = createBreath({ clock, signal });
      const codes = toCodes(folded);
      const wanted = wantedBy(sources);
      const spans: Range[] = [];
      let furthest = 0;
      for (let position = 0; position + minimum <= codes.length; position++) {
        if (breath.due()) await breath.take();
        if (isLow(codes[position]) && isHigh(codes[position - 1])) continue;
        const end = position + longestAt(codes, position, furthest, wanted);
        if (end <= furthest || characters(codes, position, end) < minimum) continue;
        furthest = end;
        spans.push([position, end]);
      }
      signal?.throwIfAborted();
      return spans;
    },

    occurrences: async (folded, { limit, sources, seed, signal }) => {
      // One turn of the loop a stretch: a long message has many.
      await createBreath({ clock, signal }).take();
      const codes = toCodes(folded);
      const wanted = wantedBy(sources);
      const first = new Map<number, number>();
      let count = 0;
      table.places(codes, 0, (place) => {
        if (table.agree(codes, 0, place) < codes.length || !wanted(place)) return;
        count++;
        const { document, offset } = table.documentAt(place);
        if (!first.has(document)) first.set(document, offset);
      });
      const found = [...first].map(([document, offset]) => ({ ...documents[document]!, offset }));
      const places = sampleDocuments(found, { limit, seed }).map(({ row, source, sequence, offset }): SpanPlace => {
        const [start, end] = original(row, offset, codes.length);
        return { source, sequence, start, end };
      });
      return { count, documentCount: found.length, places };
    },
  };
};
