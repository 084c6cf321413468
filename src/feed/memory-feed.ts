import type { Clock } from '../clock.ts';
import type { Feed, FeedEvent } from './feed.ts';

export interface MemoryFeedOptions {
  readonly clock: Clock;
  /** Events kept of a topic; older ones are dropped and a late reader sees a gap in `seq`. */
  readonly keepEvents?: number;
  /** How long a topic is kept after its last event. */
  readonly keepMs?: number;
}

interface Entry {
  readonly id: number;
  readonly event: FeedEvent;
}

interface Topic {
  entries: Entry[];
  nextId: number;
  lastAt: number;
  readonly wake: Set<() => void>;
  readers: number;
}

/** The feed of one process: what a Redis Stream is between several. */
export const createMemoryFeed = ({ clock, keepEvents = 4_096, keepMs = 60_000 }: MemoryFeedOptions): Feed => {
  const topics = new Map<string, Topic>();
  let closed = false;

  const forgetOld = () => {
    const limit = clock.now() - keepMs;
    for (const [name, topic] of topics) if (topic.lastAt < limit && topic.readers === 0) topics.delete(name);
  };
  const topicOf = (name: string): Topic => {
    const known = topics.get(name);
    if (known) return known;
    const topic: Topic = { entries: [], nextId: 1, lastAt: clock.now(), wake: new Set(), readers: 0 };
    topics.set(name, topic);
    return topic;
  };
  const wakeAll = ({ wake }: Topic) => {
    for (const resolve of [...wake]) resolve();
  };
  const nextEvent = (topic: Topic, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const done = () => {
        topic.wake.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      topic.wake.add(done);
      signal.addEventListener('abort', done);
    });

  return {
    publish: async (name, event) => {
      forgetOld();
      const topic = topicOf(name);
      const last = topic.entries.at(-1)?.event;
      if (last && last.type !== 'finished' && last.attempt > event.attempt) return;
      topic.entries.push({ id: topic.nextId++, event });
      if (topic.entries.length > keepEvents) topic.entries = topic.entries.slice(-keepEvents);
      topic.lastAt = clock.now();
      wakeAll(topic);
    },

    async *read(name, { after = '0', signal }) {
      const topic = topicOf(name);
      let last = Number(after);
      topic.readers++;
      try {
        while (!signal.aborted && !closed) {
          const fresh = topic.entries.filter(({ id }) => id > last);
          for (const { id, event } of fresh) {
            if (signal.aborted) return;
            last = id;
            yield { id: String(id), event };
            if (event.type === 'finished') return;
          }
          if (fresh.length === 0) await nextEvent(topic, signal);
        }
      } finally {
        topic.readers--;
      }
    },

    close: async () => {
      closed = true;
      for (const topic of topics.values()) wakeAll(topic);
      topics.clear();
    },
  };
};
