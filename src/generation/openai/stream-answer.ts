import type { Clock } from '../../clock.ts';
import type { GenerationRequest, TokenCounter } from '../generator.ts';
import type { TokensSoFar, WrittenPart } from '../limited-writing.ts';
import { readChunk } from './chunk.ts';
import { readEvents } from './events.ts';
import { type Asked, broken, lost, RequestFailure, refused, retryAfter, silent, unreachable } from './failures.ts';
import { createHeldText } from './held-text.ts';
import { addressOf, type ServerAddress } from './server.ts';
import { createHarmonySplitter, createThinkSplitter, noSplitter, type ThinkingSplitter } from './thinking.ts';
import { createWatchdog } from './watchdog.ts';

export interface StreamSettings {
  /** What ends an answer besides the model's own end token; at most four. */
  readonly stop: readonly string[];
  /** How thinking is told from the answer: the server's own fields, or marks in the text. */
  readonly reasoning: 'server' | 'harmony' | 'think';
  /** Silence that is borne before the first token, and between two. */
  readonly firstTokenMs: number;
  readonly idleMs: number;
}

export interface StreamOptions {
  readonly url: string;
  readonly server: ServerAddress;
  readonly request: Omit<GenerationRequest, 'signal'>;
  readonly signal: AbortSignal;
  readonly settings: StreamSettings;
  readonly clock: Clock;
  readonly tokens: Pick<TokenCounter, 'count'>;
}

/** After the finish reason only the usage is missing, which is not worth a wait. */
const afterFinishMs = 3_000;
const longestRefusal = 16 * 1024;
/** Reasons that mean that the server gave up. */
const givenUp = new Set(['abort', 'aborted', 'error', 'cancelled']);

const splitterOf = (reasoning: StreamSettings['reasoning']): ThinkingSplitter =>
  reasoning === 'server' ? noSplitter : reasoning === 'harmony' ? createHarmonySplitter() : createThinkSplitter();

/** Always a stream: only then a server notices that nobody reads any more, and frees its slot. */
const bodyOf = ({ request, server, settings }: StreamOptions): object => {
  const { prompt, maxTokens, temperature, topP, seed } = request;
  return {
    model: server.apiModel,
    ...(typeof prompt === 'string' ? { prompt } : { messages: prompt }),
    max_tokens: maxTokens,
    temperature,
    top_p: topP,
    ...(seed === undefined ? {} : { seed }),
    ...(settings.stop.length > 0 && { stop: settings.stop.slice(0, 4) }),
    // The marks of the channels are special tokens, which servers leave out of the text.
    ...(settings.reasoning === 'harmony' && { skip_special_tokens: false }),
    stream: true,
    stream_options: { include_usage: true, continuous_usage_stats: true },
  };
};

/** The beginning of a body; '' when it does not come. */
const beginningOf = async (response: Response): Promise<string> => {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > longestRefusal) break;
    }
  } catch {
    // What came will do.
  }
  return text;
};

const modelsOf = async ({ url, server }: StreamOptions, signal: AbortSignal): Promise<string[] | null> => {
  try {
    const response = await server.fetch(addressOf(url, '/v1/models'), null, signal);
    const { data } = (await response.json()) as { data?: { id?: unknown }[] };
    return data?.map(({ id }) => String(id)) ?? null;
  } catch {
    return null;
  }
};

/**
 * One request for an answer. Throws `RequestFailure` for everything that a server can do wrong, the signal's reason when it
 * aborts; leaving the loop closes the connection, which frees the server's slot.
 */
export async function* streamAnswer(options: StreamOptions): AsyncGenerator<WrittenPart> {
  const { url, server, request, signal, settings, clock, tokens } = options;
  const asked: Asked = { name: server.name, apiModel: server.apiModel, url };
  const watchdog = createWatchdog(clock, settings.firstTokenMs);
  const leaving = new AbortController();
  const stop = AbortSignal.any([signal, watchdog.signal, leaving.signal]);
  let began = false;
  let finish: string | null = null;
  let known = false;
  let soFar: TokensSoFar = { promptTokens: 0, completionTokens: 0 };
  const held = { text: createHeldText(), reasoning: createHeldText() };
  const splitter = splitterOf(settings.reasoning);

  /** A fault of the way: who ended it tells what it means. */
  const faultOf = (error: unknown, otherwise: (error: unknown) => RequestFailure): unknown => {
    if (signal.aborted) return signal.reason;
    if (error instanceof RequestFailure) return error;
    if (watchdog.signal.aborted) return silent((began ? settings.idleMs : settings.firstTokenMs) / 1000, began, asked);
    return otherwise(error);
  };

  try {
    const path = typeof request.prompt === 'string' ? '/v1/completions' : '/v1/chat/completions';
    const response = await server.fetch(addressOf(url, path), bodyOf(options), stop).catch((error: unknown) => {
      throw faultOf(error, (cause) => unreachable(cause, asked));
    });
    if (!response.ok) {
      const said = await beginningOf(response);
      const models = response.status === 404 ? await modelsOf(options, stop) : null;
      signal.throwIfAborted();
      throw refused(response.status, said, asked, { afterMs: retryAfter(response.headers, clock.now()), models });
    }
    const kind = response.headers.get('content-type') ?? 'text/event-stream';
    if (!kind.startsWith('text/event-stream') || response.body === null) {
      const said = await beginningOf(response);
      throw broken(
        "the model's server answered with something else than a stream",
        'text/event-stream',
        `${kind}: ${said}`,
        asked,
      );
    }

    try {
      for await (const data of readEvents(response.body)) {
        const chunk = readChunk(data);
        if ('unreadable' in chunk) {
          throw broken(
            "the model's server sent something that is no piece of an answer",
            'a chunk in JSON',
            data,
            asked,
          );
        }
        if ('error' in chunk) throw refused(500, JSON.stringify(chunk.error), asked);
        if (chunk.text || chunk.reasoning) {
          if (!began && chunk.usage === null) {
            // A server that tells the prompt's tokens at the end alone tells nothing of an answer that is cut.
            tokens.count(request.prompt).then(
              (promptTokens) => {
                if (!known) soFar = { ...soFar, promptTokens };
              },
              () => undefined,
            );
          }
          began = true;
          soFar = { ...soFar, completionTokens: soFar.completionTokens + 1 };
        }
        if (chunk.usage) {
          known = true;
          soFar = chunk.usage;
        }
        if (chunk.finish !== null) finish = chunk.finish;
        if (finish !== null) watchdog.alive(Math.min(afterFinishMs, settings.idleMs));
        else if (began) watchdog.alive(settings.idleMs);
        const reasoning = held.reasoning.push(chunk.reasoning);
        if (reasoning) yield { type: 'reasoning', text: reasoning, ...soFar };
        for (const { type, text } of splitter.push(held.text.push(chunk.text))) {
          if (text) yield { type, text, ...soFar };
        }
      }
    } catch (error) {
      // All of the answer is there: how the connection ends is nobody's concern.
      if (finish === null || signal.aborted) throw faultOf(error, (cause) => lost(cause, asked));
    }
    if (finish === null) {
      signal.throwIfAborted();
      throw broken("the model's server ended its answer without saying why", 'a finish reason', 'none', asked);
    }
    if (givenUp.has(finish)) {
      throw broken("the model's server gave up its answer", 'stop or length', finish, asked);
    }
    for (const { type, text } of splitter.end()) yield { type, text, ...soFar };
    yield { type: 'end', finish: finish === 'length' ? 'length' : 'stop', ...soFar };
  } finally {
    watchdog.stop();
    leaving.abort();
  }
}
