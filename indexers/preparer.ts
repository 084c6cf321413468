import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Document } from '../src/corpus/document.ts';
import { TenkyoError } from '../src/errors.ts';
import {
  type PreparedDocument,
  type PreparedPassage,
  preparePassages,
  type Unprepared,
} from '../src/search/prepare-document.ts';

export interface PrepareRequest {
  readonly id: number;
  readonly documents: readonly Unprepared[];
}

export type PrepareReply = { readonly id: number } & (
  | { readonly passages: readonly (readonly PreparedPassage[])[] }
  | { readonly error: unknown }
);

/** Makes documents ready to be written, on this thread or on others. */
export interface Preparer {
  /** Batches that may wait for their turn; 0: each is done at once, on this thread. */
  readonly batchesAhead: number;
  /** The same documents in the same order, with their passages. */
  prepare(documents: readonly Document[]): Promise<PreparedDocument[]>;
  close(): Promise<void>;
}

interface Waiting {
  readonly take: (passages: readonly (readonly PreparedPassage[])[]) => void;
  readonly fail: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/** Enough that a thread finds the next batch when it ends one, and few enough to be no burden on memory. */
const batchesPerThread = 4;

/** Bytes of corpus files below which threads save less than a moment, and a start has other work for its cores. */
const smallCorpus = 1_000_000;
const mostThreads = 8;

/**
 * How many threads a build of so many bytes is worth: one for each processor, since writing what they prepare is a
 * third of their work (`node bench/index-build.ts`).
 */
export const threadsFor = (bytes: number): number =>
  bytes < smallCorpus ? 0 : Math.min(mostThreads, availableParallelism());

// Node runs the sources, and refuses TypeScript under node_modules: there the compiled file stands beside this one.
const threadFile = new URL(`./prepare-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

const join = (documents: readonly Document[], passages: readonly (readonly PreparedPassage[])[]): PreparedDocument[] =>
  documents.map((document, index) => ({ document, passages: passages[index]! }));

const onThisThread: Preparer = {
  batchesAhead: 0,
  prepare: async (documents) => join(documents, documents.map(preparePassages)),
  close: async () => undefined,
};

const endedError = (cause: unknown): TenkyoError =>
  new TenkyoError('internal', 'a thread that cuts documents into passages ended', {
    found: cause instanceof Error ? cause.message : String(cause),
    remedy: 'Run it again: it goes on where it was.',
    cause,
  });

const startThread = (): Thread => {
  const worker = new Worker(threadFile, { name: 'prepare' });
  const waiting = new Map<number, Waiting>();
  const lose = (cause: unknown): void => {
    for (const { fail } of waiting.values()) fail(endedError(cause));
    waiting.clear();
  };
  worker.on('message', (reply: PrepareReply) => {
    const request = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('passages' in reply) request?.take(reply.passages);
    else request?.fail(reply.error);
  });
  worker.on('error', lose);
  worker.on('exit', (code) => lose(`exit code ${code}`));
  return { worker, waiting };
};

/** @param threads 0: all is done on this thread, which is quicker for a small corpus */
export const createPreparer = ({ threads }: { threads: number }): Preparer => {
  if (threads === 0) return onThisThread;
  const pool = Array.from({ length: threads }, startThread);
  let lastId = 0;
  return {
    batchesAhead: threads * batchesPerThread,
    prepare: async (documents) => {
      const { worker, waiting } = pool.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
      const id = ++lastId;
      const passages = await new Promise<Parameters<Waiting['take']>[0]>((take, fail) => {
        waiting.set(id, { take, fail });
        const unprepared = documents.map(({ source, sequence, title, text }) => ({ source, sequence, title, text }));
        worker.postMessage({ id, documents: unprepared } satisfies PrepareRequest);
      });
      return join(documents, passages);
    },
    close: async () => {
      await Promise.all(pool.map(({ worker }) => worker.terminate()));
    },
  };
};
