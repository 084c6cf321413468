import type { Clock } from '../../src/clock.ts';
import { TenkyoError } from '../../src/errors.ts';
import type { AnswersRepository } from '../../src/store/store.ts';
import type { Logger } from '../../src/telemetry/log.ts';

export interface CancelWatch {
  /** A signal that aborts with `cancelled` when somebody asks for the answer's end; `done` stops the watch. */
  over(answerId: string): { readonly signal: AbortSignal; done(): void };
}

/** With the token or two that a model writes before it looks: well below a second. */
const lookEveryMs = 250;

/**
 * Looks whether somebody asked for the end of the answers that this process writes: one question for all of them, and
 * none while there are none. The record is the one place that every process sees.
 */
export const createCancelWatch = ({
  answers,
  clock,
  logger,
}: {
  readonly answers: Pick<AnswersRepository, 'cancelled'>;
  readonly clock: Clock;
  readonly logger: Logger;
}): CancelWatch => {
  const watched = new Map<string, AbortController>();
  let looking = false;

  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    while (watched.size > 0) {
      // First, since what was cancelled before it began never begins: the first word need not wait for a look.
      await clock.sleep(lookEveryMs);
      try {
        for (const id of await answers.cancelled([...watched.keys()])) {
          watched.get(id)?.abort(new TenkyoError('cancelled', 'somebody asked for the end of the answer'));
        }
      } catch (error) {
        logger.warn({ err: error }, 'could not look for cancelled answers');
      }
    }
    looking = false;
  };

  return {
    over: (answerId) => {
      const abort = new AbortController();
      watched.set(answerId, abort);
      void look();
      return {
        signal: abort.signal,
        done: () => {
          if (watched.get(answerId) === abort) watched.delete(answerId);
        },
      };
    },
  };
};
