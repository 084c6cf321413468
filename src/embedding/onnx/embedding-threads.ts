import type { Clock } from '../../clock.ts';
import type { OnnxHost } from '../../onnx/host.ts';
import { inParallel } from '../in-parallel.ts';

/** Threads for a long job: the one that holds all models, and others beside it that live as long as they are used. */
export interface EmbeddingThreads {
  /** Gives each of the tasks to a thread that is free. The first error ends it. */
  spread<T>(
    tasks: readonly T[],
    work: (task: T, host: OnnxHost, signal: AbortSignal) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}

export interface EmbeddingThreadsOptions {
  readonly host: OnnxHost;
  /** In all. */
  readonly workers: number;
  readonly createHost: () => OnnxHost;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** A thread holds the library and the model in memory: after so long without work the others end. */
const idleMs = 30_000;

export const createEmbeddingThreads = ({
  host,
  workers,
  createHost,
  clock,
}: EmbeddingThreadsOptions): EmbeddingThreads => {
  let others: OnnxHost[] = [];
  let free: OnnxHost[] = [];
  let jobs = 0;
  let wait: AbortController | null = null;

  const end = async (): Promise<void> => {
    const ending = others;
    [others, free] = [[], []];
    await Promise.all(ending.map((one) => one.close()));
  };
  const endWhenIdle = (): void => {
    wait = new AbortController();
    // Broken off by the next job, or by `close`.
    clock.sleep(idleMs, wait.signal).then(end, () => undefined);
  };

  return {
    async spread(tasks, work, signal) {
      wait?.abort('another job');
      jobs++;
      if (others.length === 0 && tasks.length > 1) {
        others = Array.from({ length: workers - 1 }, createHost);
        free = [...others, host];
      }
      try {
        const give = async (task: (typeof tasks)[number], stop: AbortSignal): Promise<void> => {
          // None is free where two jobs meet: the models' own thread takes as many as come.
          const taken = free.pop();
          try {
            await work(task, taken ?? host, stop);
          } finally {
            if (taken && (taken === host || others.includes(taken))) free.push(taken);
          }
        };
        await inParallel(tasks, workers, give, signal);
      } finally {
        if (--jobs === 0) endWhenIdle();
      }
    },
    close: async () => {
      wait?.abort('closed');
      await end();
    },
  };
};
