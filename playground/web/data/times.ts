import type { LocaleName } from '../../protocol/people.ts';

/** Milliseconds since the Unix epoch of a message's ts. */
export const millisecondsOf = (ts: string): number => Math.floor(Number(ts) * 1_000);

export interface Times {
  /** `14:05` */
  clock(milliseconds: number): string;
  /** The day alone, as a heading. */
  day(milliseconds: number): string;
  /** Day and time, in a sentence. */
  moment(milliseconds: number): string;
  /** Day and time, for a title. */
  full(milliseconds: number): string;
  /** The same calendar day, where the person is. */
  sameDay(one: number, other: number): boolean;
}

/** @param timeZone IANA name; the machine's own when left out */
export const createTimes = (locale: LocaleName, timeZone?: string): Times => {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const day = format({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' });
  const moment = format({ dateStyle: 'medium', timeStyle: 'short' });
  const full = format({ dateStyle: 'long', timeStyle: 'medium' });
  return {
    clock: (milliseconds) => clock.format(milliseconds),
    day: (milliseconds) => day.format(milliseconds),
    moment: (milliseconds) => moment.format(milliseconds),
    full: (milliseconds) => full.format(milliseconds),
    sameDay: (one, other) => day.format(one) === day.format(other),
  };
};
