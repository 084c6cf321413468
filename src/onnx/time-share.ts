import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Shares the thread between people who wait for words and a long embedding job: an index build would otherwise take a
 * whole batch's time between any two tokens of an answer.
 */
export interface TimeShare {
  /** Runs a generation; while it lasts, `giveWay` waits. */
  writing<T>(work: () => Promise<T>): Promise<T>;
  /** Waits as long as the caller has just worked, while any generation runs: each gets half of the thread. */
  giveWay(workedMs: number): Promise<void>;
}

export const createTimeShare = (): TimeShare => {
  let writers = 0;
  return {
    async writing(work) {
      writers += 1;
      try {
        return await work();
      } finally {
        writers -= 1;
      }
    },
    async giveWay(workedMs) {
      const until = performance.now() + workedMs;
      do await nextTurn();
      while (writers > 0 && performance.now() < until);
    },
  };
};
