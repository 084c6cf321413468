import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';

/** Why a call to Slack gave no result. */
export interface SlackFailure {
  readonly kind: /** Told to wait; nothing was done. */
    | 'rate_limited'
    /** It may have been done: the reply was late, cut or a 5xx. Look before doing it again. */
    | 'ambiguous'
    /** Slack said no; nothing was done, and the same call will be refused again. */
    | 'refused'
    /** It never left: no connection. */
    | 'unreachable'
    /** We ended it before it was sent. */
    | 'withdrawn';
  /** Slack's error code, `http_503`, or the network's. */
  readonly code: string;
  /** For `rate_limited`. */
  readonly retryAfterMs?: number;
}

/** Slack's own troubles, told with HTTP 200: what was done is unknown. */
const slackTroubles = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);
/** The connection was never made, so the request was not sent. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The innermost `code` of an error and its causes: fetch hides the network's behind its own. */
const networkCode = (error: unknown): string => {
  let code = 'unknown';
  for (let each = error; typeof each === 'object' && each !== null; each = 'cause' in each ? each.cause : null) {
    if ('code' in each && typeof each.code === 'string') code = each.code;
    else if ('name' in each && each.name === 'TimeoutError') code = 'timeout';
  }
  return code;
};

export const toFailure = (error: unknown): SlackFailure => {
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'rate_limited', code: 'ratelimited', retryAfterMs: error.retryAfter * 1_000 };
  }
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    if (code === 'ratelimited' || code === 'rate_limited') return { kind: 'rate_limited', code, retryAfterMs: 1_000 };
    return { kind: slackTroubles.has(code) ? 'ambiguous' : 'refused', code };
  }
  if (error instanceof WebAPIHTTPError) {
    return { kind: error.statusCode >= 500 ? 'ambiguous' : 'refused', code: `http_${error.statusCode}` };
  }
  const code = networkCode(error instanceof WebAPIRequestError ? error.original : error);
  return { kind: neverSent.has(code) ? 'unreachable' : 'ambiguous', code };
};
