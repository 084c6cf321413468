import type { Access } from '../src/access/access.ts';
import { asTenkyoError } from '../src/errors.ts';
import { reasonFor, type Texts, textsFor } from '../src/i18n/texts.ts';
import type { Logger } from '../src/telemetry/log.ts';

/** What a handler was doing, for whom, and how to tell them when it fails. */
interface Task {
  readonly name: string;
  readonly user: string;
  /** Says it to the person alone; absent: there is no way to. */
  tell?(text: string): Promise<unknown>;
}

export interface Handling {
  /** Runs a handler's work: never throws; a failure is logged and told with the same id. */
  run(task: Task, work: () => Promise<void>): Promise<void>;
  /** Resolves when nothing runs any more. */
  drained(): Promise<void>;
}

export interface HandlingOptions {
  readonly access: Access;
  readonly logger: Logger;
  /** Makes the short id that a person is told and the log has. */
  newId(): string;
}

export const createHandling = ({ access, logger, newId }: HandlingOptions): Handling => {
  const running = new Set<Promise<void>>();

  const failed = async ({ name, user, tell }: Task, error: unknown): Promise<void> => {
    const id = newId();
    const { code, message } = asTenkyoError(error);
    logger.error({ id, code, err: error, handler: name }, message);
    if (!tell) return;
    try {
      const texts: Texts = textsFor(await access.localeOf(user));
      await tell(texts.errors.actionFailed(reasonFor(texts, code), id));
    } catch (untold) {
      logger.warn({ id, err: untold }, 'the failure could not be told');
    }
  };

  return {
    run: (task, work) => {
      const done = work()
        .catch((error: unknown) => failed(task, error))
        .finally(() => running.delete(done));
      running.add(done);
      return done;
    },
    drained: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
};
