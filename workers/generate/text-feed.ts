import type { Clock } from '../../src/clock.ts';
import type { Feed } from '../../src/feed/feed.ts';

export interface TextFeedOptions {
  readonly feed: Feed;
  readonly topic: string;
  readonly attempt: number;
  readonly clock: Clock;
}

/** Text on its way to the feed: a token is far too small for an event. */
export interface TextFeed {
  /** All text of this attempt. */
  readonly all: string;
  add(text: string): void;
  /** Resolves when everything added has been published. */
  flush(): Promise<void>;
}

/** Longest that text waits for more. */
const gatherMs = 80;

export const createTextFeed = ({ feed, topic, attempt, clock }: TextFeedOptions): TextFeed => {
  let all = '';
  let waiting = '';
  let seq = 0;
  let timer: AbortController | null = null;
  let published = Promise.resolve();

  const publish = () => {
    timer?.abort();
    timer = null;
    if (waiting === '') return;
    const event = { type: 'text', attempt, seq: ++seq, text: waiting } as const;
    waiting = '';
    // A feed that is away costs liveness, not the answer.
    published = published.then(() => feed.publish(topic, event)).catch(() => {});
  };

  return {
    get all() {
      return all;
    },
    add: (text) => {
      all += text;
      waiting += text;
      if (timer) return;
      timer = new AbortController();
      clock.sleep(gatherMs, timer.signal).then(publish, () => {});
    },
    flush: async () => {
      publish();
      await published;
    },
  };
};
