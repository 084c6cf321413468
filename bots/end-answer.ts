import { answerTopic, type Feed } from '../src/feed/feed.ts';
import type { GiveTurns } from '../src/jobs/give-turns.ts';
import type { Answer } from '../src/store/records.ts';
import type { Store } from '../src/store/store.ts';

export interface EndAnswerOptions {
  readonly store: Pick<Store, 'answers'>;
  readonly feed: Pick<Feed, 'publish'>;
  readonly giveTurns: GiveTurns;
}

/**
 * Ends an answer; what has been written stays, marked.
 *
 * @returns what it was; null: it had ended
 */
export const endAnswer = async (
  { store, feed, giveTurns }: EndAnswerOptions,
  { team, user, id }: Pick<Answer, 'team' | 'user' | 'id'>,
): Promise<'queued' | 'running' | null> => {
  const was = await store.answers.cancel(team, id);
  if (was === null) return null;
  // One that is being written is ended by its worker, which looks for this several times a second.
  if (was === 'queued') await feed.publish(answerTopic(id), { type: 'finished', attempt: 1 });
  await giveTurns({ team, user });
  return was;
};
