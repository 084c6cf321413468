import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createWritingGuard, defaultWritingLimits } from './writing-guard.ts';

test('the byte limit cuts between characters, never inside one, and says length', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 20 }),
      fc.integer({ min: 0, max: 60 }),
      (pieces, maxBytes) => {
        const guard = createWritingGuard({ ...defaultWritingLimits, maxBytes });
        let text = '';
        let cut: string | null = null;
        for (const piece of pieces) {
          const admitted = guard.admit(piece);
          text += admitted.text;
          cut = admitted.cut;
          if (cut) break;
        }
        const whole = pieces.join('');
        expect(whole.startsWith(text)).toBe(true);
        expect(text.isWellFormed()).toBe(true);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
        expect(cut).toBe(text === whole ? null : 'length');
        if (cut) expect(Buffer.byteLength(text)).toBeGreaterThan(maxBytes - 4);
      },
    ),
  );
});

test('a loop is cut as a loop', () => {
  const guard = createWritingGuard(defaultWritingLimits);
  const cuts = Array.from({ length: 40 }, () => guard.admit('石、石、').cut);
  expect(cuts.find(Boolean)).toBe('loop');
});
