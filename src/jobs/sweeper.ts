import type { Clock } from '../clock.ts';
import { answerTopic, type Feed, searchTopic } from '../feed/feed.ts';
import { failureId } from '../store/failure-id.ts';
import type { Answer, SearchRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Logger } from '../telemetry/log.ts';
import type { QueueJobs } from './create-jobs.ts';
import { createGiveTurns } from './give-turns.ts';

export interface SweeperOptions {
  readonly store: Store;
  readonly jobs: Pick<QueueJobs, 'addGenerate' | 'reviveGenerate' | 'reviveSearch'>;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Answers of one person that are written at once; null: any number. */
  readonly running?: number | null;
  /** Between sweeps. */
  readonly everyMs?: number;
  /** How long a record may be open before its job is looked for: its `add` may just be on the way. */
  readonly graceMs?: number;
}

export interface Sweeper {
  /** Sweeps now, everything open, and then at intervals. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Jobs are added after the record's commit, so a process can die between the two; and a queue can give a job up while
 * its record is open. This finds such records: it adds the job again, or ends the record as failed when the job has
 * been started too often. Whoever asked is always told.
 */
export const createSweeper = ({
  store,
  jobs,
  feed,
  clock,
  logger,
  running = null,
  everyMs = 5_000,
  graceMs = 5_000,
}: SweeperOptions): Sweeper => {
  const giveTurns = createGiveTurns({ answers: store.answers, jobs, running });
  const stopping = new AbortController();
  let loop = Promise.resolve();

  const giveUp = async ({ id, attempt }: Answer | SearchRecord, kind: 'answer' | 'search') => {
    const error = { code: 'gave_up', id: failureId(id) };
    const repository = kind === 'answer' ? store.answers : store.searches;
    const next = attempt + 1;
    if (!(await repository.start(id, next))) return;
    logger.error({ kind, id, failure: error.id, attempt }, 'gave up: started too often, or nobody to do it');
    if (kind === 'answer') await store.answers.finish(id, next, { status: 'failed', text: '', error });
    else await store.searches.finish(id, next, { error });
    await feed.publish(kind === 'answer' ? answerTopic(id) : searchTopic(id), { type: 'finished', attempt: next });
  };

  const sweep = async (before: number) => {
    const open = await store.answers.openSince(before);
    for (const answer of open) {
      const { turn = null } = answer;
      // It waits for earlier ones of the same person, and has no job to look for.
      if (turn === null) continue;
      const revival = await jobs.reviveGenerate(answer.model, { ...answer, turn });
      if (revival === 'added') logger.warn({ kind: 'answer', id: answer.id }, 'job added again');
      if (revival === 'spent') await giveUp(answer, 'answer');
    }
    // A worker that dies when an answer has ended leaves those that waited for it.
    const waiting = new Map(
      open.filter(({ turn }) => turn == null).map((answer) => [`${answer.team}/${answer.user}`, answer]),
    );
    for (const person of waiting.values()) await giveTurns(person);
    for (const search of await store.searches.openSince(before)) {
      const revival = await jobs.reviveSearch(search.id, search.attempt);
      if (revival === 'added') logger.warn({ kind: 'search', id: search.id }, 'job added again');
      if (revival === 'spent') await giveUp(search, 'search');
    }
  };
  const guarded = (before: number) =>
    sweep(before).catch((error) => logger.error({ err: error }, 'sweep failed; the next one tries again'));

  return {
    start: async () => {
      await guarded(clock.now());
      loop = (async () => {
        while (!stopping.signal.aborted) {
          await clock.sleep(everyMs, stopping.signal).catch(() => {});
          if (!stopping.signal.aborted) await guarded(clock.now() - graceMs);
        }
      })();
    },
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
};
