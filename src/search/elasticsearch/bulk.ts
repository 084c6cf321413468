import type { Clock } from '../../clock.ts';
import { TenkyoError } from '../../errors.ts';
import type { TargetRejects } from '../index-target.ts';
import type { ElasticsearchConnection } from './connect.ts';
import { explainElasticsearchError, explainStatus, isPassing, shorten } from './errors.ts';

export interface BulkItem {
  /** Alias of the index. */
  readonly index: string;
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

export interface BulkOptions {
  readonly connection: ElasticsearchConnection;
  readonly corpus: string;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal?: AbortSignal;
}

/** A server that restarts is waited for: 0.1, 0.2 … 12.8 s and then 15 s each, two minutes in all. */
const waits = [...Array.from({ length: 8 }, (_, step) => 100 * 2 ** step), ...Array<number>(6).fill(15_000)];

interface ItemAnswer {
  readonly status: number;
  readonly error?: { readonly type?: string; readonly reason?: string | null } | undefined;
}

type Fate = 'written' | 'again' | 'refused';

/**
 * A document that is there already was written before the builder was stopped, or by a request whose answer got lost:
 * ids and bodies follow from the corpus alone, so it is the same one.
 */
const fateOf = ({ status, error }: ItemAnswer): Fate => {
  if (status < 300 || status === 409) return 'written';
  return status === 429 || status >= 500 || error?.type === 'es_rejected_execution_exception' ? 'again' : 'refused';
};

/**
 * Writes a batch. Items that the server has no room for come back inside an answer of status 200: they alone are sent
 * again. What it refuses for good is told, never thrown: one bad document is no reason to lose a build.
 *
 * @throws TenkyoError `engine_unavailable` after two minutes, `index_missing`; the signal's reason
 */
export const createBulk = ({ connection, corpus, clock, signal }: BulkOptions) => {
  const { client, where } = connection;
  const place = { where, corpus };

  const sendOnce = async (
    items: readonly BulkItem[],
  ): Promise<{ again: BulkItem[]; refused: TargetRejects['first'] }> => {
    const { errors, items: answers } = await client.bulk(
      {
        operations: items.flatMap(({ index, id, body }) => [
          JSON.stringify({ create: { _index: index, _id: id } }),
          body,
        ]),
        require_alias: true,
        filter_path: 'errors,items.*.status,items.*.error.type,items.*.error.reason',
      },
      { signal },
    );
    const again: BulkItem[] = [];
    const refused: { id: string; reason: string }[] = [];
    if (!errors) return { again, refused };
    for (const [number, item] of items.entries()) {
      const answer: ItemAnswer = answers[number]?.create ?? { status: 500 };
      const fate = fateOf(answer);
      if (answer.error?.type === 'index_not_found_exception') throw explainStatus(404, answer, place);
      if (fate === 'again') again.push(item);
      if (fate === 'refused') {
        const { type = `status ${answer.status}`, reason } = answer.error ?? {};
        refused.push({ id: item.id, reason: shorten([type, reason].filter(Boolean).join(': ')) });
      }
    }
    return { again, refused };
  };

  const send = async (items: readonly BulkItem[]): Promise<TargetRejects['first']> => {
    const refused: TargetRejects['first'][number][] = [];
    let left = items;
    for (let attempt = 0; ; attempt++) {
      let failure: unknown = null;
      try {
        const { again, refused: these } = await sendOnce(left);
        refused.push(...these);
        if (again.length === 0) return refused;
        // Progress: the server takes some, so it is asked as if for the first time.
        if (again.length < left.length) attempt = Math.min(attempt, 2);
        left = again;
      } catch (error) {
        signal?.throwIfAborted();
        if ((error as { statusCode?: number }).statusCode === 413 && left.length > 1) {
          const half = left.length >>> 1;
          return [...refused, ...(await send(left.slice(0, half))), ...(await send(left.slice(half)))];
        }
        if (!isPassing(error)) throw explainElasticsearchError(error, place);
        failure = error;
      }
      const wait = waits[attempt];
      if (wait === undefined) {
        throw failure === null
          ? new TenkyoError('engine_unavailable', 'Elasticsearch takes no more documents', {
              where,
              found: `${left.length} documents refused ${attempt + 1} times (429)`,
              remedy: 'Add nodes, or run the build again later: it goes on where it was.',
            })
          : explainElasticsearchError(failure, place);
      }
      await clock.sleep(wait, signal);
    }
  };
  return send;
};
