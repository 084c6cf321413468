import { setTimeout as delay } from 'node:timers/promises';

/** What a fault cut off, and how long each of it stood still. */
export interface PickUps {
  /** Answers and deliveries in hand when the fault came. */
  readonly inHand: number;
  /**
   * Milliseconds from the fault to the first sign of another run in the records (the answer's attempt, the delivery's
   * fence), not to the end of the writing. What its own process finished is not among them.
   */
  readonly takenAfterMs: readonly number[];
  readonly longestMs: number;
}

interface Row {
  readonly key: string;
  readonly run: number;
}

const inHand = `
  select 'answer ' || id as key, attempt as run from tenkyo.answers where status = 'running'
  union all
  select 'delivery ' || id, fence from tenkyo.deliveries where status = 'streaming' and lease_owner is not null`;
const all = `
  select 'answer ' || id as key, attempt as run from tenkyo.answers
  union all select 'delivery ' || id, fence from tenkyo.deliveries`;

/**
 * Looks at the records, has the fault happen, and looks on until it is told to stop.
 *
 * @param run a statement on the records, on a way of its own that the fault does not cut for long
 */
export const watchPickUps = async (
  run: (sql: string) => Promise<readonly unknown[]>,
  fault: () => Promise<void> | void,
): Promise<{ stop(): Promise<PickUps> }> => {
  const before = new Map(((await run(inHand)) as readonly Row[]).map((row) => [row.key, row.run]));
  const beganAt = Date.now();
  const taken = new Map<string, number>();
  let stopped = false;
  const look = async (): Promise<void> => {
    // The records may be away themselves.
    const rows = (await run(all).catch(() => [])) as readonly Row[];
    for (const { key, run: now } of rows) {
      const then = before.get(key);
      if (then !== undefined && now > then && !taken.has(key)) taken.set(key, Date.now() - beganAt);
    }
  };
  const loop = (async () => {
    while (!stopped) {
      await look();
      await delay(200);
    }
  })();
  await fault();
  return {
    stop: async () => {
      stopped = true;
      await loop;
      await look();
      const takenAfterMs = [...taken.values()];
      return { inHand: before.size, takenAfterMs, longestMs: Math.max(0, ...takenAfterMs) };
    },
  };
};
