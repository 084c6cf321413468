import { type Document, parsePassageId } from '../corpus/document.ts';
import { type Range, snapToGraphemes } from '../text/graphemes.ts';
import { mergeRanges } from '../text/highlights.ts';
import { fold, foldWithMap } from '../text/normalize.ts';
import type { DocumentStore } from './ports.ts';

/** How much of the document: UTF-16 units either side of the passage, or all of it. */
type ContextRange = { readonly before: number; readonly after: number } | 'document';

export interface ContextOptions {
  readonly range: ContextRange;
  /** The hit's highlights, in the passage's own text. */
  readonly highlights?: readonly Range[];
  /** Texts of the message's spans: marked wherever they stand in what is shown. */
  readonly spans?: readonly string[];
}

/** A passage where it stands in its document. All ranges count UTF-16 units of `text`. */
export interface PassageContext {
  readonly document: Omit<Document, 'text' | 'meta'>;
  readonly documentLength: number;
  readonly text: string;
  /** Where `text` begins in the document. */
  readonly offset: number;
  readonly passage: Range;
  readonly highlights: readonly Range[];
  readonly spans: readonly Range[];
  /** Whether the document goes on before, after. */
  readonly cut: { readonly before: boolean; readonly after: boolean };
  /** The passages beside it. */
  readonly previous: string | null;
  readonly next: string | null;
}

/** Where folded texts stand in a text, as ranges of the original. */
const findSpans = (text: string, spans: readonly string[]): Range[] => {
  const folded = foldWithMap(text);
  const found: Range[] = [];
  for (const wanted of new Set(spans.map(fold))) {
    if (wanted === '') continue;
    for (let at = folded.text.indexOf(wanted); at >= 0; at = folded.text.indexOf(wanted, at + wanted.length)) {
      const range = folded.toOriginal([at, at + wanted.length], 'widen');
      if (range) found.push(range);
    }
  }
  return mergeRanges(found);
};

/**
 * A passage with what stands around it.
 *
 * @returns null when the index has no such document (any more)
 */
export const passageContext = async (
  documents: DocumentStore,
  passageId: string,
  { range, highlights = [], spans = [] }: ContextOptions,
): Promise<PassageContext | null> => {
  const named = parsePassageId(passageId);
  const document = named && (await documents.document(named));
  if (!named || !document || named.end > document.text.length) return null;
  const { text: whole, meta: _meta, ...facts } = document;
  const asked: Range =
    range === 'document'
      ? [0, whole.length]
      : [Math.max(0, named.start - range.before), Math.min(whole.length, named.end + range.after)];
  const [start, end] = snapToGraphemes(whole, asked, 'widen') ?? [0, 0];
  const text = whole.slice(start, end);
  const move = ([from, to]: Range): Range => [from + named.start - start, to + named.start - start];
  const [previous] = (await documents.passagesIn(named, 0, named.start)).slice(-1);
  const [next] = await documents.passagesIn(named, named.end, whole.length);
  return {
    document: facts,
    documentLength: whole.length,
    text,
    offset: start,
    passage: [named.start - start, named.end - start],
    highlights: highlights.map(move),
    spans: findSpans(text, spans),
    cut: { before: start > 0, after: end < whole.length },
    previous: previous?.id ?? null,
    next: next?.id ?? null,
  };
};
