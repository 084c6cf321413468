import type { Prompt, TokenCounter } from '../generator.ts';
import { addressOf, type ServerAddress } from './server.ts';

export interface ServerTokensOptions {
  readonly server: ServerAddress;
  /** The address to ask now. */
  readonly url: () => string;
  /** Counts here, with the model's own tokenizer; null: its folder isn't declared. */
  readonly local: ((prompt: Prompt) => Promise<number>) | null;
  /** null: what the server says. */
  readonly contextLength: number | null;
  readonly log: { warn(facts: object, message: string): void };
  readonly timeoutMs?: number;
}

/** How tokens are counted: by the server, by the declared tokenizer, or guessed with room to spare. */
type CountedBy = 'server' | 'tokenizer' | 'estimate';

export interface ServerTokens extends TokenCounter {
  /** null: nothing has been counted yet. */
  countedBy(): CountedBy | null;
}

/** Where neither the configuration nor the server says how much a model reads. */
const assumedContext = 4_096;
/** Tokens that a chat template adds by itself: a system text of its own, and the marks of each message. */
const templateTokens = 512;
const messageTokens = 16;
const kept = 32;

const textOf = (prompt: Prompt): string =>
  typeof prompt === 'string' ? prompt : prompt.map(({ content }) => content).join('\n');
const marksOf = (prompt: Prompt): number =>
  typeof prompt === 'string' ? 2 : templateTokens + messageTokens * prompt.length;

/** Every token of a vocabulary stands for at least one byte of what the tokenizer reads, which may be normalised. */
const mostTokens = (prompt: Prompt): number => {
  const text = textOf(prompt);
  return Math.max(Buffer.byteLength(text), Buffer.byteLength(text.normalize('NFKC'))) + 2 + marksOf(prompt);
};

/** More than tokenizers of Japanese models need: two for a Japanese character, one for two Latin letters. */
const estimate = (prompt: Prompt): number => {
  let tokens = 0;
  for (const character of textOf(prompt)) {
    const point = character.codePointAt(0) ?? 0;
    tokens += /[A-Za-z ]/.test(character) ? 0.5 : point < 0x80 ? 1 : point < 0x10000 ? 2 : 4;
  }
  return Math.ceil(tokens) + marksOf(prompt);
};

/** Tokens of a model on a server: vLLM and llama.cpp count them at `/tokenize`, beside `/v1`. */
export const createServerTokens = ({
  server,
  url,
  local,
  contextLength,
  log,
  timeoutMs = 3_000,
}: ServerTokensOptions): ServerTokens => {
  const counts = new Map<string, number>();
  let context = contextLength;
  let by: CountedBy | null = null;
  let serverCounts = true;
  let assumed = false;

  const ask = async (path: string, body: object | null): Promise<unknown> => {
    const response = await server.fetch(addressOf(url(), path), body, AbortSignal.timeout(timeoutMs));
    const text = await response.text();
    // Not every server counts, and it is not asked again then; one that has a fault is.
    if ([404, 405, 501].includes(response.status)) return null;
    if (!response.ok) throw new Error(`status ${response.status}`);
    return JSON.parse(text) as unknown;
  };
  const numberAt = (value: unknown, ...path: string[]): number | null => {
    let at = value;
    for (const key of path) at = (at as Record<string, unknown> | null | undefined)?.[key];
    return typeof at === 'number' && Number.isInteger(at) && at > 0 ? at : null;
  };

  /** Both dialects in one question: vLLM reads `prompt` or `messages` and gives `count`, llama.cpp reads `content`. */
  const tokenize = async (prompt: Prompt): Promise<number | null> => {
    const content = typeof prompt === 'string' ? { prompt, content: prompt } : { messages: prompt, content: '' };
    const reply = await ask('/tokenize', {
      model: server.apiModel,
      ...content,
      add_special: true,
      parse_special: true,
      add_generation_prompt: true,
    });
    const count = numberAt(reply, 'count');
    if (count !== null) {
      context ??= numberAt(reply, 'max_model_len');
      return count;
    }
    const { tokens } = (reply ?? {}) as { tokens?: unknown };
    if (!Array.isArray(tokens)) return null;
    if (typeof prompt === 'string') return tokens.length;
    const rendered = (await ask('/apply-template', { messages: prompt })) as { prompt?: unknown } | null;
    return typeof rendered?.prompt === 'string' ? tokenize(rendered.prompt) : null;
  };
  const countOnServer = async (prompt: Prompt): Promise<number | null> => {
    if (!serverCounts) return null;
    try {
      const count = await tokenize(prompt);
      if (count === null) serverCounts = false;
      return count;
    } catch {
      return null;
    }
  };
  const used = (way: CountedBy): void => {
    if (by !== way && way === 'estimate') {
      log.warn({ model: server.name }, 'the server counts no tokens and no tokenizer is declared: they are estimated');
    }
    by = way;
  };

  return {
    countedBy: () => by,
    atMost: mostTokens,

    async count(prompt) {
      const key = JSON.stringify(prompt);
      const known = counts.get(key);
      if (known !== undefined) return known;
      let way: CountedBy = 'server';
      let count = await countOnServer(prompt);
      if (count === null && local !== null) {
        way = 'tokenizer';
        count = await local(prompt);
      }
      used(count === null ? 'estimate' : way);
      if (count === null) return estimate(prompt);
      counts.set(key, count);
      for (const oldest of counts.keys()) if (counts.size > kept) counts.delete(oldest);
      return count;
    },

    async contextLength() {
      if (context !== null) return context;
      try {
        const models = (await ask('/v1/models', null)) as { data?: { id?: string }[] } | null;
        const entry = models?.data?.find(({ id }) => id === server.apiModel) ?? models?.data?.[0];
        context = numberAt(entry, 'max_model_len');
        // llama.cpp: of one slot.
        context ??= numberAt(await ask('/props', null), 'default_generation_settings', 'n_ctx');
      } catch {
        // Asked again with the next question.
      }
      if (context !== null) return context;
      if (!assumed) {
        assumed = true;
        log.warn({ model: server.name, contextLength: assumedContext }, 'the server does not say how much it reads');
      }
      return assumedContext;
    },
  };
};
