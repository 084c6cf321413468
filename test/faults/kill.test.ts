import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../src/search/seeded-random.ts';
import { type AnswerChild, startAnswerChild } from './support/answer-child.ts';
import type { Question } from './support/compose.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

const kills = 20;
/** An answer takes about two seconds. */
const stepMs = 45;
/** Longest pause after the text that a kill waits for. */
const pauseMs = 250;

describe('kill -9 in the middle of an answer', () => {
  let bench: Workbench;
  let child: AnswerChild;

  beforeAll(async () => {
    bench = await openWorkbench();
    child = await startAnswerChild(bench.options({ stepMs }));
  });
  afterAll(async () => {
    await child.close();
    await bench.close();
  });

  it(`leaves one complete message after the restart, ${kills} times`, async () => {
    const random = seededRandom(20_231_123);
    const questions: Question[] = [];
    const seen = { nothing: 0, part: 0, all: 0 };
    for (let i = 0; i < kills; i++) {
      const question = await bench.ask(`質問${i + 1}`);
      questions.push(question);
      const asked = child.ask(question).catch(() => null);
      // Not by the clock alone, or a slow machine would be killed before it has said anything.
      await bench.shownAtLeast(question, Math.max(0, random() * 1.15 - 0.15));
      await delay(random() * pauseMs);
      await child.kill();
      await asked;
      seen[await bench.shown(question)] += 1;
      // Every other round without native streaming: posting and editing must recover as well.
      child = await startAnswerChild(bench.options({ stepMs, nativeStreaming: i % 2 === 0 }));
      // Slack sends an event again that was not acknowledged; one that was is known.
      const { fresh } = await child.ask(question);
      if ((await asked) !== null) expect(fresh).toBe(false);
      await bench.delivered(question);
    }
    // The moments were spread over the whole of an answer.
    expect(seen.part).toBeGreaterThanOrEqual(kills / 4);
    // Nothing was added or changed later, by a pump or job that came too late.
    for (const question of questions) await bench.delivered(question);
  }, 240_000);
});
