/**
 * What the turns of this thread's event loop cost while something is done: the CPU time of each turn, so that what
 * other processes take doesn't count. No stretch that holds up the loop is longer than the turn it stands in.
 *
 * @returns milliseconds of CPU of every turn; the cost of measuring is in each of them
 */
export const loopTurns = async (work: () => Promise<unknown>): Promise<number[]> => {
  const turns: number[] = [];
  let running = true;
  const spent = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let last = spent();
  const turn = (): void => {
    const now = spent();
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
