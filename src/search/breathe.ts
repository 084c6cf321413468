import type { Clock } from '../clock.ts';

/** Lets the event loop turn between slices of work, so that a long search or build holds up nobody. */
export interface Breath {
  /** True when this slice has lasted long enough: then `await take()`. Cheap enough to ask in a loop. */
  due(): boolean;
  /** Lets everything that waits run, and begins a new slice. Throws the signal's reason when it has aborted. */
  take(): Promise<void>;
}

export const createBreath = ({
  clock,
  sliceMs = 6,
  signal,
}: {
  clock: Pick<Clock, 'now'>;
  sliceMs?: number;
  signal?: AbortSignal;
}): Breath => {
  let since = clock.now();
  return {
    due: () => clock.now() - since >= sliceMs,
    take: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      since = clock.now();
    },
  };
};
