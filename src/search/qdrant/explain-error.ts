import { QdrantClientResourceExhaustedError } from '@qdrant/js-client-rest';
import { type ErrorFacts, TenkyoError } from '../../errors.ts';

/** What was asked of the server. */
export interface Asked {
  readonly address: string;
  readonly timeoutMs: number;
  /** The collection, or the alias; null: the server itself. */
  readonly collection: string | null;
}

const rebuild = 'Build the index again: tenkyo index.';

/** Qdrant's own errors are `{status: {error}}`; a missing key and what stands before the server answer in plain text. */
const saidBy = (data: unknown): string => {
  const error = (data as { status?: { error?: unknown } } | null | undefined)?.status?.error;
  const text = typeof error === 'string' ? error : typeof data === 'string' ? data : JSON.stringify(data ?? '');
  return text
    .replaceAll(/<[^>]*>|\s+/g, ' ')
    .trim()
    .slice(0, 300);
};

/** Of a 400 only the text tells the causes apart. */
const badRequest = (said: string, where: string, cause: unknown): TenkyoError => {
  const dimensions = /expected dim: (\d+), got (\d+)/.exec(said);
  if (dimensions) {
    return new TenkyoError('index_mismatch', 'the vectors in Qdrant have another length than those sent', {
      where,
      expected: `${dimensions[1]} dimensions`,
      found: `${dimensions[2]} dimensions`,
      remedy: rebuild,
      cause,
    });
  }
  if (said.includes('Not existing vector name')) {
    return new TenkyoError('index_mismatch', 'the collection in Qdrant has no vector of the name that is asked for', {
      where,
      found: said,
      remedy: rebuild,
      cause,
    });
  }
  const help = /Help: (.+)$/.exec(said)?.[1];
  if (help) {
    return new TenkyoError('engine_unavailable', "Qdrant's strict mode refused the request", {
      where,
      found: said,
      remedy: `${help} Or change the collection's strict_mode_config on the server.`,
      cause,
    });
  }
  return new TenkyoError('engine_unavailable', 'Qdrant refused the request', { where, found: said, cause });
};

const byStatus = (status: number, said: string, where: string, cause: unknown): TenkyoError => {
  const unavailable = (message: string, facts: ErrorFacts): TenkyoError =>
    new TenkyoError('engine_unavailable', message, { where, found: said || `status ${status}`, cause, ...facts });
  switch (status) {
    case 400:
    case 422:
      return badRequest(said, where, cause);
    case 401:
      return unavailable('Qdrant wants an API key, or another one', {
        remedy: 'Set QDRANT_API_KEY to a key of the server.',
      });
    case 403:
      return unavailable('the API key may not do this on Qdrant', {
        remedy: 'Set QDRANT_API_KEY to a key that may write, for building an index.',
      });
    case 404:
      return new TenkyoError('index_missing', 'the collection is not on the Qdrant server', {
        where,
        found: said,
        remedy: 'Build the index: tenkyo index.',
        cause,
      });
    case 429:
      return unavailable('Qdrant has more requests than it allows', {
        remedy: "Wait, or raise the collection's rate limits.",
      });
    default:
      return unavailable('Qdrant failed', {
        found: `status ${status}${said ? `: ${said}` : ''}`,
        remedy: "Look into the server's log, and at what stands before it.",
      });
  }
};

const unreachable = ({ address, timeoutMs }: Asked, found: string, cause: unknown): TenkyoError =>
  new TenkyoError('engine_unavailable', 'Qdrant does not answer', {
    where: address,
    expected: `an answer within ${timeoutMs} ms`,
    found,
    remedy: 'Start the server, or correct QDRANT_URL; search goes on without vectors until then.',
    cause,
  });

/** What an answer is that no Qdrant gives. */
export const notQdrant = ({ address }: Pick<Asked, 'address'>, found: string, cause?: unknown): TenkyoError =>
  new TenkyoError('engine_unavailable', 'the answer at the address of Qdrant is not from Qdrant', {
    where: address,
    expected: "JSON with Qdrant's `result`",
    found:
      found
        .replaceAll(/<[^>]*>|\s+/g, ' ')
        .trim()
        .slice(0, 120) || 'nothing',
    remedy: 'Correct QDRANT_URL: it is the address of the REST interface, port 6333 as a rule.',
    cause,
  });

/** An error of the client as one that a person can act on. */
export const explainQdrantError = (error: unknown, asked: Asked): TenkyoError => {
  if (error instanceof TenkyoError) return error;
  const where = asked.collection === null ? asked.address : `${asked.address}, collection ${asked.collection}`;
  if (error instanceof QdrantClientResourceExhaustedError) return byStatus(429, error.message, where, error);
  const { status, data, cause, name, message } = error as {
    status?: unknown;
    data?: unknown;
    cause?: { code?: unknown };
    name?: unknown;
    message?: unknown;
  };
  if (status === 404 && asked.collection === null) return notQdrant(asked, 'status 404', error);
  if (typeof status === 'number') return byStatus(status, saidBy(data), where, error);
  if (name === 'TimeoutError') return unreachable(asked, 'nothing', error);
  if (name === 'SyntaxError') return notQdrant(asked, 'no JSON', error);
  return unreachable(asked, String(cause?.code ?? message ?? error), error);
};

/** Whether the same request may do better in a while. */
export const isPassing = (error: unknown): boolean => {
  const { status, name } = error as { status?: unknown; name?: unknown };
  if (error instanceof QdrantClientResourceExhaustedError || name === 'TimeoutError') return true;
  if (typeof status === 'number') return status === 429 || status >= 500;
  // What `fetch` throws for every lost or refused connection.
  return name === 'TypeError';
};
