import type { ModelConfig } from '../config/config.ts';
import type { Answer } from '../store/records.ts';
import type { AnswersRepository, Pace } from '../store/store.ts';

/** What a person who waits is told. */
export interface QueuePlace {
  /** 1 is next. */
  readonly place: number;
  /** About how long until it is their turn; null: the model has not answered yet. */
  readonly seconds: number | null;
  /** Earlier questions of the same person that are answered before; 0: none are waited for. */
  readonly own: number;
}

/** About how long `waiting` answers take, `atOnce` at a time; null: not known. */
export const expectedSeconds = (waiting: number, lately: Pace | null, atOnce: number): number | null =>
  lately && Math.ceil((waiting * lately.secondsPerAnswer) / atOnce);

export interface QueuePlaceOptions {
  readonly answers: Pick<AnswersRepository, 'standing' | 'pace'>;
  readonly models: readonly Pick<ModelConfig, 'name' | 'concurrency'>[];
}

/**
 * The place of an answer in its model's queue; null when its turn has come. Read from the records, which know it
 * wherever the queues are: those would have to be listed.
 */
export const createQueuePlace =
  ({ answers, models }: QueuePlaceOptions) =>
  async ({ id, model }: Pick<Answer, 'id' | 'model'>): Promise<QueuePlace | null> => {
    const standing = await answers.standing(id);
    if (!standing) return null;
    const { place, own, running } = standing;
    const concurrency = models.find(({ name }) => name === model)?.concurrency ?? 1;
    // A free worker takes it within milliseconds: to speak of a queue would alarm for nothing.
    if (own === 0 && place + running <= concurrency) return null;
    // More are written than one worker can: there are several.
    const atOnce = Math.max(concurrency, running);
    return { place, own, seconds: expectedSeconds(place, await answers.pace(model), atOnce) };
  };
