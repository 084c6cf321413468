import type { Clock } from '../../clock.ts';

/** Aborts when nothing has happened for a while. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Something happened: from now on `ms` of silence are borne. */
  alive(ms: number): void;
  stop(): void;
}

/** One sleep at a time, however often it is told that all is well: a token is no reason for a timer. */
export const createWatchdog = (clock: Clock, firstMs: number): Watchdog => {
  const bark = new AbortController();
  const stopped = new AbortController();
  let until = clock.now() + firstMs;
  let waking = new AbortController();
  const watch = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const left = until - clock.now();
      if (left <= 0) return bark.abort();
      waking = new AbortController();
      await clock.sleep(left, AbortSignal.any([stopped.signal, waking.signal])).catch(() => undefined);
    }
  };
  void watch();
  return {
    signal: bark.signal,
    alive(ms) {
      const next = clock.now() + ms;
      // A nearer end than the one slept for has to be waited for anew.
      if (next < until) waking.abort();
      until = next;
    },
    stop: () => stopped.abort(),
  };
};
