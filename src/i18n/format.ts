import type { Locale } from '../store/records.ts';

/** Numbers and times as a reader of the locale expects them. */
export interface Format {
  /** Thousands separated. */
  number(value: number): string;
  /** Seconds without their unit: one decimal, two below a second. */
  seconds(value: number): string;
  /** Whole per cent of a share between 0 and 1; below 100 % never rounds up to it, above 0 % never down to it. */
  percent(share: number): string;
  /** `2026-11-23`; an ISO date or milliseconds since the epoch. */
  date(moment: string | number): string;
  /** `2026-11-23 10:12`. */
  dateTime(moment: string | number): string;
  /** `a, b and c`; `a、b、c`. */
  list(items: readonly string[]): string;
}

const tags = { ja: 'ja-JP', en: 'en-US' } as const;

export const createFormat = (locale: Locale): Format => {
  const tag = tags[locale];
  const whole = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const decimals = (digits: number): Intl.NumberFormat =>
    new Intl.NumberFormat(tag, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const [tenths, hundredths] = [decimals(1), decimals(2)];
  const conjunction = new Intl.ListFormat(tag, { type: 'conjunction' });
  // Swedish writes dates in ISO's order.
  const day = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short' });
  const minute = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' });
  return {
    number: (value) => whole.format(value),
    seconds: (value) => (value < 1 ? hundredths : tenths).format(value),
    percent: (share) => {
      const rounded = Math.round(share * 100);
      return `${share < 1 && share > 0 ? Math.min(99, Math.max(1, rounded)) : rounded} %`;
    },
    date: (moment) => day.format(new Date(moment)),
    dateTime: (moment) => minute.format(new Date(moment)),
    list: (items) => (locale === 'ja' ? items.join('、') : conjunction.format(items)),
  };
};

/** `1 document`, `2 documents`. */
export const counted = (value: number, one: string, other: string, shown: string = String(value)): string =>
  `${shown} ${value === 1 ? one : other}`;
