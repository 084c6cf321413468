import { InvalidArgumentError } from 'commander';

/** `1012` as people read it: 1,012. */
export const grouped = (value: number): string => value.toLocaleString('en-US');

/** A whole number from 0, as typed: thousands separators are allowed, since results show them. */
export const parseIndex = (text: string): number => {
  const value = /^\d{1,3}(,\d{3})+$|^\d+$/.test(text) ? Number(text.replaceAll(',', '')) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('Expected a whole number from 0.');
  return value;
};

/** How long, about: `45 s`, `12 min`, `3.5 h`. */
export const duration = (seconds: number): string => {
  if (seconds < 90) return `${Math.max(1, Math.ceil(seconds))} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
};

export const parsePort = (text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
};
