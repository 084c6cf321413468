/** numpy's `RandomState`: MT19937 and its shuffle (numpy/random/mtrand.pyx, legacy-distributions.c), bit for bit. */
export interface RandomState {
  /** Fisher–Yates from the end, as `RandomState.shuffle` does it. Up to 2^32 elements. */
  shuffle(values: Uint32Array): void;
}

const words = 624;

/** @param seed 0 … 2^32 − 1 */
export const createRandomState = (seed: number): RandomState => {
  const state = new Uint32Array(words);
  state[0] = seed;
  for (let index = 1; index < words; index += 1) {
    const before = state[index - 1]!;
    state[index] = Math.imul(1_812_433_253, before ^ (before >>> 30)) + index;
  }
  let next = words;

  const refill = (): void => {
    for (let index = 0; index < words; index += 1) {
      const mixed = (state[index]! & 0x80000000) | (state[(index + 1) % words]! & 0x7fffffff);
      state[index] = state[(index + 397) % words]! ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    next = 0;
  };
  const word = (): number => {
    if (next === words) refill();
    let value = state[next]!;
    next += 1;
    value ^= value >>> 11;
    value ^= (value << 7) & 0x9d2c5680;
    value ^= (value << 15) & 0xefc60000;
    return (value ^ (value >>> 18)) >>> 0;
  };
  /** Uniform in 0 … most, by masked rejection. */
  const upTo = (most: number): number => {
    const mask = 0xffffffff >>> Math.clz32(most);
    for (;;) {
      const value = (word() & mask) >>> 0;
      if (value <= most) return value;
    }
  };
  return {
    shuffle: (values) => {
      for (let index = values.length - 1; index > 0; index -= 1) {
        const other = upTo(index);
        const kept = values[other]!;
        values[other] = values[index]!;
        values[index] = kept;
      }
    },
  };
};
