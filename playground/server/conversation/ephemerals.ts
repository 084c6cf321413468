import type { StoredMessage } from '../state/messages.ts';

export interface EphemeralMessage extends StoredMessage {
  readonly ephemeralFor: string;
}

/**
 * Messages that one person sees. As in Slack they are in no history: they are kept only as long as somebody may press
 * their buttons or replace them, and not across a restart.
 */
export interface Ephemerals {
  put(message: EphemeralMessage): void;
  find(channel: string, ts: string): EphemeralMessage | undefined;
  remove(channel: string, ts: string): void;
}

const MOST_KEPT = 1_000;

export const createEphemerals = (): Ephemerals => {
  const kept = new Map<string, EphemeralMessage>();
  const keyOf = (channel: string, ts: string): string => `${channel} ${ts}`;
  return {
    put: (message) => {
      kept.set(keyOf(message.channel, message.ts), message);
      for (const key of kept.keys()) {
        if (kept.size <= MOST_KEPT) break;
        kept.delete(key);
      }
    },
    find: (channel, ts) => kept.get(keyOf(channel, ts)),
    remove: (channel, ts) => {
      kept.delete(keyOf(channel, ts));
    },
  };
};
