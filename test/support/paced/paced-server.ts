import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type DialectName, dialects } from './dialects.ts';

/** What a server may do to one request. `after`: tokens that it sends before. */
export type Misbehaviour =
  /** Says nothing more and keeps the connection. */
  | { readonly kind: 'hang' | 'drop' | 'no-finish' | 'garbage' | 'error-chunk' | 'gives-up'; readonly after: number }
  | { readonly kind: 'slow-first'; readonly ms: number }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly message?: string;
      readonly headers?: Record<string, string>;
    }
  /** Every byte in a piece of its own. */
  | { readonly kind: 'split' }
  /** The answer is whole, its usage never comes. */
  | { readonly kind: 'no-usage' }
  /** 200 with the page of a proxy. */
  | { readonly kind: 'page' };

interface PacedRequest {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly authorization: string | null;
  /** How it ended; null: it goes on. */
  end: 'done' | 'client left' | 'refused' | 'broken' | null;
}

export interface PacedServer {
  /** Up to and with `/v1`. */
  readonly url: string;
  /** Requests for answers, in order. */
  readonly requests: readonly PacedRequest[];
  /** Answers being written now. */
  busy(): number;
  /** What the next requests for answers meet, one after the other; `always` for all. */
  misbehave(how: Misbehaviour, times?: number | 'always'): void;
  behave(): void;
  /** From now on `/health` answers this. */
  setHealth(status: number): void;
  /** Questions for its health so far. */
  healthAsked(): number;
  close(): Promise<void>;
}

export interface PacedServerOptions {
  readonly dialect: DialectName;
  /** Of one slot; 0: as fast as it goes. Default: 0. */
  readonly tokensPerSecond?: number;
  /** Further requests wait. Default: 8. */
  readonly slots?: number;
  /** The answer's tokens. Default: the question, a few characters a token, after a fixed beginning. */
  readonly answer?: (question: string) => readonly string[];
  /** Thought before the answer, in a field of its own. */
  readonly reasoning?: readonly string[];
  readonly contextLength?: number;
  /** Whether it answers /tokenize. Default: true. */
  readonly counts?: boolean;
}

/** What its tokenizer makes of a text. */
export const tokensOf = (text: string): string[] => text.match(/.{1,2}/gsu) ?? [];
const echo = (question: string): string[] => tokensOf(`あなたの質問は「${question}」でした🌋。`);

/** An OpenAI-compatible server that writes at a pace, speaks as llama.cpp's or as vLLM, and fails on demand. */
export const startPacedServer = async ({
  dialect: name,
  tokensPerSecond = 0,
  slots = 8,
  answer = echo,
  reasoning = [],
  contextLength = 4_096,
  counts = true,
}: PacedServerOptions): Promise<PacedServer> => {
  const dialect = dialects[name];
  const requests: PacedRequest[] = [];
  const plans: { how: Misbehaviour; left: number }[] = [];
  const closing = new AbortController();
  const waiting: (() => void)[] = [];
  let busy = 0;
  let health = 200;
  let healthAsked = 0;

  const slot = async (): Promise<() => void> => {
    if (busy >= slots) await new Promise<void>((free) => waiting.push(free));
    else busy += 1;
    return () => {
      const next = waiting.shift();
      if (next) next();
      else busy -= 1;
    };
  };
  const planned = (): Misbehaviour | null => {
    const plan = plans[0];
    if (!plan) return null;
    plan.left -= 1;
    if (plan.left <= 0) plans.shift();
    return plan.how;
  };
  const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

  const write = async (request: PacedRequest, response: ServerResponse, signal: AbortSignal): Promise<void> => {
    const chat = request.path === '/v1/chat/completions';
    const {
      messages,
      prompt,
      max_tokens: most,
    } = request.body as {
      messages?: { content: string }[];
      prompt?: string;
      max_tokens: number;
    };
    // A chat's template adds its marks: any will do, as long as they are counted too.
    const text = chat ? JSON.stringify(messages) : String(prompt);
    const question = chat ? (messages?.at(-1)?.content ?? '') : text;
    const promptTokens = tokensOf(text).length;
    const how = planned();
    const refuse = (status: number, message: string, type: string, headers?: Record<string, string>): void => {
      request.end = 'refused';
      json(response, status, dialect.refusal(status, message, type), headers);
    };
    if (how?.kind === 'status')
      return refuse(how.status, how.message ?? 'it was asked to', 'server_error', how.headers);
    if (how?.kind === 'page') {
      request.end = 'refused';
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>It works!</body></html>');
      return;
    }
    if (promptTokens >= contextLength) {
      if (name === 'vllm') {
        const message = `This model's maximum context length is ${contextLength} tokens. However, you requested ${promptTokens} tokens in the messages.`;
        return refuse(400, message, 'BadRequestError');
      }
      const message = `request (${promptTokens} tokens) exceeds the available context size (${contextLength} tokens), try increasing it`;
      return refuse(400, message, 'exceed_context_size_error');
    }
    if (how?.kind === 'slow-first') await delay(how.ms, undefined, { signal });

    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    const send = async (line: string): Promise<void> => {
      if (how?.kind !== 'split') {
        response.write(line);
        return;
      }
      for (const byte of Buffer.from(line)) {
        response.write(Buffer.of(byte));
        await new Promise((sent) => setImmediate(sent));
      }
    };
    const event = ({ usage, ...chunk }: Record<string, unknown>): Promise<void> =>
      send(`data: ${JSON.stringify(how?.kind === 'no-usage' ? chunk : { ...chunk, usage })}\n\n`);
    for (const chunk of dialect.begin(chat)) await event(chunk);
    if (chat) for (const thought of reasoning) await event(dialect.reasoning(thought));

    const all = answer(question);
    const tokens = all.slice(0, most);
    const began = performance.now();
    for (let at = 0; at <= tokens.length; at++) {
      if (how && 'after' in how && how.after === at) {
        request.end = 'broken';
        if (how.kind === 'hang') await once(signal, 'abort');
        else if (how.kind === 'drop') {
          // What was written is to arrive first.
          await delay(30);
          response.destroy();
        } else if (how.kind === 'no-finish') response.end();
        else if (how.kind === 'garbage') response.end('data: {"choices":[{"tex\n\ndata: \u0000\n\n');
        else if (how.kind === 'error-chunk') {
          response.end(`data: ${JSON.stringify(dialect.refusal(500, 'out of memory', 'server_error'))}\n\n`);
        } else {
          for (const chunk of dialect.end(chat, 'abort', { promptTokens, completionTokens: at })) await event(chunk);
          response.end('data: [DONE]\n\n');
        }
        return;
      }
      const token = tokens[at];
      if (token === undefined) break;
      // By the time that each is due, so that timers that are late do not add up.
      const early = tokensPerSecond === 0 ? 0 : ((at + 1) * 1000) / tokensPerSecond - (performance.now() - began);
      if (early > 0) await delay(early, undefined, { signal });
      signal.throwIfAborted();
      await event(dialect.token(chat, token, { promptTokens, completionTokens: at + 1 }));
    }
    const finish = all.length > tokens.length ? 'length' : 'stop';
    for (const chunk of dialect.end(chat, finish, { promptTokens, completionTokens: tokens.length }))
      await event(chunk);
    request.end = 'done';
    response.end('data: [DONE]\n\n');
  };

  const generate = async (request: PacedRequest, response: ServerResponse): Promise<void> => {
    const left = new AbortController();
    response.once('close', () => left.abort());
    const free = await slot();
    try {
      await write(request, response, AbortSignal.any([left.signal, closing.signal]));
    } catch (error) {
      if (!left.signal.aborted && !closing.signal.aborted) throw error;
      request.end = 'client left';
    } finally {
      free();
    }
  };

  const beside = (path: string, body: Record<string, unknown>, response: ServerResponse): void => {
    const text = String(body.content || body.prompt || '');
    if (path === '/health') {
      healthAsked += 1;
      if (name === 'vllm') response.writeHead(health).end();
      else json(response, health, { status: health === 200 ? 'ok' : 'loading model' });
    } else if (path === '/v1/models') {
      json(response, 200, {
        data: [{ id: 'served-model', ...(name === 'vllm' && { max_model_len: contextLength }) }],
      });
    } else if (path === '/props' && name === 'llama.cpp') {
      json(response, 200, { default_generation_settings: { n_ctx: contextLength } });
    } else if (path === '/apply-template' && name === 'llama.cpp') {
      json(response, 200, { prompt: JSON.stringify(body.messages) });
    } else if (path === '/tokenize' && counts) {
      const tokens = tokensOf(text || JSON.stringify(body.messages ?? ''));
      if (name === 'vllm') json(response, 200, { count: tokens.length, max_model_len: contextLength });
      else json(response, 200, { tokens: tokens.map((_, id) => id) });
    } else json(response, 404, dialect.refusal(404, 'File Not Found', 'not_found_error'));
  };

  const server = createServer(async (incoming: IncomingMessage, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const path = incoming.url ?? '';
    const sent = Buffer.concat(pieces).toString('utf8');
    const body = (sent === '' ? {} : JSON.parse(sent)) as Record<string, unknown>;
    if (path !== '/v1/completions' && path !== '/v1/chat/completions') return beside(path, body, response);
    const request: PacedRequest = { path, body, authorization: incoming.headers.authorization ?? null, end: null };
    requests.push(request);
    await generate(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    busy: () => busy,
    misbehave: (how, times = 1) =>
      void plans.push({ how, left: times === 'always' ? Number.POSITIVE_INFINITY : times }),
    behave: () => void plans.splice(0),
    setHealth: (status) => {
      health = status;
    },
    healthAsked: () => healthAsked,
    close: async () => {
      closing.abort();
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};
