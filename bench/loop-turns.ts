/**
 * Milliseconds of CPU that this thread has taken. Linux tells a thread's own time by the tick (4 ms), and up to now only
 * when the time of the whole process was asked for just before.
 */
export const threadCpuMs = (): number => {
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/**
 * What the turns of this thread's event loop cost while something is done: the CPU time of each turn, so that what
 * other processes take doesn't count. No stretch that holds up the loop is longer than the turn it stands in.
 *
 * @returns milliseconds of CPU of every turn; the cost of measuring is in each of them
 */
export const loopTurns = async (work: () => Promise<unknown>): Promise<number[]> => {
  const turns: number[] = [];
  let running = true;
  let last = threadCpuMs();
  const turn = (): void => {
    const now = threadCpuMs();
    turns.push(now - last);
    last = now;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  running = false;
  await new Promise((resolve) => setImmediate(resolve));
  return turns;
};
