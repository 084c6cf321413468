import type { GroundedWork } from '../../src/chat/grounding/ground-answer.ts';
import type { Clock } from '../../src/clock.ts';
import { asTenkyoError, type ErrorCode, TenkyoError } from '../../src/errors.ts';
import { answerTopic, type Feed } from '../../src/feed/feed.ts';
import type { Generator, Prompt } from '../../src/generation/generator.ts';
import type { GiveTurns } from '../../src/jobs/give-turns.ts';
import type { JobRun } from '../../src/jobs/jobs.ts';
import type { GeneratePayload } from '../../src/jobs/queues.ts';
import { failureId } from '../../src/store/failure-id.ts';
import type { Answer, AttachedFile } from '../../src/store/records.ts';
import type { Outcome, Store } from '../../src/store/store.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import { createCancelWatch } from './cancel-watch.ts';
import { createTextFeed, type TextFeed } from './text-feed.ts';

/** A model as the worker uses it. */
interface ModelGenerator {
  readonly generator: Generator;
  readonly temperature: number;
  readonly topP: number;
}

export interface GenerateProcessorOptions {
  readonly store: Store;
  readonly feed: Feed;
  /** null: no such model here. */
  readonly generators: (model: string) => ModelGenerator | null;
  /** @param turns the conversation before the question, oldest first */
  readonly buildPrompt: (
    answer: Answer,
    turns: readonly Answer[],
  ) => Promise<{
    readonly prompt: Prompt;
    readonly maxTokens: number;
    readonly droppedTurns: number;
    /** What the prompt holds of the files that came with the question. */
    readonly files?: readonly AttachedFile[];
  }>;
  /** Looks for what a grounded answer can rest on. */
  readonly ground: (answer: Answer, signal: AbortSignal) => Promise<GroundedWork>;
  /** Has what the person asked after this begin. */
  readonly giveTurns: GiveTurns;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Failures that a second run would only repeat. */
const hopeless: ReadonlySet<ErrorCode> = new Set([
  'prompt_too_long',
  'config_invalid',
  'file_missing',
  'file_corrupt',
  'not_found',
  'model_refused',
]);

/**
 * Writes one answer: streams the model's text to the feed and the whole of it to the record, in that order, and says
 * `finished` only then. Every write to the record is fenced by the run's attempt.
 *
 * Throws what the queue should act on: an error that another run may mend, `shutdown` and `lock_lost` (the record
 * stays running, another run goes on). Everything else ends in the record.
 */
export const createGenerateProcessor = (options: GenerateProcessorOptions) => {
  const { store, feed, clock, logger } = options;
  const watch = createCancelWatch({ answers: store.answers, clock, logger });

  return async ({ answerId }: GeneratePayload, run: JobRun): Promise<void> => {
    const { attempt } = run;
    const topic = answerTopic(answerId);
    // At once: a person waits for the first word. What is final already is not begun again.
    const [thread, begun] = await Promise.all([
      store.answers.conversation(answerId),
      store.answers.start(answerId, attempt),
    ]);
    const answer = thread.find(({ id }) => id === answerId);
    if (!answer) return logger.error({ answerId }, 'no such answer');
    if (answer.finishedAt !== null) {
      // The run before this one died between writing the record and ending its job.
      return feed.publish(topic, { type: 'finished', attempt: Math.max(attempt, answer.attempt) });
    }
    if (!begun) return logger.warn({ answerId, attempt }, 'a later run has begun; this one stops');

    const end = async (outcome: Outcome) => {
      if (await store.answers.finish(answerId, attempt, outcome)) {
        logger.info({ id: answerId, attempt, status: outcome.status }, 'answer written');
        await feed.publish(topic, { type: 'finished', attempt });
        // What is told here is a courtesy to who waits: the sweeper would find it a little later.
        await options.giveTurns(answer).catch((error) => logger.warn({ err: error }, 'the next answer must wait'));
      } else
        logger.warn({ answerId, attempt, status: outcome.status }, 'a later run has begun; this result is dropped');
    };
    const text = createTextFeed({ feed, topic, attempt, clock });
    text.begin();
    const cancelling = watch.over(answerId);
    const signal = AbortSignal.any([run.signal, cancelling.signal]);
    try {
      const outcome = await write(options, answer, thread, { ...run, signal }, text);
      await text.flush();
      await end(outcome);
    } catch (error) {
      await text.flush();
      const { code } = asTenkyoError(signal.aborted ? signal.reason : error);
      if (code === 'cancelled') return await end({ status: 'cancelled', text: text.all });
      if (run.signal.aborted) throw run.signal.reason;
      if (!run.lastAttempt && !hopeless.has(code)) throw error;
      const failure = { code, id: failureId(answerId) };
      logger.error({ answerId, attempt, failure: failure.id, code, err: error }, 'answer failed');
      await end({ status: 'failed', text: text.all, error: failure });
    } finally {
      cancelling.done();
    }
  };
};

/**
 * Whether an answer of the thread is a turn before another: one to the same question (⟳) is not, nor one to a question
 * that was deleted. What was written before somebody stopped it is.
 */
const isTurn = ({ status, text, questionTs, grounding, withdrawnAt }: Answer, { questionTs: own }: Answer): boolean =>
  (status === 'done' || (status === 'cancelled' && text.trim() !== '')) &&
  questionTs !== own &&
  !withdrawnAt &&
  grounding?.mode !== 'refused';

/** Runs the model. */
const write = async (
  { generators, buildPrompt, ground, clock }: GenerateProcessorOptions,
  answer: Answer,
  thread: readonly Answer[],
  { signal }: JobRun,
  text: TextFeed,
): Promise<Outcome> => {
  const model = generators(answer.model);
  if (!model) {
    throw new TenkyoError('model_unavailable', 'no such model is configured', {
      where: answer.model,
      remedy: 'Add it to models in tenkyo.yaml, or take its app away.',
    });
  }
  const began = clock.now();
  const grounded = answer.settings?.grounded ? await ground(answer, signal) : null;
  if (grounded?.type === 'answer') {
    text.add(grounded.text);
    const usage = { promptTokens: 0, completionTokens: 0, seconds: (clock.now() - began) / 1_000 };
    return { status: 'done', text: text.all, finish: 'stop', usage, grounding: grounded.record };
  }
  const own = thread.findIndex(({ id }) => id === answer.id);
  const before = thread.slice(0, own);
  const turns = answer.settings?.continuation ? [] : before.filter((turn) => isTurn(turn, answer));
  // What a grounded answer says rests on its passages, not on what was said before.
  const {
    prompt,
    maxTokens,
    droppedTurns,
    files = [],
  } = await (grounded ? buildPrompt({ ...answer, question: grounded.question }, []) : buildPrompt(answer, turns));
  // Said once in a thread, with the first answer that it is true of.
  const leftOut = grounded || before.some((earlier) => (earlier.leftOut ?? 0) > 0) ? 0 : droppedTurns;
  const { temperature = model.temperature, topP = model.topP, seed } = answer.settings ?? {};
  const sampling = { temperature, topP, ...(seed === undefined ? {} : { seed }) };
  for await (const part of model.generator.generate({ prompt, maxTokens, ...sampling, signal })) {
    if (part.type === 'end') {
      const { finish, usage } = part;
      return {
        status: 'done',
        text: text.all,
        finish,
        usage,
        leftOut,
        ...(files.length > 0 ? { files } : {}),
        ...(grounded ? { grounding: grounded.check(text.all) } : {}),
      };
    }
    // What a model thinks before it answers is no answer.
    if (part.type === 'text') text.add(part.text);
  }
  throw signal.aborted
    ? signal.reason
    : new TenkyoError('model_failed', 'the model stopped without an end', { where: answer.model });
};
