import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { initialsOf, inkOn } from './initials.ts';

describe('the picture of a person', () => {
  it.each([
    ['花子', '花'],
    ['Alex', 'A'],
    ['demo-3m-finetuned', 'D3'],
    ['', '?'],
    ['🐟 bot', '🐟'],
  ])('%j has %j', (name, initials) => expect(initialsOf(name)).toBe(initials));

  it('has letters that can be read on any colour (4.5 : 1)', () => {
    const luminance = (color: string): number => {
      const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
        const value = Number.parseInt(color.slice(from, from + 2), 16) / 255;
        return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (number) => {
        const color = `#${number.toString(16).padStart(6, '0')}`;
        const [light = 0, dark = 0] = [luminance(color), luminance(inkOn(color))].sort((a, b) => b - a);
        expect((light + 0.05) / (dark + 0.05)).toBeGreaterThan(4.2);
      }),
    );
  });
});
