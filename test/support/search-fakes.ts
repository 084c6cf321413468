import type { Embedder } from '../../src/embedding/embedder.ts';

/** An embedder whose vectors count the letters of a text by their code: alike texts are alike, and it is quick. */
export const createLetterEmbedder = ({ fingerprint = 'letters', dimensions = 16 } = {}): Embedder => ({
  dimensions,
  fingerprint,
  embed: async (texts, _role, options) => {
    options?.signal?.throwIfAborted();
    return texts.map((text) => {
      const vector = new Float32Array(dimensions);
      for (const letter of text) if (/\p{L}/u.test(letter)) vector[letter.codePointAt(0)! % dimensions]! += 1;
      const length = Math.hypot(...vector);
      return length > 0 ? vector.map((value) => value / length) : null;
    });
  },
  close: async () => undefined,
});

/** A clock that is moved by hand: `sleep` ends when `advance` has come so far. */
export const createHandClock = (start = Date.UTC(2026, 10, 23)) => {
  let time = start;
  const sleepers: { until: number; wake: () => void }[] = [];
  return {
    now: () => time,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        sleepers.push({ until: time + ms, wake: resolve });
      }),
    advance: (ms: number): void => {
      time += ms;
      for (const sleeper of sleepers.filter(({ until }) => until <= time)) {
        sleepers.splice(sleepers.indexOf(sleeper), 1);
        sleeper.wake();
      }
    },
  };
};
