import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Feed, FeedEvent } from '../../src/feed/feed.ts';

const text = (seq: number, attempt = 1): FeedEvent => ({ type: 'text', attempt, seq, text: `t${seq}` });
const finished: FeedEvent = { type: 'finished', attempt: 1 };

const collect = async (feed: Feed, topic: string, signal: AbortSignal, after?: string) => {
  const seen: { id: string; event: FeedEvent }[] = [];
  for await (const entry of feed.read(topic, { signal, ...(after !== undefined && { after }) })) seen.push(entry);
  return seen;
};

/** What every adapter of the feed must do. */
export const feedContract = (name: string, open: () => Promise<Feed>) =>
  describe(`feed: ${name}`, () => {
    const never = new AbortController().signal;
    let feed: Feed;
    beforeEach(async () => {
      feed = await open();
    });
    afterEach(() => feed.close());

    it('gives a late reader everything, in order, and ends after finished', async () => {
      for (const event of [text(1), text(2), finished]) await feed.publish('a', event);
      const seen = await collect(feed, 'a', never);
      expect(seen.map(({ event }) => event)).toEqual([text(1), text(2), finished]);
    });

    it('gives an early reader events as they come', async () => {
      const reading = collect(feed, 'a', never);
      for (const event of [text(1), text(2)]) await feed.publish('a', event);
      await feed.publish('b', text(9));
      await feed.publish('a', finished);
      expect((await reading).map(({ event }) => event)).toEqual([text(1), text(2), finished]);
    });

    it('goes on after an id', async () => {
      for (const event of [text(1), text(2), text(3), finished]) await feed.publish('a', event);
      const all = await collect(feed, 'a', never);
      const rest = await collect(feed, 'a', never, all[1]?.id);
      expect(rest).toEqual(all.slice(2));
    });

    it('gives each of several readers everything', async () => {
      const readers = [collect(feed, 'a', never), collect(feed, 'a', never), collect(feed, 'a', never)];
      const events = Array.from({ length: 200 }, (_, i) => text(i + 1));
      for (const event of events) await feed.publish('a', event);
      await feed.publish('a', finished);
      for (const seen of await Promise.all(readers))
        expect(seen.map(({ event }) => event)).toEqual([...events, finished]);
    });

    it('takes nothing more of an attempt when a later one has begun, until that one has finished', async () => {
      await feed.publish('a', text(1, 1));
      await feed.publish('a', text(1, 2));
      await feed.publish('a', text(2, 1));
      await feed.publish('a', { type: 'finished', attempt: 1 });
      await feed.publish('a', { type: 'finished', attempt: 2 });
      await feed.publish('a', { type: 'started', attempt: 1 });
      const seen = await collect(feed, 'a', never);
      expect(seen.map(({ event }) => event)).toEqual([text(1, 1), text(1, 2), { type: 'finished', attempt: 2 }]);
      const next = await feed
        .read('a', { signal: never, after: seen.at(-1)?.id })
        [Symbol.asyncIterator]()
        .next();
      expect(next.value?.event).toEqual({ type: 'started', attempt: 1 });
    });

    it('ends quietly when the signal aborts', async () => {
      const stop = new AbortController();
      const reading = collect(feed, 'a', stop.signal);
      await feed.publish('a', text(1));
      stop.abort();
      expect((await reading).length).toBeLessThanOrEqual(1);
      expect(await collect(feed, 'a', AbortSignal.abort())).toEqual([]);
    });

    it('ends its readers when it closes', async () => {
      const reading = collect(feed, 'a', never);
      await feed.close();
      expect(await reading).toEqual([]);
    });
  });
