import type { Clock } from '../../clock.ts';
import { asTenkyoError, TenkyoError } from '../../errors.ts';
import type { GenerationRequest, Generator } from '../generator.ts';
import { type WrittenPart, writeWithin } from '../limited-writing.ts';
import { defaultWritingLimits, type WritingLimits } from '../writing-guard.ts';
import { createEndpoints, type EndpointState } from './endpoints.ts';
import { RequestFailure } from './failures.ts';
import { addressOf, createServer } from './server.ts';
import { type StreamSettings, streamAnswer } from './stream-answer.ts';
import { createServerTokens, type ServerTokens, type ServerTokensOptions } from './token-counter.ts';

export interface OpenAiGenerator extends Generator, ServerTokens {
  /** How the servers are, as far as requests have shown. */
  endpoints(): EndpointState[];
  /** Asks every server for its health. True: at least one is well. */
  check(): Promise<boolean>;
}

export interface OpenAiGeneratorOptions extends StreamSettings {
  /** The model's name in the configuration. */
  readonly name: string;
  readonly apiModel: string;
  readonly apiKey: string | null;
  /** Each up to and with `/v1`. */
  readonly baseUrls: readonly string[];
  readonly tokenizer: ServerTokensOptions['local'];
  readonly contextLength: number | null;
  readonly limits?: Partial<WritingLimits>;
  /** Most requests for one answer. Default: each server once, and two more. */
  readonly tries?: number;
  /** Milliseconds before the second try; doubled for each further one. Default: 500. */
  readonly firstWaitMs?: number;
  readonly clock: Clock;
  /** 0…1; spreads the tries of many. */
  readonly random: () => number;
  readonly log: ServerTokensOptions['log'];
}

/** Tries after the first where each server has been tried. */
const rounds = 2;
const longestWaitMs = 8_000;
const healthMs = 2_000;

/** A generator on servers that speak OpenAI's API. Asks nothing until it is used. */
export const createOpenAiGenerator = (options: OpenAiGeneratorOptions): OpenAiGenerator => {
  const { baseUrls, clock, random, log, firstWaitMs = 500, tries = baseUrls.length + rounds } = options;
  const server = createServer(options);
  const probe = async (url: string): Promise<boolean> => {
    const isThere = async (path: string): Promise<number> => {
      const response = await server.fetch(addressOf(url, path), null, AbortSignal.timeout(healthMs));
      await response.body?.cancel();
      return response.status;
    };
    try {
      const health = await isThere('/health');
      return health === 404 || health === 405 ? (await isThere('/v1/models')) < 500 : health < 400;
    } catch {
      return false;
    }
  };
  const endpoints = createEndpoints({ urls: baseUrls, clock, probe });
  const tokens = createServerTokens({
    server,
    url: endpoints.best,
    local: options.tokenizer,
    contextLength: options.contextLength,
    log,
  });
  const closing = new AbortController();
  const limits = { ...defaultWritingLimits, ...options.limits };

  /** One answer: tried again, on another server if there is one, as long as nothing of it has been given out. */
  async function* write(request: Omit<GenerationRequest, 'signal'>, signal: AbortSignal): AsyncGenerator<WrittenPart> {
    const tried = new Set<string>();
    for (let failures = 0; ; failures++) {
      signal.throwIfAborted();
      const slot = endpoints.take(tried);
      let began = false;
      try {
        for await (const part of streamAnswer({
          url: slot.url,
          server,
          request,
          signal,
          settings: options,
          clock,
          tokens,
        })) {
          began ||= part.type !== 'end';
          yield part;
        }
        slot.release('well');
        return;
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (!(error instanceof RequestFailure)) throw asTenkyoError(error);
        slot.release(error.blame ? 'ill' : 'unknown');
        log.warn({ model: options.name, url: slot.url, began, err: error.error }, 'a model server failed');
        tried.add(slot.url);
        const everyOne = tried.size >= baseUrls.length;
        // A server that said nothing for so long is not waited for a second time.
        const hopeless = everyOne && error.error.code === 'model_late';
        if (began || !error.again || hopeless || failures + 1 >= tries) throw error.error;
        if (everyOne) {
          tried.clear();
          const wait = error.afterMs ?? firstWaitMs * 2 ** (failures - baseUrls.length + 1) * (0.5 + random() / 2);
          await clock.sleep(Math.min(longestWaitMs, wait), signal);
        }
      } finally {
        slot.release('unknown');
      }
    }
  }

  return {
    ...tokens,
    endpoints: endpoints.states,
    check: async () => {
      const found = await Promise.all(
        baseUrls.map(async (url) => {
          const well = await probe(url);
          endpoints.seen(url, well ? 'well' : 'ill');
          return well;
        }),
      );
      return found.includes(true);
    },
    generate: ({ signal, ...request }) =>
      writeWithin({ write: (stop) => write(request, stop), limits, signal, closing: closing.signal, clock }),
    close: async () =>
      closing.abort(new TenkyoError('model_unavailable', 'The model is shut down.', { remedy: 'Start tenkyo again.' })),
  };
};
