import type { Answer } from '../store/records.ts';
import type { AnswersRepository } from '../store/store.ts';
import type { Jobs } from './jobs.ts';

export interface GiveTurnsOptions {
  readonly answers: Pick<AnswersRepository, 'giveTurns'>;
  readonly jobs: Pick<Jobs, 'addGenerate'>;
  /** Answers of one person that are written at once; null: any number. */
  readonly running: number | null;
}

/** Has the answers of a person that wait for earlier ones begin, as many as there is room for. */
export const createGiveTurns =
  ({ answers, jobs, running }: GiveTurnsOptions) =>
  async ({ team, user }: Pick<Answer, 'team' | 'user'>): Promise<void> => {
    for (const { id, model, turn } of await answers.giveTurns({ team, user }, running)) {
      await jobs.addGenerate(model, id, turn);
    }
  };

export type GiveTurns = ReturnType<typeof createGiveTurns>;
