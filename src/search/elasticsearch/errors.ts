import { TenkyoError } from '../../errors.ts';

/** The parts of a failed answer that say what failed; `error` is a word where no handler was found. */
interface ErrorBody {
  readonly error?:
    | string
    | { readonly type?: string; readonly reason?: string; readonly root_cause?: readonly Cause[] };
}
interface Cause {
  readonly type?: string;
  readonly reason?: string;
}

interface ClientError extends Error {
  readonly statusCode?: number;
  readonly body?: unknown;
}

export interface ErrorPlace {
  /** The server's address. */
  readonly where: string;
  /** The corpus whose index was asked; for the remedy. */
  readonly corpus?: string;
}

/** What a server quotes of a document may be all of it. */
export const shorten = (text: string): string => (text.length > 300 ? `${text.slice(0, 299)}…` : text);

const unavailable = (message: string, where: string, found: string, remedy: string, cause: unknown): TenkyoError =>
  new TenkyoError('engine_unavailable', message, { where, found: shorten(found), remedy, cause });

const reasonOf = (body: unknown): string | null => {
  const { error } = (typeof body === 'object' && body !== null ? body : {}) as ErrorBody;
  if (typeof error === 'string') return error;
  if (!error) return null;
  const { type, reason } = error.root_cause?.[0] ?? error;
  return [type, reason].filter(Boolean).join(': ');
};

/** An answer with an error status, of a request or of one search among several, as an error for people. */
export const explainStatus = (
  status: number,
  body: unknown,
  { where, corpus }: ErrorPlace,
  cause?: unknown,
): TenkyoError => {
  const reason = reasonOf(body);
  const found = reason === null ? `status ${status}` : `status ${status}, ${reason}`;
  if (status === 401 || status === 403) {
    const remedy = 'Check ELASTICSEARCH_API_KEY and what it allows.';
    return unavailable('Elasticsearch refuses the key', where, found, remedy, cause);
  }
  if (reason === null) {
    const remedy = 'Check that ELASTICSEARCH_URL leads to the server and not to a page before it.';
    return unavailable('what answers is not Elasticsearch', where, found, remedy, cause);
  }
  if (status === 404 && reason.startsWith('index_not_found_exception')) {
    return new TenkyoError('index_missing', 'Elasticsearch has no such index', {
      where,
      found: reason,
      remedy: corpus === undefined ? 'Build it: tenkyo index' : `Build it: tenkyo index ${corpus}`,
      cause,
    });
  }
  if (status === 429) {
    return unavailable('Elasticsearch has too much to do', where, found, 'Ask less at once, or add nodes.', cause);
  }
  const remedy = 'Look into the log of the server.';
  return unavailable('Elasticsearch could not answer', where, found, remedy, cause);
};

/** An error of the client (https://github.com/elastic/elastic-transport-js) as one that a person can act on. */
export const explainElasticsearchError = (error: unknown, place: ErrorPlace): unknown => {
  if (error instanceof TenkyoError) return error;
  const { name, message, statusCode, body } = error as ClientError;
  const { where } = place;
  switch (name) {
    case 'ResponseError':
      return explainStatus(statusCode ?? 0, body, place, error);
    case 'ConnectionError':
    case 'NoLivingConnectionsError': {
      const remedy = 'Start the server, or check ELASTICSEARCH_URL.';
      return unavailable('Elasticsearch cannot be reached', where, message, remedy, error);
    }
    case 'TimeoutError': {
      const remedy = 'Check the server and the network before it.';
      return unavailable('Elasticsearch does not answer', where, message, remedy, error);
    }
    case 'ProductNotSupportedError':
    case 'DeserializationError': {
      const remedy = 'Check that ELASTICSEARCH_URL leads to the server and not to a page before it.';
      return unavailable('what answers is not Elasticsearch', where, message, remedy, error);
    }
    default:
      return error;
  }
};

/** Whether the same request may succeed later: nobody answered, or too much was asked. */
export const isPassing = (error: unknown): boolean => {
  const { name, statusCode } = error as ClientError;
  if (name === 'ResponseError') return [429, 502, 503, 504].includes(statusCode ?? 0);
  return ['ConnectionError', 'NoLivingConnectionsError', 'TimeoutError'].includes(name);
};
