import { expect, it } from '@jest/globals';
import { parseQueues } from './worker-queues.ts';

const config = { models: [{ name: 'a' }, { name: 'b' }] } as unknown as Parameters<typeof parseQueues>[1];

it('takes queues by name, and a model by its own', () => {
  expect(parseQueues('generate:b, search', config)).toEqual({ generate: ['b'], search: true, index: false });
  expect(parseQueues('index,generate', config)).toEqual({ generate: ['a', 'b'], search: false, index: true });
});

it.each(['', 'generate:c', 'search,mail'])('refuses %p and says what there is', (text) => {
  expect(() => parseQueues(text, config)).toThrow(expect.objectContaining({ code: 'usage', where: '--queues' }));
});
