import type { estypes } from '@elastic/elasticsearch';
import type { ElasticsearchConnection } from './connect.ts';
import { type ErrorPlace, explainElasticsearchError, explainStatus } from './errors.ts';

type SearchBody = estypes.SearchSearchRequestBody;

/** The part of an answer that the adapter reads. */
interface SearchAnswer {
  readonly hits: {
    readonly total?: { readonly value: number };
    readonly hits: readonly SearchHit[];
  };
}

export interface SearchHit {
  readonly _id: string;
  readonly _score?: number | null;
  readonly _source?: unknown;
  readonly fields?: Readonly<Record<string, readonly unknown[]>>;
  readonly sort?: estypes.SortResults;
}

export interface MultiSearch {
  /** One search. Those asked for in the same turn of the event loop go to the server together. */
  ask(header: SearchHeader, body: SearchBody, signal?: AbortSignal): Promise<SearchAnswer>;
}

interface SearchHeader {
  readonly index: string;
  /** Whether scores must be comparable between shards. */
  readonly exactScores?: boolean;
}

interface Waiting {
  readonly header: SearchHeader;
  readonly body: SearchBody;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (answer: SearchAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** One request holds as many searches: the server answers when the last of them is done. */
const searchesAtOnce = 200;
/** Left out of the answers: names, times and shards, many times over. */
const answered = [
  'responses.error',
  'responses.status',
  'responses.hits.total.value',
  ...['_id', '_score', '_source', 'fields', 'sort'].map((field) => `responses.hits.hits.${field}`),
].join(',');

/**
 * Searches in bundles (`_msearch`). A shard that fails or is late fails its search: half an answer would pass for a
 * whole one.
 */
export const createMultiSearch = ({ client, where }: ElasticsearchConnection, place: ErrorPlace): MultiSearch => {
  let waiting: Waiting[] = [];

  const send = async (bundle: readonly Waiting[]): Promise<void> => {
    const searches = bundle.flatMap(({ header: { index, exactScores }, body }) => [
      {
        index,
        allow_partial_search_results: false,
        // Made of one message: of no use to the next, and it would push out what is.
        request_cache: false,
        ...(exactScores && { search_type: 'dfs_query_then_fetch' as const }),
      },
      body,
    ]);
    const stop = new AbortController();
    const leave = (): void => {
      if (bundle.every(({ signal }) => signal?.aborted)) stop.abort();
    };
    for (const { signal } of bundle) signal?.addEventListener('abort', leave, { once: true });
    try {
      const { responses } = await client.msearch({ searches, filter_path: answered }, { signal: stop.signal });
      for (const [number, { resolve, reject }] of bundle.entries()) {
        const answer = responses[number];
        if (!answer) reject(explainStatus(0, null, place));
        else if ('error' in answer) reject(explainStatus(answer.status ?? 500, answer, { ...place, where }));
        else resolve({ ...answer, hits: { ...answer.hits, hits: answer.hits?.hits ?? [] } } as SearchAnswer);
      }
    } catch (error) {
      const explained = explainElasticsearchError(error, place);
      for (const { signal, reject } of bundle) reject(signal?.aborted ? signal.reason : explained);
    } finally {
      for (const { signal } of bundle) signal?.removeEventListener('abort', leave);
    }
  };

  const flush = (): void => {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += searchesAtOnce) void send(all.slice(from, from + searchesAtOnce));
  };

  return {
    ask: (header, body, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ header, body, signal, resolve, reject });
      }),
  };
};
