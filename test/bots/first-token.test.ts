import { expect, it } from '@jest/globals';
import { hopsToFirstToken } from '../support/first-token-hops.ts';

/** Of a person of whom nothing is known yet, with nothing remembered: each further question has fewer. */
const most = 6;

it.each([
  { what: 'a mention', followUp: false },
  { what: 'a follow-up in a thread', followUp: true },
])('the first token of $what is at most six calls one after the other away', async ({ followUp }) => {
  const hops = await hopsToFirstToken({ followUp });
  expect(hops.at(-1)).toContain('model: the first token');
  expect(hops.flat().filter((call) => call.startsWith('queue'))).toHaveLength(2);
  expect(hops.length).toBeLessThanOrEqual(most);
});
