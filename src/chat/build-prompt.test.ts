import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TokenCounter } from '../generation/generator.ts';
import { promptTemplates } from '../generation/templates.ts';
import { buildPrompt } from './build-prompt.ts';

/** A model with one token a UTF-16 unit: lengths can be seen by eye. */
const characters = (contextLength: number): TokenCounter => ({
  contextLength: async () => contextLength,
  count: async (prompt) => String(prompt).length,
});
const template = promptTemplates['llm-jp-v2'];
const bare = template.render({ system: null, turns: [], question: '' }).length;

test('a short conversation goes in whole', async () => {
  const turns = [{ question: '地震とは？', answer: '揺れです。' }];
  const built = await buildPrompt({
    template,
    system: null,
    turns,
    question: '原因は？',
    tokens: characters(512),
    maxTokens: 96,
  });
  expect(built).toEqual({
    prompt: template.render({ system: null, turns, question: '原因は？' }),
    maxTokens: 96,
    droppedTurns: 0,
  });
});

test('the oldest turns go first, no more of them than must; system text and question stay', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ question: fc.string(), answer: fc.string() }), { maxLength: 12 }),
      fc.string({ maxLength: 30 }),
      fc.integer({ min: bare + 140, max: 500 }),
      async (turns, question, contextLength) => {
        const system = '簡潔に答えなさい。';
        const tokens = characters(contextLength);
        const maxTokens = 96;
        const built = await buildPrompt({ template, system, turns, question, tokens, maxTokens });
        const kept = (dropped: number): string => template.render({ system, turns: turns.slice(dropped), question });
        expect(built.prompt).toBe(kept(built.droppedTurns));
        expect(String(built.prompt).length + built.maxTokens).toBeLessThanOrEqual(contextLength);
        if (built.droppedTurns > 0)
          expect(kept(built.droppedTurns - 1).length + maxTokens).toBeGreaterThan(contextLength);
      },
    ),
  );
});

test('no more turns than the model can use', async () => {
  const turns = ['a', 'b', 'c'].map((question) => ({ question, answer: 'x' }));
  const request = { template, system: null, turns, question: 'd', tokens: characters(512), maxTokens: 96 };
  const dropped = [0, 1, 3, 9].map(async (maxTurns) => (await buildPrompt({ ...request, maxTurns })).droppedTurns);
  expect(await Promise.all(dropped)).toEqual([3, 2, 0, 0]);
  expect((await buildPrompt({ ...request, maxTurns: 1 })).prompt).toBe(
    template.render({ system: null, turns: turns.slice(2), question: 'd' }),
  );
});

test('a long question leaves the answer what room there is', async () => {
  const built = await buildPrompt({
    template,
    system: null,
    turns: [{ question: 'a', answer: 'b' }],
    question: 'x'.repeat(200),
    tokens: characters(bare + 240),
    maxTokens: 96,
  });
  expect(built).toMatchObject({ maxTokens: 40, droppedTurns: 1 });
});

test('a question that leaves no room is refused with both counts', async () => {
  const request = {
    template,
    system: null,
    turns: [],
    question: 'x'.repeat(200),
    tokens: characters(bare + 220),
    maxTokens: 96,
  };
  await expect(buildPrompt(request)).rejects.toMatchObject({
    code: 'prompt_too_long',
    expected: `at most ${bare + 220 - 32} tokens, the template's included`,
    found: `${bare + 200} tokens`,
  });
});

test('a template without turns leaves all of them out', async () => {
  const built = await buildPrompt({
    template: promptTemplates.none,
    system: null,
    turns: [{ question: 'a', answer: 'b' }],
    question: '地震は、',
    tokens: characters(512),
    maxTokens: 96,
  });
  expect(built).toEqual({ prompt: '</s>地震は、', maxTokens: 96, droppedTurns: 1 });
});
