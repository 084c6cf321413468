import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { startAnswerChild } from './support/answer-child.ts';
import { compose } from './support/compose.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

describe('a process that is not dead', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await openWorkbench();
  });
  afterEach(() => bench.close());

  it('goes on after being frozen past its locks, without a second message', async () => {
    const child = await startAnswerChild(bench.options({ stepMs: 40 }));
    try {
      for (const [index, frozenAt] of [150, 500, 900].entries()) {
        const question = await bench.ask(`凍結${index}`);
        await child.ask(question);
        await delay(frozenAt);
        child.process.kill('SIGSTOP');
        // Longer than the lock, two stall sweeps and the lease.
        await delay(2_500);
        child.process.kill('SIGCONT');
        await bench.delivered(question);
      }
    } finally {
      await child.close();
    }
  });

  it('is refused the data directory that another has open', async () => {
    const child = await startAnswerChild(bench.options());
    try {
      await expect(compose(bench.options(), systemClock)).rejects.toMatchObject({
        code: 'data_locked',
        where: bench.directory,
        found: `process ${child.process.pid}`,
      });
    } finally {
      await child.close();
    }
  });

  it('puts its work back when it is stopped, and ends its streams', async () => {
    const child = await startAnswerChild(bench.options({ stepMs: 60 }));
    const question = await bench.ask('止める');
    await child.ask(question);
    while ((await bench.shown(question)) === 'nothing') await delay(20);
    await child.close();
    const [message] = await bench.slack.replies(question.ts);
    expect(message?.streaming).toBe(false);
    const product = await compose(bench.options(), systemClock);
    try {
      await bench.delivered(question);
    } finally {
      await product.close();
    }
  });
});
