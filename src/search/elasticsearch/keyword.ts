import type { estypes } from '@elastic/elasticsearch';
import { chooseTerms, type KnownTerm } from '../bm25.ts';
import { hiddenBySource } from '../hidden-by-source.ts';
import type { DocumentFilter, KeywordIndex, WeightedToken } from '../ports.ts';
import type { ElasticsearchConnection } from './connect.ts';
import { type ErrorPlace, explainElasticsearchError } from './errors.ts';

/** Terms whose frequency one request asks. */
const termsAtOnce = 1_000;

/** The documents that are meant, for a query over documents or passages; hidden ones are not. */
export const onlyIn = ({
  sources,
  languages = null,
  hidden,
}: DocumentFilter): Pick<estypes.QueryDslBoolQuery, 'filter' | 'must_not'> => ({
  filter: [
    ...(sources === null ? [] : [{ terms: { source: [...sources] } }]),
    ...(languages === null ? [] : [{ terms: { lang: [...languages] } }]),
  ],
  must_not: [...hiddenBySource(hidden)].map(([source, sequence]) => ({
    bool: { filter: [{ term: { source } }, { terms: { sequence } }] },
  })),
});

/**
 * BM25 by the server, over the product's own tokens. Which of a query's terms are asked, and how well they cover it,
 * is decided here as for the embedded index: their frequencies are asked first.
 */
export const createKeywordIndex = ({
  connection: { client },
  index,
  passages,
  exactScores,
  place,
}: {
  connection: ElasticsearchConnection;
  index: string;
  /** Passages in the index. */
  passages: number;
  /** Whether there are several shards, whose scores must be comparable. */
  exactScores: boolean;
  place: ErrorPlace;
}): KeywordIndex => {
  const frequencies = async (tokens: readonly WeightedToken[], signal: AbortSignal | undefined) => {
    // Counts of plain terms under no query at all: the server reads them from its dictionary, and keeps them.
    const filters = tokens.map(({ token }) => ({ term: { tokens: token } }));
    const { aggregations } = await client.search(
      {
        index,
        size: 0,
        track_total_hits: false,
        allow_partial_search_results: false,
        filter_path: 'aggregations',
        aggs: { terms: { filters: { filters } } },
      },
      { signal },
    );
    const { buckets } = aggregations!.terms as estypes.AggregationsFiltersAggregate;
    return (buckets as estypes.AggregationsFiltersBucket[]).map(({ doc_count }) => doc_count);
  };

  const known = async (tokens: readonly WeightedToken[], signal: AbortSignal | undefined): Promise<KnownTerm[]> => {
    const parts = Array.from({ length: Math.ceil(tokens.length / termsAtOnce) }, (_, part) =>
      frequencies(tokens.slice(part * termsAtOnce, (part + 1) * termsAtOnce), signal),
    );
    const counts = (await Promise.all(parts)).flat();
    return tokens.map((token, at) => ({ ...token, frequency: counts[at] ?? 0 }));
  };

  return {
    search: async (tokens, { limit, signal, ...filter }) => {
      if (tokens.length === 0) return { hits: [], coverage: 0, telling: [] };
      try {
        const { asked, telling, ceiling } = chooseTerms(await known(tokens, signal), passages);
        const told = telling.map(({ token }) => token);
        if (asked.length === 0) return { hits: [], coverage: 0, telling: told };
        const should = asked.map(({ token, weight }) => ({ term: { tokens: { value: token, boost: weight } } }));
        const { hits: found } = await client.search(
          {
            index,
            size: limit,
            _source: false,
            track_total_hits: false,
            allow_partial_search_results: false,
            docvalue_fields: ['lang'],
            filter_path: 'hits.hits._id,hits.hits._score,hits.hits.fields',
            ...(exactScores && { search_type: 'dfs_query_then_fetch' as const }),
            query: { bool: { should, minimum_should_match: 1, ...onlyIn(filter) } },
            // Equal scores in the order of the corpus, as in every adapter.
            sort: ['_score', 'source', 'sequence', 'start'],
          },
          { signal },
        );
        const hits = (found?.hits ?? []).map(({ _id, _score, fields }) => ({
          passageId: _id!,
          score: _score!,
          lang: (fields?.lang as readonly string[] | undefined)?.[0] ?? null,
        }));
        const coverage = ceiling > 0 ? Math.min(1, (hits[0]?.score ?? 0) / ceiling) : 0;
        return { hits, coverage, telling: told };
      } catch (error) {
        signal?.throwIfAborted();
        throw explainElasticsearchError(error, place);
      }
    },
  };
};
