import type { Clock } from '../../src/clock.ts';
import type { Feed, FeedEvent } from '../../src/feed/feed.ts';

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
  /** Says that the attempt has begun, before any of its text; nobody need wait for it. */
  begin(): void;
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

  const send = (event: FeedEvent) => {
    // A feed that is away costs liveness, not the answer.
    published = published.then(() => feed.publish(topic, event)).catch(() => {});
  };
  const publish = () => {
    timer?.abort();
    timer = null;
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    send({ type: 'text', attempt, seq: ++seq, text });
  };

  return {
    get all() {
      return all;
    },
    begin: () => send({ type: 'started', attempt }),
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
