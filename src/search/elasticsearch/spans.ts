import type { estypes } from '@elastic/elasticsearch';
import type { DocumentRef } from '../../corpus/document.ts';
import type { Range } from '../../text/graphemes.ts';
import { type FoldedText, foldWithMap } from '../../text/normalize.ts';
import type { DocumentFilter, EngineOptions, SpanIndex, SpanPlace } from '../ports.ts';
import { sampleDocuments, sampleSeed } from '../sample-documents.ts';
import { onlyIn } from './keyword.ts';
import { findMaximalSpans } from './maximal-spans.ts';
import type { MultiSearch, SearchHit } from './multi-search.ts';
import { documentKey } from './names.ts';
import { timesConstant } from './schema.ts';

/** Documents of a stretch that are looked at for how often they hold it; those of highest score come first. */
const documentsLookedAt = 1_000;

interface Found extends DocumentRef {
  readonly score: number;
}

const asFound = ({ fields, _score }: SearchHit): Found => ({
  source: fields!.source![0] as string,
  sequence: fields!.sequence![0] as number,
  score: _score ?? 0,
});

/** Places of a stretch in a text, overlapping ones included. */
const timesIn = (text: string, stretch: string): number => {
  let times = 0;
  for (let at = text.indexOf(stretch); at >= 0; at = text.indexOf(stretch, at + 1)) times++;
  return times;
};

/**
 * How often documents hold a phrase, from their scores and the frequency in one of them: a score is a constant times
 * f ÷ (f + `timesConstant`), in every shard the same.
 */
const timesFromScores = (scores: readonly number[], known: { score: number; times: number }): number[] => {
  const most = (known.score * (known.times + timesConstant)) / known.times;
  return scores.map((score) => Math.max(1, Math.round((timesConstant * score) / (most - score))));
};

const byPlace = (a: DocumentRef, b: DocumentRef): number =>
  a.source < b.source ? -1 : a.source > b.source ? 1 : a.sequence - b.sequence;

/**
 * Spans by phrases over pairs of characters, each pair at its place: a phrase is there exactly where its text is.
 * Phrases run over whole documents, so no passage's end cuts a span.
 */
export const createSpanIndex = ({
  search,
  index,
  exactScores,
}: {
  search: MultiSearch;
  index: string;
  exactScores: boolean;
}): SpanIndex => {
  const phrase = (stretch: string, filter: DocumentFilter): estypes.QueryDslQueryContainer => ({
    bool: { must: [{ match_phrase: { folded: stretch } }], ...onlyIn(filter) },
  });

  const texts = async (
    documents: readonly DocumentRef[],
    signal: AbortSignal | undefined,
  ): Promise<Map<string, FoldedText>> => {
    const { hits } = await search.ask(
      { index },
      { query: { ids: { values: documents.map(documentKey) } }, size: documents.length, _source: ['text'] },
      signal,
    );
    return new Map(
      hits.hits.map(({ _id, _source }) => [_id, foldWithMap((_source as { text: string }).text)] as const),
    );
  };

  const draw = async (
    stretch: string,
    found: readonly Found[],
    total: number,
    { limit, seed, signal, ...filter }: EngineOptions & { seed: number },
  ): Promise<readonly DocumentRef[]> => {
    if (total <= found.length || seed !== sampleSeed) return sampleDocuments(found.toSorted(byPlace), { limit, seed });
    const { hits } = await search.ask(
      { index },
      {
        query: phrase(stretch, filter),
        size: limit,
        sort: ['draw'],
        _source: false,
        docvalue_fields: ['source', 'sequence'],
      },
      signal,
    );
    return hits.hits.map(asFound).toSorted(byPlace);
  };

  return {
    maximal: async (folded, { minimum, signal, ...filter }) => {
      const holds = async (stretch: string): Promise<boolean> => {
        const { hits } = await search.ask(
          { index },
          { query: phrase(stretch, filter), size: 0, terminate_after: 1, track_total_hits: true },
          signal,
        );
        return (hits.total?.value ?? 0) > 0;
      };
      return findMaximalSpans(folded, minimum, holds);
    },

    occurrences: async (folded, options) => {
      const { limit, signal } = options;
      const { hits } = await search.ask(
        { index, exactScores },
        {
          query: phrase(folded, options),
          size: documentsLookedAt,
          track_total_hits: true,
          _source: false,
          docvalue_fields: ['source', 'sequence'],
        },
        signal,
      );
      const found = hits.hits.map(asFound);
      const [best] = found;
      const total = hits.total?.value ?? 0;
      if (!best) return { count: 0, documentCount: 0, places: [] };

      const drawn = await draw(folded, found, total, options);
      const text = await texts([best, ...drawn.slice(0, limit)], signal);
      const times = timesIn(text.get(documentKey(best))?.text ?? '', folded);
      const each =
        times === 0
          ? []
          : timesFromScores(
              found.map(({ score }) => score),
              { score: best.score, times },
            );
      const places = drawn.flatMap((document): SpanPlace[] => {
        const map = text.get(documentKey(document));
        const offset = map?.text.indexOf(folded) ?? -1;
        if (!map || offset < 0) return [];
        const range: Range = [offset, offset + folded.length];
        const [start, end] = map.toOriginal(range, 'narrow') ?? map.toOriginal(range, 'widen') ?? [0, 0];
        return [{ source: document.source, sequence: document.sequence, start, end }];
      });
      const more = each.reduce((sum, one) => sum + one - 1, 0);
      return { count: total + more, documentCount: total, places };
    },
  };
};
