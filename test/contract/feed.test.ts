import { describe, expect, it } from '@jest/globals';
import { type Clock, systemClock } from '../../src/clock.ts';
import { createMemoryFeed } from '../../src/feed/memory-feed.ts';
import { feedContract } from './feed.contract.ts';

feedContract('memory', async () => createMemoryFeed({ clock: systemClock }));

describe('the feed in memory', () => {
  it('keeps the newest events of a topic, and forgets topics that have been still', async () => {
    let now = 0;
    const clock: Clock = { now: () => now, sleep: async () => {} };
    const feed = createMemoryFeed({ clock, keepEvents: 3, keepMs: 1_000 });
    const sequences = async () => {
      const stop = new AbortController();
      const seen: number[] = [];
      setImmediate(() => stop.abort());
      for await (const { event } of feed.read('a', { signal: stop.signal })) {
        if (event.type === 'text') seen.push(event.seq);
      }
      return seen;
    };
    for (let seq = 1; seq <= 5; seq++) await feed.publish('a', { type: 'text', attempt: 1, seq, text: '.' });
    expect(await sequences()).toEqual([3, 4, 5]);
    now = 2_000;
    await feed.publish('b', { type: 'started', attempt: 1 });
    expect(await sequences()).toEqual([]);
  });
});
