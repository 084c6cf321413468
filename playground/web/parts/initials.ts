/** One character of a Japanese name, up to two letters of another. */
export const initialsOf = (name: string): string => {
  const [grapheme] = new Intl.Segmenter('ja', { granularity: 'grapheme' }).segment(name);
  const first = grapheme?.segment ?? '?';
  if (!/^[a-z0-9]/i.test(first)) return first;
  const words = name.split(/[^a-z0-9]+/i).filter(Boolean);
  return ((words[0]?.[0] ?? first) + (words[1]?.[0] ?? '')).toUpperCase();
};

/** White or near-black, whichever reads better on `#rrggbb` (relative luminance as in WCAG 2). */
export const inkOn = (color: string): '#ffffff' | '#14161a' => {
  const channel = (from: number): number => {
    const value = Number.parseInt(color.slice(from, from + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.058 ? '#ffffff' : '#14161a';
};
