import { TenkyoError } from '../errors.ts';

const shut = 0;
const inside = 1;

/**
 * Counts the calls that are inside the native library, in memory that both threads see. A thread that is ended inside
 * one takes the whole process with it: the library throws into an environment that is gone, and aborts (measured with
 * onnxruntime-node 1.30). So the gate is shut first, and the thread ended once nobody is inside.
 */
export interface NativeGate {
  /** The memory, to be given to the other thread. */
  readonly memory: SharedArrayBuffer;
  /** Runs native work, or refuses it once the gate is shut. */
  pass<T>(work: () => Promise<T>): Promise<T>;
  shut(): void;
  /** Resolves when nobody is inside, or after `ms`. */
  empty(ms: number): Promise<void>;
  /** The same for a process that is exiting and runs no loop any more: blocks. */
  waitEmpty(ms: number): void;
}

export const createNativeGate = (memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)): NativeGate => {
  const state = new Int32Array(memory);
  return {
    memory,

    async pass(work) {
      // Counted before the gate is looked at: whoever shuts it sees us, or we see that it is shut.
      Atomics.add(state, inside, 1);
      try {
        if (Atomics.load(state, shut) !== 0) throw new TenkyoError('model_unavailable', 'The models are shut down.');
        return await work();
      } finally {
        Atomics.sub(state, inside, 1);
        Atomics.notify(state, inside);
      }
    },

    shut: () => void Atomics.store(state, shut, 1),

    async empty(ms) {
      const until = performance.now() + ms;
      for (let count = Atomics.load(state, inside); count > 0; count = Atomics.load(state, inside)) {
        const left = until - performance.now();
        if (left <= 0) return;
        await Atomics.waitAsync(state, inside, count, left).value;
      }
    },

    waitEmpty(ms) {
      const until = performance.now() + ms;
      for (let count = Atomics.load(state, inside); count > 0; count = Atomics.load(state, inside)) {
        const left = until - performance.now();
        if (left <= 0) return;
        Atomics.wait(state, inside, count, left);
      }
    },
  };
};
