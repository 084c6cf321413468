import type { Clock } from '../../clock.ts';
import { TenkyoError } from '../../errors.ts';

export interface RequestOptions {
  /** Full address of the endpoint. */
  readonly url: string;
  readonly apiKey: string | null;
  readonly clock: Clock;
  /** 0…1; spreads the waits of many clients. */
  readonly random: () => number;
  /** Milliseconds for one try, from the first byte sent to the last received. */
  readonly timeoutMs: number;
  /** Tries after the first. */
  readonly retries: number;
  readonly signal?: AbortSignal;
}

const firstWaitMs = 250;
const longestWaitMs = 30_000;
/** Worth another try: too many requests, and what a proxy or a server that is starting says. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

/** A failure, and how long the server asks to be left alone; null: no other try will do better. */
interface Failure {
  readonly error: TenkyoError;
  readonly again: { readonly afterMs: number | null } | null;
}

/** `retry-after` in milliseconds: seconds or a date (RFC 9110, 10.2.3). */
const retryAfter = (headers: Headers, now: number): number | null => {
  const value = headers.get('retry-after');
  if (value === null) return null;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
};

/** What a server says of its refusal: OpenAI's `error.message`, else the beginning of the body. */
const saidBy = (body: string): string => {
  try {
    const value = JSON.parse(body) as { error?: { message?: unknown } | string; message?: unknown; detail?: unknown };
    const error = typeof value.error === 'object' ? value.error?.message : value.error;
    const text = error ?? value.message ?? value.detail;
    if (typeof text === 'string') return text;
  } catch {
    // A proxy's page.
  }
  return body.replaceAll(/<[^>]*>|\s+/g, ' ').trim();
};

const remedyFor = (status: number): string => {
  if (status === 401 || status === 403) return 'Set EMBEDDING_API_KEY to a key that the server accepts.';
  if (status === 404) return 'Look at embedding.baseUrl (it ends with /v1 as a rule) and at embedding.model.';
  if (passing.has(status)) return 'Wait and try again; for a long build lower embedding.concurrency.';
  return 'Look at embedding.model and embedding.maxCharacters: the server names what it refuses.';
};

const refused = async (response: Response, url: string, now: number): Promise<Failure> => {
  const said = saidBy(await response.text().catch(() => '')).slice(0, 200);
  const error = new TenkyoError('embedding_unavailable', 'the embedding server refused the request', {
    where: url,
    expected: 'status 200',
    found: `status ${response.status}${said ? `: ${said}` : ''}`,
    remedy: remedyFor(response.status),
  });
  return { error, again: passing.has(response.status) ? { afterMs: retryAfter(response.headers, now) } : null };
};

const codeOf = (error: unknown): string => {
  const { cause, message } = error as { cause?: { code?: unknown; message?: unknown }; message?: unknown };
  return String(cause?.code ?? cause?.message ?? message ?? error);
};

const unreachable = (cause: unknown, url: string, timeoutMs: number, late: boolean): Failure => ({
  error: new TenkyoError('embedding_unavailable', 'the embedding server does not answer', {
    where: url,
    expected: `an answer within ${timeoutMs} ms`,
    found: late ? 'nothing' : codeOf(cause),
    remedy: 'Start the server, or correct embedding.baseUrl; search goes on without vectors until then.',
    cause,
  }),
  again: { afterMs: null },
});

/** One try; the body is read within the same time limit, so that a connection left half open ends too. */
const once = async (
  body: string,
  { url, apiKey, clock, timeoutMs, signal }: RequestOptions,
): Promise<string | Failure> => {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }) },
      body,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    return response.ok ? await response.text() : await refused(response, url, clock.now());
  } catch (error) {
    signal?.throwIfAborted();
    return unreachable(error, url, timeoutMs, limit.aborted);
  }
};

/**
 * Sends JSON and gives the body of the answer. Refusals that pass (429, 5xx), connection errors and silence are tried
 * again, each wait twice the last (half of it random), or as long as the server asks.
 *
 * @throws TenkyoError `embedding_unavailable` of the last try; the signal's reason when it aborts
 */
export const postJson = async (content: object, options: RequestOptions): Promise<string> => {
  const body = JSON.stringify(content);
  for (let tried = 0; ; tried++) {
    options.signal?.throwIfAborted();
    const outcome = await once(body, options);
    if (typeof outcome === 'string') return outcome;
    const { error, again } = outcome;
    if (again === null || tried >= options.retries) throw error;
    const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** tried);
    await options.clock.sleep(
      Math.min(longestWaitMs, again.afterMs ?? wait * (0.5 + options.random() / 2)),
      options.signal,
    );
  }
};
