import { Worker } from 'node:worker_threads';
import { TenkyoError } from '../errors.ts';
import { fromFault } from './faults.ts';
import { createMailbox } from './mailbox.ts';
import { createNativeGate, type NativeGate } from './native-gate.ts';
import type {
  EmbeddingTask,
  LoadedModel,
  ModelKind,
  OnnxReply,
  OnnxRequest,
  RankingTask,
  TemplateMessage,
  TextTask,
  ThreadData,
  TokenUsage,
  Vectors,
} from './protocol.ts';

/** The main thread's end of the one thread that holds all ONNX sessions; models load on first use. */
export interface OnnxHost {
  /** Loads a model ahead of its first use. */
  load(kind: ModelKind, path: string): Promise<LoadedModel>;
  /** Tokens of a text, special ones in it counted as such. A folder with a tokenizer alone will do. */
  count(path: string, text: string): Promise<number>;
  /** A conversation by the chat template of the folder's tokenizer, up to where the answer begins. */
  render(path: string, messages: readonly TemplateMessage[]): Promise<string>;
  /** Streams a continuation; the last piece is `end`. Leaving the loop early stops the writing. */
  generate(task: TextTask, signal: AbortSignal): AsyncIterable<WrittenPiece>;
  embed(task: EmbeddingTask, signal?: AbortSignal): Promise<Vectors>;
  /** A number a passage, in order; the greater, the better it answers the query. */
  rank(task: RankingTask, signal?: AbortSignal): Promise<Float64Array>;
  /** Ends the thread; what is under way fails with `model_unavailable`. */
  close(): Promise<void>;
}

type WrittenPiece =
  | ({ readonly type: 'text'; readonly text: string } & TokenUsage)
  | ({ readonly type: 'end'; readonly finish: 'stop' | 'length' } & TokenUsage);

/** The part of a pino logger that is used. */
interface OnnxLog {
  debug(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface OnnxHostOptions {
  readonly log?: OnnxLog;
}

/** Milliseconds that a native call, at worst the loading of a model, is waited for. */
const closePatience = 30_000;
const exitPatience = 5_000;

/** A request under way; either function may be called, once. */
interface Pending {
  onReply(reply: OnnxReply): void;
  onLoss(error: TenkyoError): void;
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

// Node runs the sources, and refuses TypeScript under node_modules: there the compiled file stands beside this one.
const threadFile = new URL(`./onnx-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export const createOnnxHost = ({ log }: OnnxHostOptions = {}): OnnxHost => {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let gate: NativeGate | undefined;
  let lastId = 0;
  let closed = false;

  /** The thread is gone: whoever waits is told, and the next request starts another. */
  const lose = (lost: Worker, cause: unknown): void => {
    if (worker !== lost) return;
    worker = undefined;
    const waiting = [...pending.values()];
    pending.clear();
    const found = cause instanceof Error ? cause.message : String(cause);
    log?.warn({ err: cause, requests: waiting.length }, 'the ONNX thread ended; the next request starts another');
    const error = new TenkyoError('model_failed', 'The thread that runs the models ended.', {
      found,
      remedy: 'Try again; if it happens again, look into the log.',
      cause,
    });
    for (const { onLoss } of waiting) onLoss(error);
  };

  const startWorker = (): Worker => {
    gate = createNativeGate();
    const workerData: ThreadData = { gate: gate.memory };
    const started = new Worker(threadFile, { name: 'onnx', workerData });
    started.on('message', (reply: OnnxReply) => {
      const request = pending.get(reply.id);
      if (reply.type !== 'text') settle(reply.id);
      request?.onReply(reply);
    });
    started.on('error', (error) => lose(started, error));
    started.on('exit', (code) => lose(started, `exit code ${code}`));
    return started;
  };

  const settle = (id: number): void => {
    pending.delete(id);
    if (pending.size === 0) worker?.unref();
  };

  const send = (request: Unnumbered<OnnxRequest>, handlers: Pending): void => {
    if (closed) throw closedError();
    worker ??= startWorker();
    lastId += 1;
    pending.set(lastId, handlers);
    // A living thread keeps the process up only while somebody waits for it.
    worker.ref();
    worker.postMessage({ ...request, id: lastId } satisfies OnnxRequest);
  };

  const ask = <T extends OnnxReply['type']>(type: T, request: Unnumbered<OnnxRequest>) =>
    new Promise<Extract<OnnxReply, { type: T }>>((resolve, reject) => {
      send(request, {
        onReply: (reply) => (isReply(reply, type) ? resolve(reply) : reject(refusal(reply))),
        onLoss: reject,
      });
    });

  /** Somebody called `process.exit`, which ends the thread wherever it is. */
  const onExit = (): void => {
    gate?.shut();
    gate?.waitEmpty(exitPatience);
  };
  process.on('exit', onExit);

  return {
    load: async (kind, path) => {
      const { seconds, device, refusal } = await ask('loaded', { type: 'load', kind, path });
      if (refusal !== null) log?.warn({ path, device, refusal }, 'the GPU was refused; the model runs on the CPU');
      return { seconds, device, refusal };
    },

    count: async (path, text) => (await ask('counted', { type: 'count', path, text })).tokens,

    render: async (path, messages) => (await ask('rendered', { type: 'render', path, messages })).text,

    async *generate(task, signal) {
      signal.throwIfAborted();
      const stop = createStopFlag();
      const mailbox = createMailbox<OnnxReply>();
      const onAbort = (): void => {
        stop.raise();
        mailbox.fail(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        send({ type: 'generate', ...task, stop: stop.buffer }, { onReply, onLoss: mailbox.fail });
        for (;;) {
          const reply = await mailbox.take();
          if (reply.type === 'text') {
            const { text, promptTokens, completionTokens } = reply;
            yield { type: 'text', text, promptTokens, completionTokens };
          } else if (reply.type === 'generated' && reply.finish !== 'stopped') {
            const { finish, promptTokens, completionTokens } = reply;
            yield { type: 'end', finish, promptTokens, completionTokens };
            return;
          } else {
            throw refusal(reply);
          }
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
        stop.raise();
      }

      function onReply(reply: OnnxReply): void {
        if (reply.type === 'generated' && reply.finish === 'stopped') {
          log?.debug({ completionTokens: reply.completionTokens }, 'a generation was stopped');
        }
        mailbox.put(reply);
      }
    },

    embed: async (task, signal) => {
      const { data, dimensions } = await stoppable(signal, (stop) => ask('embedded', { type: 'embed', ...task, stop }));
      return { data, dimensions };
    },

    rank: async (task, signal) =>
      (await stoppable(signal, (stop) => ask('ranked', { type: 'rank', ...task, stop }))).scores,

    async close() {
      closed = true;
      const ending = worker;
      worker = undefined;
      for (const { onLoss } of pending.values()) onLoss(closedError());
      pending.clear();
      gate?.shut();
      await gate?.empty(closePatience);
      await ending?.terminate();
      process.off('exit', onExit);
    },
  };
};

const isReply = <T extends OnnxReply['type']>(reply: OnnxReply, type: T): reply is Extract<OnnxReply, { type: T }> =>
  reply.type === type;

const refusal = (reply: OnnxReply): TenkyoError =>
  reply.type === 'failed'
    ? fromFault(reply.fault)
    : new TenkyoError('internal', 'The ONNX thread gave an answer to another question.', { found: reply.type });

const closedError = (): TenkyoError =>
  new TenkyoError('model_unavailable', 'The models are shut down.', { remedy: 'Start tenkyo again.' });

/** Rejects at once when the signal aborts; the thread, which sees the flag between two batches, soon stops. */
const stoppable = async <T>(
  signal: AbortSignal | undefined,
  start: (stop: SharedArrayBuffer) => Promise<T>,
): Promise<T> => {
  signal?.throwIfAborted();
  const stop = createStopFlag();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => {
    stop.raise();
    aborted.reject(signal?.reason);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([start(stop.buffer), aborted.promise]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
};

/** A flag that the thread reads while it is busy: a message would wait until it isn't. */
const createStopFlag = (): { readonly buffer: SharedArrayBuffer; raise(): void } => {
  const buffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const flag = new Int32Array(buffer);
  return { buffer, raise: () => void Atomics.store(flag, 0, 1) };
};
