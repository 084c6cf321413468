import { type Range, snapToGraphemes } from '../text/graphemes.ts';
import { fold, foldWithMap } from '../text/normalize.ts';
import { hides } from './hidden.ts';
import type { DocumentFilter, DocumentStore, EngineOptions, ScoredPassage, SpanIndex, StoredPassage } from './ports.ts';
import type { SpanMatch } from './result.ts';
import { separateSpans } from './separate-spans.ts';
import { distinctness } from './span-weight.ts';

export interface TraceOptions extends DocumentFilter, Pick<EngineOptions, 'signal'> {
  /** Shortest span, in characters. */
  readonly minimum: number;
  /** Documents named of one span. */
  readonly documents: number;
  readonly seed: number;
}

export interface TracedSpans {
  /** Disjoint, in the order of the text. */
  readonly matches: readonly SpanMatch[];
  /** Passages that hold spans, those that hold most first; the score is 0…1. */
  readonly hits: readonly ScoredPassage[];
  /** Where the spans stand in a passage's text. */
  readonly marks: ReadonlyMap<string, readonly Range[]>;
  /** The passages themselves. */
  readonly passages: ReadonlyMap<string, StoredPassage>;
}

/** What a span may not begin with (a comma, a closing bracket) or end with (a comma, an opening bracket). */
const looseStart = /^(?:[\s\p{Pe}\p{Pf}\p{Pd}\p{Pc}]|(?![¿¡])\p{Po})+/u;
const looseEnd = /(?:[\s\p{Ps}\p{Pi}\p{Pd}\p{Pc}]|(?![。．.!！?？…])\p{Po})+$/u;

const trimLoose = (text: string, [start, end]: Range): Range | null => {
  const piece = text.slice(start, end);
  const from = start + (looseStart.exec(piece)?.[0].length ?? 0);
  const to = end - (looseEnd.exec(piece)?.[0].length ?? 0);
  return from < to ? snapToGraphemes(text, [from, to], 'narrow') : null;
};

/** Characters that a reader counts: letters and signs, not the spaces between. */
const content = (text: string): number => [...text.replace(/\s/gu, '')].length;

/** From 8 characters, which may be chance, to 36 and more, which are not. */
const strength = (characters: number): number => Math.min(1, Math.max(0, (characters - 6) / 30));

const overlap = (a: Range, b: Range): number => Math.min(a[1], b[1]) - Math.max(a[0], b[0]);

interface Held {
  readonly passage: StoredPassage;
  characters: number;
  weighted: number;
  readonly marks: Range[];
}

/**
 * Finds the stretches of a text that stand word for word in the corpus, and the passages that hold them.
 *
 * @param text the message; offsets of the spans count its UTF-16 units
 */
export const traceSpans = async (
  text: string,
  { spans, documents }: { spans: SpanIndex; documents: DocumentStore },
  { minimum, documents: limit, seed, sources, languages, hidden, signal }: TraceOptions,
): Promise<TracedSpans> => {
  const folded = foldWithMap(text);
  const isHidden = hides(hidden);
  const filter = { sources, languages, hidden, signal };
  const matches: SpanMatch[] = [];
  const held = new Map<string, Held>();

  const hold = (passage: StoredPassage, place: Range, documentCount: number): void => {
    const start = Math.max(place[0], passage.start) - passage.start;
    const end = Math.min(place[1], passage.end) - passage.start;
    const characters = content(passage.text.slice(start, end));
    const entry = held.get(passage.id) ?? { passage, characters: 0, weighted: 0, marks: [] };
    entry.characters += characters;
    entry.weighted += characters * distinctness(documentCount);
    entry.marks.push([start, end]);
    held.set(passage.id, entry);
  };

  const stretches = separateSpans(await spans.maximal(folded.text, { minimum, ...filter }), minimum).flatMap(
    (range) => {
      const whole = folded.toOriginal(range, 'narrow');
      const shown = whole && trimLoose(text, whole);
      return shown && [...text.slice(...shown)].length >= minimum ? [shown] : [];
    },
  );
  // Side by side: a search server is asked about all of them at once, not about one after the other.
  const found = await Promise.all(
    stretches.map(async (shown) => {
      const wanted = fold(text.slice(...shown));
      const { places, ...counts } = await spans.occurrences(wanted, { limit, seed, ...filter });
      const seen = places
        .filter((place) => !isHidden(place))
        .map(async (place) => ({
          at: [place.start, place.end] as Range,
          passages: await documents.passagesIn(place, place.start, place.end),
        }));
      return { shown, ...counts, named: places.length, seen: await Promise.all(seen) };
    }),
  );

  for (const { shown, count, documentCount, named, seen } of found) {
    if (count === 0) continue;
    const shownDocuments: SpanMatch['documents'][number][] = [];
    for (const { at, passages } of seen) {
      for (const passage of passages) hold(passage, at, documentCount);
      const [best] = passages.toSorted((a, b) => overlap([b.start, b.end], at) - overlap([a.start, a.end], at));
      if (best) {
        const { documentId, source, title, id } = best;
        shownDocuments.push({ documentId, source, title, passageId: id });
      }
    }
    // All that is known of it is hidden.
    if (shownDocuments.length === 0 && named > 0 && named === documentCount) continue;
    matches.push({
      start: shown[0],
      end: shown[1],
      text: text.slice(...shown),
      count,
      documentCount,
      documents: shownDocuments,
    });
  }

  const total = Math.max(1, content(text));
  const hits = [...held].map(([passageId, { passage, characters, weighted }]) => ({
    passageId,
    lang: passage.lang,
    score: (weighted / characters) * Math.max(strength(characters), Math.min(1, characters / total)),
  }));
  return {
    matches,
    hits: hits.toSorted((a, b) => b.score - a.score),
    marks: new Map([...held].map(([passageId, { marks }]) => [passageId, marks])),
    passages: new Map([...held].map(([passageId, { passage }]) => [passageId, passage])),
  };
};
