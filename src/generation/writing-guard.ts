import type { FinishReason } from './generator.ts';
import { createLoopGuard, defaultLoopLimits, type LoopLimits } from './loop-guard.ts';

/** What an answer may cost, whatever the model wants. Its tokens are bounded by the request. */
export interface WritingLimits {
  /** UTF-8 bytes of text. */
  readonly maxBytes: number;
  /** From the request to the end. */
  readonly maxSeconds: number;
  readonly loop: LoopLimits;
}

export const defaultWritingLimits: WritingLimits = {
  maxBytes: 64 * 1024,
  maxSeconds: 120,
  loop: defaultLoopLimits,
};

export interface Admitted {
  /** The part of the text that is within the limits. */
  readonly text: string;
  /** Why the answer ends here; null: it goes on. */
  readonly cut: FinishReason | null;
}

/** Watches the text of one answer as it is written. */
export const createWritingGuard = ({ maxBytes, loop }: WritingLimits): { admit(text: string): Admitted } => {
  const loopGuard = createLoopGuard(loop);
  const encoder = new TextEncoder();
  let room = maxBytes;

  return {
    admit(text) {
      const bytes = new Uint8Array(room);
      // Fills the room with whole characters and says how far it came in the text.
      const { read, written } = encoder.encodeInto(text, bytes);
      room -= written;
      const admitted = text.slice(0, read);
      if (loopGuard.add(admitted)) return { text: admitted, cut: 'loop' };
      return { text: admitted, cut: read < text.length ? 'length' : null };
    },
  };
};
