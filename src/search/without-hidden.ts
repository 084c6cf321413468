import { type DocumentRef, parsePassageId } from '../corpus/document.ts';
import { hides } from './hidden.ts';
import type { SearchResult, SpanMatch } from './result.ts';

/** Whether the document of a passage is one that no result may show. */
type IsHidden = (passageId: string) => boolean;

/** @param documents those of one corpus */
export const hiddenAmong = (documents: readonly DocumentRef[]): IsHidden => {
  const isHidden = hides(documents);
  return (passageId) => {
    const document = parsePassageId(passageId);
    return document !== null && isHidden(document);
  };
};

/** Spans as if the hidden documents were not there; one that stands in no other is none. */
export const spansWithout = (spans: readonly SpanMatch[], isHidden: IsHidden): SpanMatch[] =>
  spans.flatMap((span) => {
    const documents = span.documents.filter(({ passageId }) => !isHidden(passageId));
    const gone = span.documents.length - documents.length;
    if (gone === 0) return [span];
    const documentCount = span.documentCount - gone;
    if (documentCount <= 0) return [];
    // How often it stood in them is not known; at least once each.
    return [{ ...span, documents, documentCount, count: Math.max(documentCount, span.count - gone) }];
  });

const foundWithout = <T extends Pick<SearchResult, 'hits' | 'spans'>>(found: T, isHidden: IsHidden): T => ({
  ...found,
  hits: found.hits.filter(({ passageId }) => !isHidden(passageId)),
  spans: spansWithout(found.spans, isHidden),
});

/** A stored result as if the hidden documents were not there. Ranks stay: buttons name hits by them. */
export const withoutHidden = (result: SearchResult, isHidden: IsHidden): SearchResult => ({
  ...foundWithout(result, isHidden),
  ...(result.tuning && { tuning: foundWithout(result.tuning, isHidden) }),
});
