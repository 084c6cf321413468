import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../clock.ts';
import { createPacer } from './pacer.ts';

/** Time that passes when somebody sleeps, at once. */
const jumpingClock = () => {
  let now = 0;
  const clock: Clock = {
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      now += ms;
    },
  };
  return clock;
};

const limits = { 'chat.update': { perMinute: 60, burst: 3, reserve: 1 } };

describe('the pacer', () => {
  it('lets a burst through and then one call a second', async () => {
    const clock = jumpingClock();
    const pacer = createPacer(clock, limits);
    const times: number[] = [];
    for (let i = 0; i < 6; i++) {
      await pacer.turn({ method: 'chat.update', priority: 'final' });
      times.push(clock.now());
    }
    expect(times).toEqual([0, 0, 0, 1_000, 2_000, 3_000]);
  });

  it('keeps the last of the budget for final calls', async () => {
    const clock = jumpingClock();
    const pacer = createPacer(clock, limits);
    for (let i = 0; i < 2; i++) await pacer.turn({ method: 'chat.update', priority: 'live' });
    expect(clock.now()).toBe(0);
    expect(await pacer.turn({ method: 'chat.update', priority: 'live', patienceMs: 0 })).toBe(false);
    expect(await pacer.turn({ method: 'chat.update', priority: 'final', patienceMs: 0 })).toBe(true);
  });

  it('paces posts by channel as well, about one a second', async () => {
    const clock = jumpingClock();
    const pacer = createPacer(clock);
    const post = (channel: string, patienceMs: number) =>
      pacer.turn({ method: 'chat.postMessage', channel, priority: 'final', patienceMs });
    for (let i = 0; i < 4; i++) expect(await post('C1', 0)).toBe(true);
    expect(await post('C1', 0)).toBe(false);
    expect(await post('C2', 0)).toBe(true);
    expect(await post('C1', 1_000)).toBe(true);
  });

  it('holds one method back after a 429, and no other', async () => {
    const clock = jumpingClock();
    const pacer = createPacer(clock, limits);
    pacer.pause('chat.update', 30_000);
    expect(await pacer.turn({ method: 'chat.update', priority: 'final', patienceMs: 29_000 })).toBe(false);
    expect(await pacer.turn({ method: 'chat.delete', priority: 'final', patienceMs: 0 })).toBe(true);
    expect(await pacer.turn({ method: 'chat.update', priority: 'final' })).toBe(true);
    expect(clock.now()).toBe(30_000);
  });

  it('never lets more through than the limit, whoever asks', async () => {
    const clock = jumpingClock();
    const pacer = createPacer(clock, limits);
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        await pacer.turn({ method: 'chat.update', priority: i % 2 ? 'live' : 'final' });
        times.push(clock.now());
      }),
    );
    for (const [index, at] of times.sort((a, b) => a - b).entries()) {
      const inMinute = times.slice(0, index + 1).filter((each) => each > at - 60_000).length;
      expect(inMinute).toBeLessThanOrEqual(63);
    }
    expect(times.at(-1)).toBeGreaterThanOrEqual(46_000);
  });
});
