/** Runs `work` on every item, `width` at a time. The first error ends it: of those under way, by the signal. */
export const inParallel = async <T>(
  items: readonly T[],
  width: number,
  work: (item: T, signal: AbortSignal) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> => {
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const rest = items.values();
  const take = async (): Promise<void> => {
    for (const item of rest) await work(item, both);
  };
  try {
    await Promise.all(Array.from({ length: Math.min(width, items.length) }, take));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
};
