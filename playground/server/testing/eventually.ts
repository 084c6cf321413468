import { setTimeout as delay } from 'node:timers/promises';

/** Asks until there is an answer that holds, at most ten seconds. */
export const eventually = async <T>(
  ask: () => T | Promise<T>,
  what: string,
): Promise<Exclude<T, undefined | null | false>> => {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer as Exclude<T, undefined | null | false>;
    if (Date.now() > deadline) throw new Error(`never came: ${what}`);
    await delay(10);
  }
};
