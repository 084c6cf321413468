import { expect, it } from '@jest/globals';
import { systemClock } from '../clock.ts';
import { createHealth } from './health.ts';

it('is ready when every part is, and names the one that is not, without its words', async () => {
  let broken = false;
  const health = createHealth(
    {
      records: async () => 'fine',
      queues: async () => {
        if (broken) throw new Error('connect redis://:hush@r');
      },
    },
    systemClock,
  );
  expect(await health.look()).toMatchObject({
    ready: true,
    parts: { records: { ready: true }, queues: { ready: true } },
  });
  broken = true;
  const state = await health.look();
  expect(state).toMatchObject({
    ready: false,
    parts: { records: { ready: true }, queues: { ready: false, error: 'error' } },
  });
  expect(JSON.stringify(state)).not.toContain('hush');
});

it('does not wait for a part that hangs, and is not ready once the process stops', async () => {
  const health = createHealth({ feed: () => new Promise(() => undefined) }, systemClock);
  expect(await health.look()).toMatchObject({ ready: false, parts: { feed: { error: 'no answer within 2000 ms' } } });
  const whole = createHealth({}, systemClock);
  expect((await whole.look()).ready).toBe(true);
  whole.stop();
  expect((await whole.look()).ready).toBe(false);
});
