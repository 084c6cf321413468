import { expect, test } from '@jest/globals';
import { createNativeGate } from './native-gate.ts';

test('work that is inside is waited for; after the gate is shut no other comes in', async () => {
  const own = createNativeGate();
  const other = createNativeGate(own.memory);
  const working = Promise.withResolvers<string>();
  const inside = own.pass(() => working.promise);
  other.shut();
  const order: string[] = [];
  const emptied = other.empty(30_000).then(() => order.push('empty'));
  await expect(own.pass(async () => order.push('came in'))).rejects.toMatchObject({ code: 'model_unavailable' });
  order.push('refused');
  working.resolve('done');
  expect(await inside).toBe('done');
  await emptied;
  expect(order).toEqual(['refused', 'empty']);
});

test('work that fails has left too', async () => {
  const gate = createNativeGate();
  await expect(gate.pass(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  gate.waitEmpty(30_000);
  await gate.empty(30_000);
});

test('patience ends', async () => {
  const gate = createNativeGate();
  const forever = gate.pass(() => new Promise(() => undefined));
  await gate.empty(10);
  gate.waitEmpty(10);
  expect(await Promise.race([forever, 'still inside'])).toBe('still inside');
});
