import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Opened } from '../../../src/store/store.ts';
import type { ComposeOptions, Question } from './compose.ts';

/** The composed part in a process of its own. */
export interface AnswerChild {
  readonly process: ChildProcess;
  ask(question: Question): Promise<Opened>;
  /** kill -9, and wait until the system has let go of its lock. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

const entry = fileURLToPath(new URL('../answer-process.ts', import.meta.url));

export const startAnswerChild = async (options: ComposeOptions): Promise<AnswerChild> => {
  const child = fork(entry, [JSON.stringify(options)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const next = async <Key extends string>(key: Key): Promise<Record<Key, unknown>> => {
    for (;;) {
      const [message] = await Promise.race([
        once(child, 'message'),
        ended.then(([code]) => {
          throw new Error(`the process ended with ${code}`);
        }),
      ]);
      if (message && typeof message === 'object' && key in message) return message;
    }
  };
  await next('ready');
  return {
    process: child,
    ask: async (question) => {
      const reply = next('opened');
      child.send({ ask: question });
      return (await reply).opened as Opened;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    close: async () => {
      child.send('close');
      await ended;
    },
  };
};
