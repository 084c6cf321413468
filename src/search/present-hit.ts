import { createHighlighter, mergeRanges } from '../text/highlights.ts';
import type { DistinctHit } from './collapse-duplicates.ts';
import type { IndexFacts, KeywordResult, ScoredPassage, StoredPassage } from './ports.ts';
import type { EngineName, Hit, Reading } from './result.ts';
import type { TracedSpans } from './trace-spans.ts';

/** What the engines gave; null: nothing, for whatever reason. */
export interface EngineLists {
  readonly exact: TracedSpans | null;
  readonly keyword: KeywordResult | null;
  readonly vector: readonly ScoredPassage[] | null;
}

/**
 * A passage is called found by an engine when it stands this high in the engine's own list: in a small corpus every
 * list of a hundred holds nearly everything.
 */
const foundWithin = 20;

const engineNames: readonly EngineName[] = ['exact', 'keyword', 'vector'];

/** Makes the hit that people see of a fused one. */
export const createHitMaker = ({
  lists,
  kinds = {},
  band,
}: {
  lists: EngineLists;
  kinds?: IndexFacts['kinds'];
  band: (passageId: string) => Hit['band'];
}) => {
  const places = (hits: readonly ScoredPassage[]) =>
    new Map(hits.map(({ passageId, score }, rank) => [passageId, { rank, score }]));
  const placeIn = {
    exact: places(lists.exact?.hits ?? []),
    keyword: places(lists.keyword?.hits ?? []),
    vector: places(lists.vector ?? []),
  };
  const highlight = createHighlighter(lists.keyword?.telling ?? []);

  const enginesOf = ({ passageId, parts }: DistinctHit): EngineName[] => {
    const strongest = engineNames.filter((name) => parts[name] !== undefined).toSorted((a, b) => parts[b]! - parts[a]!);
    const clear = strongest.filter((name) => name === 'exact' || placeIn[name].get(passageId)!.rank < foundWithin);
    return clear.length > 0 ? clear : strongest.slice(0, 1);
  };

  return (
    hit: DistinctHit,
    { passage, reading, rank }: { passage: StoredPassage; reading: Reading; rank: number },
  ): Hit => {
    const { documentId, source, title, url, lang, text, start } = passage;
    const marks = lists.exact?.marks.get(hit.passageId) ?? [];
    const scores: Partial<Record<EngineName, number>> = {};
    for (const name of engineNames) {
      const place = placeIn[name].get(hit.passageId);
      if (place) scores[name] = place.score;
    }
    return {
      rank,
      passageId: hit.passageId,
      documentId,
      source,
      ...(Object.hasOwn(kinds, source) && { kind: kinds[source] }),
      title,
      url,
      lang,
      text,
      offset: start,
      highlights: marks.length === 0 ? highlight(text) : mergeRanges([...marks, ...highlight(text)]),
      engines: enginesOf(hit),
      scores,
      score: hit.score,
      ...(hit.reranked !== undefined && { reranked: hit.reranked }),
      band: band(hit.passageId),
      duplicates: hit.duplicates,
      others: hit.others.map(({ id, start: offset }) => ({ passageId: id, offset })),
      reading,
    };
  };
};
