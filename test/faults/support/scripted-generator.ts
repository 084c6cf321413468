import type { Clock } from '../../../src/clock.ts';
import type { Generator } from '../../../src/generation/generator.ts';

/** The answer to a question, the same in every process that is asked. */
export const scriptedAnswer = (question: string): string =>
  `${Array.from({ length: 24 }, (_, i) => `${question}の答え、その${i + 1}。`).join('')}<終わり>`;

/** A model that writes the scripted answer a few characters at a time; the prompt is the question. */
export const createScriptedGenerator = (clock: Clock, stepMs: number): Generator => ({
  async *generate({ prompt, signal }) {
    const pieces = scriptedAnswer(String(prompt)).match(/.{1,8}/gsu) ?? [];
    for (const text of pieces) {
      await clock.sleep(stepMs, signal);
      yield { type: 'text', text };
    }
    yield { type: 'end', finish: 'stop', usage: { promptTokens: 1, completionTokens: pieces.length, seconds: 1 } };
  },
  close: async () => {},
});
