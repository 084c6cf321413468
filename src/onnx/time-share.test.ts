import { expect, test } from '@jest/globals';
import { createTimeShare } from './time-share.ts';

test('while an answer is written, who gives way waits as long as it has worked; after it, not at all', async () => {
  const { writing, giveWay } = createTimeShare();
  const written = Promise.withResolvers<string>();
  const answer = writing(() => written.promise);
  const started = performance.now();
  await giveWay(50);
  expect(performance.now() - started).toBeGreaterThanOrEqual(50);

  const long = giveWay(60_000);
  written.resolve('done');
  expect(await answer).toBe('done');
  await long;
  await giveWay(60_000);
});

test('an answer that failed is over too', async () => {
  const { writing, giveWay } = createTimeShare();
  await expect(writing(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await giveWay(60_000);
});
