import type { Clock } from '../../clock.ts';
import type { DocumentRef } from '../../corpus/document.ts';
import { TenkyoError } from '../../errors.ts';
import type { Range } from '../../text/graphemes.ts';
import { foldWithMap } from '../../text/normalize.ts';
import { createBreath } from '../breathe.ts';
import { hides } from '../hidden.ts';
import type { DocumentFilter, SpanIndex, SpanPlace } from '../ports.ts';
import { sampleDocuments } from '../sample-documents.ts';
import type { OpenSpanFile, SpanSegment } from './span-file.ts';
import { createSuffixSearch } from './suffix-search.ts';

const isHigh = (text: string, index: number): boolean => (text.charCodeAt(index) & 0xfc00) === 0xd800;
const isLow = (text: string, index: number): boolean => (text.charCodeAt(index) & 0xfc00) === 0xdc00;

const characters = (text: string, start: number, end: number): number => {
  let count = 0;
  for (let index = start; index < end; index++) if (!isLow(text, index) || index === start) count++;
  return count;
};

/** Every character stands somewhere. */
const leastMinimum = 2;

/** Places looked at in one slice. */
const placesPerSlice = 1 << 14;

/** Spans by suffix arrays over the folded documents, one a segment, read from a file. */
export const createSpanIndex = ({
  file,
  textOf,
  langOf,
  clock,
}: {
  file: Pick<OpenSpanFile, 'sources' | 'segments'>;
  /** Original text of a document by its row. */
  textOf: (row: number) => string;
  /** What a document says its language is, by its row. */
  langOf: (row: number) => string | null;
  clock: Pick<Clock, 'now'>;
}): SpanIndex => {
  /** Whether a document of a segment counts; null: all do. */
  const wantedIn = (segment: SpanSegment, filter: DocumentFilter): ((document: number) => boolean) | null => {
    const { sources, languages = null, hidden = [] } = filter;
    if (sources === null && languages === null && hidden.length === 0) return null;
    const ofSource = file.sources.map((name) => sources?.includes(name) ?? true);
    const isHidden = hides(hidden);
    return (document) => {
      const source = segment.sources[document]!;
      if (!ofSource[source]) return false;
      if (languages !== null && !languages.includes(langOf(segment.rows[document]!) ?? '')) return false;
      return !isHidden({ source: file.sources[source]!, sequence: segment.sequences[document]! });
    };
  };

  const searches = (text: string, filter: DocumentFilter) =>
    file.segments.map((segment) => {
      const isWanted = wantedIn(segment, filter);
      return { segment, isWanted, search: createSuffixSearch(segment, text, isWanted) };
    });

  const original = (row: number, offset: number, length: number): Range => {
    const map = foldWithMap(textOf(row));
    const range: Range = [offset, offset + length];
    return map.toOriginal(range, 'narrow') ?? map.toOriginal(range, 'widen') ?? [0, 0];
  };

  return {
    maximal: async (folded, { minimum, signal, ...filter }) => {
      if (minimum < leastMinimum) {
        throw new TenkyoError('usage', 'the shortest span is too short to say anything', {
          expected: `${leastMinimum} characters or more`,
          found: `${minimum}`,
        });
      }
      const breath = createBreath({ clock, signal });
      const asked = searches(folded, filter);
      const spans: Range[] = [];
      let furthest = 0;
      for (let position = 0; position + minimum <= folded.length; position++) {
        if (breath.due()) await breath.take();
        if (isLow(folded, position) && isHigh(folded, position - 1)) continue;
        const needed = Math.max(minimum, furthest - position + 1);
        let end = position;
        for (const { search } of asked) end = Math.max(end, position + search.longestAt(position, needed));
        if (isHigh(folded, end - 1) && isLow(folded, end)) end--;
        if (end <= furthest || characters(folded, position, end) < minimum) continue;
        furthest = end;
        spans.push([position, end]);
      }
      signal?.throwIfAborted();
      return spans;
    },

    occurrences: async (folded, { limit, seed, signal, ...filter }) => {
      const breath = createBreath({ clock, signal });
      await breath.take();
      const found: (DocumentRef & { row: number; offset: number })[] = [];
      let count = 0;
      for (const { segment, isWanted, search } of searches(folded, filter)) {
        const first = new Map<number, number>();
        const [from, to] = search.range();
        for (let index = from; index < to; index++) {
          const place = segment.suffixAt(index);
          const document = search.documentAt(place);
          if (isWanted && !isWanted(document)) continue;
          count++;
          const offset = place - segment.starts[document]!;
          if (offset < (first.get(document) ?? Number.POSITIVE_INFINITY)) first.set(document, offset);
          if (index % placesPerSlice === 0 && breath.due()) await breath.take();
        }
        found.push(...inOrder(first, segment, file.sources));
      }
      const places = sampleDocuments(found, { limit, seed }).map(({ row, source, sequence, offset }): SpanPlace => {
        const [start, end] = original(row, offset, folded.length);
        return { source, sequence, start, end };
      });
      return { count, documentCount: found.length, places };
    },
  };
};

const inOrder = (first: ReadonlyMap<number, number>, segment: SpanSegment, sources: readonly string[]) =>
  [...first]
    .toSorted(([a], [b]) => a - b)
    .map(([document, offset]) => ({
      source: sources[segment.sources[document]!]!,
      sequence: segment.sequences[document]!,
      row: segment.rows[document]!,
      offset,
    }));
