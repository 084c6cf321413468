/** A seeded generator of numbers in [0, 1): mulberry32 (public domain), enough to choose samples with. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/**
 * `count` different whole numbers below `limit`, ascending, the same ones for the same seed (Floyd's algorithm, CACM
 * 1987): memory by `count`, not by `limit`.
 */
export const chooseDistinct = (count: number, limit: number, seed: number): number[] => {
  const random = seededRandom(seed);
  const chosen = new Set<number>();
  for (let bound = Math.max(0, limit - count); bound < limit; bound += 1) {
    const candidate = Math.floor(random() * (bound + 1));
    chosen.add(chosen.has(candidate) ? bound : candidate);
  }
  return [...chosen].sort((a, b) => a - b);
};
