import { Worker } from 'node:worker_threads';
import { TenkyoError } from '../../errors.ts';
import type { Engines, OpenEnginesOptions } from './open-engines.ts';
import type { ReaderFault, ReaderMethod, ReaderMethods, ReaderReply, ReaderRequest } from './reader-protocol.ts';

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const threadFile = new URL(`./reader-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

const errorOf = ({ code, message, ...facts }: ReaderFault): TenkyoError => new TenkyoError(code, message, facts);

/**
 * The engines of a build in a thread of their own, so that a search in a large corpus takes nothing of the main one.
 * A thread that ends takes what it was asked with it; the next question starts another.
 */
export const openThreadedEngines = async (options: OpenEnginesOptions): Promise<Engines> => {
  const pending = new Map<number, Pending>();
  let reader: Promise<Worker> | null = null;
  let lastId = 0;
  let closed = false;

  const settle = (worker: Worker, id: number): Pending | undefined => {
    const one = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
    return one;
  };

  const send = <M extends ReaderMethod>(
    worker: Worker,
    method: M,
    args: readonly unknown[],
    signal?: AbortSignal,
  ): ReturnType<ReaderMethods[M]> => {
    const id = ++lastId;
    const answered = new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const onAbort = (): void => {
        worker.postMessage({ type: 'abort', id } satisfies ReaderRequest);
        settle(worker, id)?.reject(signal?.reason);
      };
      const forget = (): void => signal?.removeEventListener('abort', onAbort);
      signal?.addEventListener('abort', onAbort, { once: true });
      pending.set(id, {
        resolve: (value) => {
          forget();
          resolve(value);
        },
        reject: (error) => {
          forget();
          reject(error);
        },
      });
      // A thread keeps the process up only while somebody waits for it.
      worker.ref();
      worker.postMessage({ type: 'ask', id, method, args } satisfies ReaderRequest);
    });
    return answered as ReturnType<ReaderMethods[M]>;
  };

  const start = async (): Promise<{ worker: Worker; vectors: boolean }> => {
    const worker = new Worker(threadFile, { name: 'search' });
    worker.on('message', (reply: ReaderReply) => {
      const one = settle(worker, reply.id);
      if ('fault' in reply) one?.reject(errorOf(reply.fault));
      else one?.resolve(reply.value);
    });
    const lose = (cause: unknown): void => {
      reader = null;
      const waiting = [...pending.values()];
      pending.clear();
      const found = cause instanceof Error ? cause.message : String(cause);
      const error = new TenkyoError(closed ? 'shutdown' : 'internal', 'the thread that reads the index ended', {
        where: options.folder,
        found,
        remedy: 'Search again; if it happens again, look into the log.',
        cause,
      });
      for (const { reject } of waiting) reject(error);
    };
    worker.on('error', lose);
    worker.on('exit', (code) => lose(`exit code ${code}`));
    try {
      const { vectors } = await send(worker, 'open', [options]);
      return { worker, vectors };
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  };

  const begin = start();
  reader = begin.then(({ worker }) => worker);
  reader.catch(() => undefined);
  const { vectors } = await begin;

  const ask = async <M extends ReaderMethod>(
    method: M,
    what: unknown,
    { signal, ...rest }: { signal?: AbortSignal },
  ): Promise<Awaited<ReturnType<ReaderMethods[M]>>> => {
    if (closed) throw new TenkyoError('shutdown', 'the index is closed');
    reader ??= start().then(({ worker }) => worker);
    return await send(await reader, method, [what, rest], signal);
  };

  return {
    keyword: { search: (tokens, asked) => ask('keyword', tokens, asked) },
    vector: vectors ? { search: (vector, asked) => ask('vector', vector, asked) } : null,
    spans: {
      maximal: (folded, asked) => ask('maximal', folded, asked),
      occurrences: (folded, asked) => ask('occurrences', folded, asked),
    },
    close: async () => {
      closed = true;
      const worker = await reader?.catch(() => null);
      await worker?.terminate();
    },
  };
};
