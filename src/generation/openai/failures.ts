import { type ErrorCode, TenkyoError } from '../../errors.ts';

/** A request that came to nothing. */
export class RequestFailure extends Error {
  readonly error: TenkyoError;
  /** Whether another try, or another server, may do better. */
  readonly again: boolean;
  /** Whether it tells against the server. */
  readonly blame: boolean;
  /** How long the server asks to be left alone; null: it says nothing. */
  readonly afterMs: number | null;

  constructor(error: TenkyoError, { again, blame, afterMs = null }: Verdict) {
    super(error.message, { cause: error });
    this.error = error;
    this.again = again;
    this.blame = blame;
    this.afterMs = afterMs;
  }
}

interface Verdict {
  readonly again: boolean;
  readonly blame: boolean;
  readonly afterMs?: number | null;
}

/** What a failure is told of: the model's name in the configuration, what its server calls it, the address. */
export interface Asked {
  readonly name: string;
  readonly apiModel: string;
  readonly url: string;
}

/** What a server says of its refusal, and the facts that some add. */
interface ServerWords {
  readonly message: string;
  readonly type: string;
  /** HTTP status or the body's own number. */
  readonly status: number | null;
  readonly promptTokens: number | null;
  readonly contextLength: number | null;
}

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value)) ? Number(value) : null;

/**
 * Reads the body of a refusal: `{"error": {…}}` (OpenAI, llama.cpp, vLLM), the error itself at the top (vLLM before 0.10),
 * `{"detail": …}` (FastAPI), a page of a proxy. `code` is a number with some and a word with others.
 */
const readWords = (body: string): ServerWords => {
  let value: unknown = null;
  try {
    value = JSON.parse(body);
  } catch {
    // A page.
  }
  const top = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const inner = (typeof top.error === 'object' && top.error !== null ? top.error : top) as Record<string, unknown>;
  const spoken = [inner.message, top.error, top.detail, top.message].find((one) => typeof one === 'string');
  const page = body.replaceAll(/<(style|script)[^>]*>.*?<\/\1>|<[^>]*>|\s+/gs, ' ').replaceAll(/ +/g, ' ');
  const said = typeof spoken === 'string' ? spoken : value === null ? page : body;
  const message = said.trim().slice(0, 300);
  return {
    message,
    type: [inner.type, inner.code].filter((one) => typeof one === 'string').join(' '),
    status: numberOf(inner.code) ?? numberOf(top.code),
    promptTokens:
      numberOf(inner.n_prompt_tokens) ??
      firstNumber(message, /(?:requested |contains?(?: at least)? |has |request \()(\d+)/),
    contextLength:
      numberOf(inner.n_ctx) ?? firstNumber(message, /(?:maximum context length is|context size \(|at most) ?(\d+)/),
  };
};

const firstNumber = (text: string, pattern: RegExp): number | null => numberOf(pattern.exec(text)?.[1]);

const tooLong =
  /exceed_context_size|context_length_exceeded|context (length|size|window)|maximum (model|context|input) length|prompt is too long|too many tokens|max_model_len/i;
const unknownModel = /model .*(not exist|not found|unknown|not available)|unknown model|invalid model/i;
/** Worth another try: too many requests, and what a proxy or a server that is starting says. */
const passing = new Set([408, 409, 425, 429, 500, 502, 503, 504, 529]);
const busy = new Set([429, 503, 529]);

const variableOf = (name: string): string => `${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_API_KEY`;

/** `retry-after` in milliseconds: seconds or a date (RFC 9110, 10.2.3). */
export const retryAfter = (headers: Headers, now: number): number | null => {
  const value = headers.get('retry-after');
  if (value === null) return null;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
};

/** What a refusal means. @param models what the server has, where it was asked; null: unknown */
export const refused = (
  status: number,
  body: string,
  { name, apiModel, url }: Asked,
  { afterMs = null, models = null }: { afterMs?: number | null; models?: readonly string[] | null } = {},
): RequestFailure => {
  const words = readWords(body);
  const code = words.status ?? status;
  const found = `status ${status}${words.message ? `: ${words.message}` : ''}`;
  const fail = (
    errorCode: ErrorCode,
    message: string,
    facts: { where?: string; expected?: string; found?: string; remedy: string },
    verdict: Verdict,
  ): RequestFailure =>
    new RequestFailure(new TenkyoError(errorCode, message, { where: url, found, ...facts }), verdict);

  if (tooLong.test(`${words.type} ${words.message}`) && code < 500) {
    const { promptTokens, contextLength } = words;
    return fail(
      'prompt_too_long',
      'The question is too long for the model.',
      {
        expected: contextLength === null ? "a prompt within the model's context" : `at most ${contextLength} tokens`,
        found: promptTokens === null ? words.message : `${promptTokens} tokens`,
        remedy: 'Ask with fewer words.',
      },
      { again: false, blame: false },
    );
  }
  if (code === 401 || code === 403) {
    return fail(
      'config_invalid',
      "the model's server does not accept the key",
      { expected: `a key that it accepts in ${variableOf(name)}`, remedy: `Set ${variableOf(name)} in .env.` },
      { again: true, blame: true },
    );
  }
  if (code === 404) {
    const known = models === null ? null : models.join(', ') || 'none';
    return unknownModel.test(words.message) || (models !== null && !models.includes(apiModel))
      ? fail(
          'config_invalid',
          'the server has no such model',
          {
            expected: known === null ? 'a model that the server has' : `one of its models: ${known}`,
            found: `"${apiModel}"`,
            remedy: `Set apiModel of ${name} to what the server calls the model.`,
          },
          { again: true, blame: true },
        )
      : fail(
          'config_invalid',
          "nothing is at the address of the model's server",
          {
            expected: 'an OpenAI-compatible server',
            remedy: `Look at baseUrls of ${name}: each ends with /v1 as a rule.`,
          },
          { again: true, blame: true },
        );
  }
  if (passing.has(code)) {
    return fail(
      busy.has(code) ? 'model_busy' : 'model_unavailable',
      busy.has(code) ? "the model's server is busy or still starting" : "the model's server failed",
      { expected: 'status 200', remedy: 'Wait and try again; look at the log of the server if it goes on.' },
      // One that has too much to do is well.
      { again: true, blame: code !== 429, afterMs },
    );
  }
  return fail(
    'model_refused',
    "the model's server refused the request",
    { expected: 'status 200', remedy: `Look at the settings of ${name}: the server names what it refuses.` },
    { again: false, blame: false },
  );
};

const codeOf = (error: unknown): string => {
  const { cause, message } = error as { cause?: { code?: unknown; message?: unknown }; message?: unknown };
  return String(cause?.code ?? cause?.message ?? message ?? error);
};

export const unreachable = (cause: unknown, { name, url }: Asked): RequestFailure =>
  new RequestFailure(
    new TenkyoError('model_unavailable', "the model's server does not answer", {
      where: url,
      expected: 'a connection',
      found: codeOf(cause),
      remedy: `Start the server, or correct baseUrls of ${name}.`,
      cause,
    }),
    { again: true, blame: true },
  );

export const silent = (seconds: number, began: boolean, { url }: Asked): RequestFailure =>
  new RequestFailure(
    began
      ? new TenkyoError('model_failed', "the model's server fell silent in the middle of an answer", {
          where: url,
          expected: `a token within ${seconds} s`,
          found: 'nothing',
          remedy: 'Try again; look at the log of the server if it goes on.',
        })
      : new TenkyoError('model_late', 'the model wrote nothing in the time it has', {
          where: url,
          expected: `a first token within ${seconds} s`,
          found: 'nothing',
          remedy: 'Try again when the server is less busy, or raise firstTokenSeconds.',
        }),
    { again: true, blame: true },
  );

/** A stream that is not what it should be. */
export const broken = (
  message: string,
  expected: string,
  found: string,
  { url }: Asked,
  cause?: unknown,
): RequestFailure =>
  new RequestFailure(
    new TenkyoError('model_failed', message, {
      where: url,
      expected,
      found: found.slice(0, 200) || 'nothing',
      remedy: 'Try again; look at the log of the server if it goes on.',
      cause,
    }),
    { again: true, blame: true },
  );

export const lost = (cause: unknown, asked: Asked): RequestFailure =>
  broken("the connection to the model's server broke off", 'the end of the answer', codeOf(cause), asked, cause);
