import type { Clock } from '../../../src/clock.ts';
import { STATUS_LIFETIME_MS } from '../../../src/slack/limits.ts';

export interface Status {
  readonly channel: string;
  readonly threadTs: string;
  readonly user: string;
  readonly status: string;
}

/**
 * What the apps say they are doing (https://docs.slack.dev/reference/methods/assistant.threads.setStatus). A status
 * goes away when the app posts in the thread, clears it, or after two minutes; it does not outlive the process.
 */
export interface Statuses {
  /** An empty status clears. */
  set(status: Status): void;
  clear(channel: string, threadTs: string, user: string): void;
  list(): Status[];
}

export const createStatuses = ({
  clock,
  changed,
  signal,
}: {
  clock: Clock;
  changed: (status: Status) => void;
  signal: AbortSignal;
}): Statuses => {
  const current = new Map<string, Status>();
  const keyOf = (channel: string, threadTs: string, user: string): string => `${channel} ${threadTs} ${user}`;
  const clear = (channel: string, threadTs: string, user: string): void => {
    const key = keyOf(channel, threadTs, user);
    const status = current.get(key);
    if (!status) return;
    current.delete(key);
    changed({ ...status, status: '' });
  };
  return {
    set: (status) => {
      const { channel, threadTs, user } = status;
      if (status.status === '') {
        clear(channel, threadTs, user);
        return;
      }
      const key = keyOf(channel, threadTs, user);
      current.set(key, status);
      changed(status);
      void clock.sleep(STATUS_LIFETIME_MS, signal).then(
        () => {
          if (current.get(key) === status) clear(channel, threadTs, user);
        },
        () => undefined,
      );
    },
    clear,
    list: () => [...current.values()],
  };
};
