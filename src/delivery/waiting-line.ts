import type { Clock } from '../clock.ts';
import type { SlackClient } from '../slack/client-policy.ts';
import type { HeldDelivery } from './held-delivery.ts';
import type { LiveText } from './live-text.ts';
import type { Presenter } from './presenter.ts';

/** Slack forgets a status after 2 minutes. */
const statusEveryMs = 90_000;
const longestStatusMs = 1_000;
/** A step's numbers are told no more often: a status is a courtesy, and each is a call. */
const progressEveryMs = 1_000;
/** A place in the queue changes with each answer before it. */
const lookEveryMs = 5_000;
/** Who waits no longer than this sees no line: it would be gone before it is read, and the first words come sooner. */
const firstAfterMs = 200;

/** The line that stands in a thread until there is a message. */
export interface WaitingLine {
  /** Says it again where it has changed or Slack is about to forget it; without waiting. */
  refresh(live: Pick<LiveText, 'progress' | 'attempt'>): void;
  /** When it is to be refreshed even if nothing happens, in the clock's time. */
  readonly dueAt: number;
  /** Resolves when what was begun is there, or is late: a status that comes after the message would stand below it. */
  sent(): Promise<void>;
}

export const createWaitingLine = ({
  held,
  presenter,
  client,
  clock,
}: {
  readonly held: HeldDelivery;
  readonly presenter: Presenter;
  readonly client: SlackClient;
  readonly clock: Clock;
}): WaitingLine => {
  const firstAt = clock.now() + firstAfterMs;
  let shown: string | null = null;
  let shownAt = 0;
  let lookedAt: number | null = null;
  let told: Pick<LiveText, 'progress' | 'attempt'> = { progress: null, attempt: 0 };
  let status: Promise<void> | null = null;

  const show = async (): Promise<void> => {
    const { channel, threadTs } = held.row;
    const text = await presenter.waiting(held.row, told.progress);
    const now = clock.now();
    if (held.row.messages.length > 0 || (text === shown && now < shownAt + statusEveryMs)) return;
    // A courtesy: it waits for no turn, and its failure does not matter.
    const reply = await client.call(
      'assistant.threads.setStatus',
      async () => {
        await held.check();
        return { channel_id: channel, thread_ts: threadTs, status: text };
      },
      { priority: 'live', signal: held.signal, patienceMs: 0 },
    );
    shownAt = now;
    shown = reply.ok ? text : null;
  };

  return {
    get dueAt() {
      return lookedAt === null ? firstAt : Number.POSITIVE_INFINITY;
    },
    refresh: ({ progress, attempt }) => {
      const now = clock.now();
      if (now < firstAt) return;
      const moved = progress !== told.progress || attempt !== told.attempt;
      const pause = moved ? progressEveryMs : lookEveryMs;
      // One at a time: two could arrive in either order.
      if (held.row.messages.length > 0 || status || (lookedAt !== null && now < lookedAt + pause)) return;
      lookedAt = now;
      told = { progress, attempt };
      status = show()
        .catch(() => undefined)
        .finally(() => {
          status = null;
        });
    },
    sent: () => Promise.race([status, clock.sleep(longestStatusMs, held.signal)]).then(() => undefined),
  };
};
