import type { Presenter } from '../../src/delivery/presenter.ts';
import { type Texts, textsFor } from '../../src/i18n/texts.ts';
import type { QueuePlace } from '../../src/jobs/queue-place.ts';
import type { Answer } from '../../src/store/records.ts';
import type { AnswersRepository } from '../../src/store/store.ts';
import { type AnswerControls, presentAnswer, presentPartial, presentStop } from './present-answer.ts';

/** An answer as its messages, in the language of who asked. */
export const createAnswerPresenter = ({
  answers,
  queuePlace,
  controls,
}: {
  readonly answers: Pick<AnswersRepository, 'get'>;
  /** null: its turn has come. */
  readonly queuePlace: (answer: Answer) => Promise<QueuePlace | null>;
  readonly controls: AnswerControls;
}): Presenter => {
  const textsOf = async (id: string): Promise<Texts> => textsFor((await answers.get(id))?.locale ?? 'en');
  return {
    final: async ({ id }) => {
      const answer = await answers.get(id);
      if (answer === null || answer.status === 'queued' || answer.status === 'running') return null;
      // Nobody waits for it any more, and the message that asked is gone.
      if (answer.status === 'cancelled' && answer.withdrawnAt && answer.text.trim() === '') return [];
      return presentAnswer(answer, textsFor(answer.locale), controls);
    },
    partial: async ({ id }, text) => presentPartial(text, await textsOf(id)),
    stopControl: async ({ id }) => presentStop(id, await textsOf(id)),
    waiting: async ({ id }) => {
      const waits = await answers.get(id);
      const { answer, door } = textsFor(waits?.locale ?? 'en');
      const place = waits?.status === 'queued' ? await queuePlace(waits) : null;
      return place ? door.inQueue(place) : answer.thinking;
    },
  };
};
