import { QdrantClient, QdrantClientResourceExhaustedError } from '@qdrant/js-client-rest';
import type { Clock } from '../../clock.ts';
import { TenkyoError } from '../../errors.ts';
import { explainQdrantError, isPassing, notQdrant } from './explain-error.ts';

export interface QdrantOptions {
  /** Address of the REST interface; without a port it is 6333, as everywhere with Qdrant. */
  readonly url: string;
  readonly apiKey: string | null;
  /** Milliseconds for one request. */
  readonly timeoutMs?: number;
  /** Longest wait between two tries. */
  readonly longestWaitMs?: number;
  readonly clock: Clock;
  /** 0…1; spreads the waits of many clients. */
  readonly random: () => number;
}

type Api = ReturnType<QdrantClient['api']>;

interface Call {
  readonly collection: string | null;
  /** Tries after the first, for what passes: 429, 5xx, connection errors. Only for requests that do the same twice. */
  readonly retries?: number;
  readonly signal?: AbortSignal;
}

/** A Qdrant server of a version that this product speaks to. */
export interface Qdrant {
  /** As errors name it. */
  readonly address: string;
  /**
   * Asks the server. The first call looks at its version too.
   *
   * @throws TenkyoError `engine_unavailable`, `index_missing`, `index_mismatch`; the signal's reason when it aborts
   */
  call<T>(
    what: Call,
    ask: (api: Api, init: RequestInit) => Promise<{ readonly data: { readonly result?: T } }>,
  ): Promise<T>;
}

const oldest = { major: 1, minor: 17 };

const checkVersion = (version: unknown, address: string): void => {
  const [major = Number.NaN, minor = Number.NaN] = String(version).split('.').map(Number);
  if (typeof version !== 'string' || Number.isNaN(major) || Number.isNaN(minor)) {
    throw notQdrant({ address }, 'an answer without a version');
  }
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return;
  throw new TenkyoError('engine_unavailable', 'the Qdrant server is too old', {
    where: address,
    expected: `${oldest.major}.${oldest.minor} or later`,
    found: version,
    remedy: 'Upgrade it, one minor version at a time.',
  });
};

const createClient = (url: string, apiKey: string | null): QdrantClient => {
  const { origin, pathname } = new URL(url);
  const path = pathname.replace(/\/+$/, '');
  // The client takes 6333 for the ports that a URL leaves out, written or not.
  const written = /^https?:\/\/[^/]*:(\d+)(?:\/|$)/.exec(url)?.[1];
  return new QdrantClient({
    url: origin,
    ...(written !== undefined && { port: Number(written) }),
    ...(path !== '' && { prefix: path }),
    // As a header of ours: the client would write a warning of its own to the terminal.
    ...(apiKey !== null && { headers: { 'api-key': apiKey } }),
    checkCompatibility: false,
    // Ours: the client's takes the place of a caller's signal.
    timeout: Number.POSITIVE_INFINITY,
  });
};

const firstWaitMs = 200;

/** Asks nothing until the first call. */
export const createQdrant = ({
  url,
  apiKey,
  timeoutMs = 30_000,
  longestWaitMs = 30_000,
  clock,
  random,
}: QdrantOptions): Qdrant => {
  const api = createClient(url, apiKey).api();
  let versionSeen = false;

  const lookAtVersion = async (init: RequestInit): Promise<void> => {
    const { data } = await api.root({}, init);
    checkVersion((data as { version?: unknown } | undefined)?.version, url);
    versionSeen = true;
  };

  return {
    address: url,
    call: async ({ collection, retries = 0, signal }, ask) => {
      const asked = { address: url, timeoutMs, collection };
      for (let tried = 0; ; tried++) {
        signal?.throwIfAborted();
        const limit = AbortSignal.timeout(timeoutMs);
        const init = { signal: signal ? AbortSignal.any([signal, limit]) : limit };
        try {
          if (!versionSeen) await lookAtVersion(init);
          const { data } = await ask(api, init);
          if (data?.result === undefined) throw notQdrant(asked, typeof data === 'string' ? data : 'no `result`');
          return data.result;
        } catch (error) {
          signal?.throwIfAborted();
          if (!isPassing(error) || tried >= retries) {
            throw explainQdrantError(error, versionSeen ? asked : { ...asked, collection: null });
          }
          // The client reads the first digit of `retry-after` alone: the wait grows on its own too.
          const wanted = error instanceof QdrantClientResourceExhaustedError ? error.retry_after * 1000 : 0;
          const wait = Math.max(wanted, firstWaitMs * 2 ** tried * (0.5 + random() / 2));
          await clock.sleep(Math.min(longestWaitMs, wait), signal);
        }
      }
    },
  };
};
