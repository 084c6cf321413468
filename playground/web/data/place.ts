import type { Channel } from '../../protocol/people.ts';
import type { Place } from './state.ts';

/** The part of the address behind `#`: `C0123` or `C0123/1700000000.000100`. */
export const formatPlace = ({ channel, thread }: Pick<Place, 'channel' | 'thread'>): string =>
  thread === null ? channel : `${channel}/${thread}`;

/** The place an address names; the first channel when it names none that the person sees. */
export const parsePlace = (hash: string, channels: readonly Channel[]): Place => {
  const [, named, thread] = /^#?([A-Z0-9]+)(?:\/(\d+\.\d+))?$/.exec(hash) ?? [];
  const known = channels.find(({ id }) => id === named);
  return {
    channel: known?.id ?? channels[0]?.id ?? '',
    thread: known ? (thread ?? null) : null,
    list: false,
    target: null,
  };
};
