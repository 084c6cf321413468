import { beforeEach, describe, expect, it } from '@jest/globals';
import type { GroundedWork } from '../../src/chat/grounding/ground-answer.ts';
import { systemClock } from '../../src/clock.ts';
import { TenkyoError } from '../../src/errors.ts';
import { answerTopic, type Feed, type FeedEvent } from '../../src/feed/feed.ts';
import { createMemoryFeed } from '../../src/feed/memory-feed.ts';
import type { GenerationPart, GenerationRequest } from '../../src/generation/generator.ts';
import type { JobRun } from '../../src/jobs/jobs.ts';
import type { Answer } from '../../src/store/records.ts';
import type { Outcome, Store } from '../../src/store/store.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { createGenerateProcessor } from './generate-processor.ts';

const usage = { promptTokens: 1, completionTokens: 2, seconds: 0.1 };
const end: GenerationPart = { type: 'end', finish: 'stop', usage };
const logger = createLogger({ directory: null, level: 'silent' });

const answerOf = (id: string, change: Partial<Answer> = {}): Answer => ({
  id,
  team: 'T',
  app: 'a',
  channel: 'C',
  threadTs: '1.1',
  model: 'm',
  user: 'U',
  locale: 'ja',
  questionTs: '1.1',
  question: 'なぜ?',
  status: 'queued',
  attempt: 0,
  text: '',
  finish: null,
  usage: null,
  error: null,
  createdAt: 0,
  finishedAt: null,
  ...change,
});

/** The answers of a store in memory, with its fence; the store itself has tests of its own. */
const memoryAnswers = (rows: Answer[]) => {
  const log: string[] = [];
  const find = (id: string) => rows.findIndex((row) => row.id === id);
  const change = (id: string, attempt: number, patch: Partial<Answer>) => {
    const row = rows[find(id)];
    if (!row || row.attempt > attempt || row.finishedAt !== null) return false;
    rows[find(id)] = { ...row, ...patch, attempt };
    return true;
  };
  const cancelled = new Set<string>();
  const answers = {
    cancelled: async (ids: readonly string[]) => ids.filter((id) => cancelled.has(id)),
    get: async (id: string) => rows[find(id)] ?? null,
    conversation: async (id: string) => (rows.some((row) => row.id === id) ? rows : []),
    start: async (id: string, attempt: number) => change(id, attempt, { status: 'running' }),
    finish: async (id: string, attempt: number, outcome: Outcome) => {
      log.push(`record ${outcome.status}`);
      return change(id, attempt, { ...outcome, finishedAt: 1 });
    },
  };
  return { store: { answers } as unknown as Store, rows, log, cancelled };
};

describe('the generate processor', () => {
  let feed: Feed;
  let asked: GenerationRequest[];
  let works: Record<string, GroundedWork>;
  let begun: string[];
  let prompts: { answer: Answer; turns: readonly Answer[] }[];
  let droppedTurns: number;
  beforeEach(() => {
    feed = createMemoryFeed({ clock: systemClock });
    asked = [];
    prompts = [];
    droppedTurns = 0;
    works = {};
    begun = [];
  });

  const processor = (store: Store, parts: (request: GenerationRequest) => AsyncGenerator<GenerationPart>) =>
    createGenerateProcessor({
      store,
      feed,
      generators: (model) =>
        model === 'm'
          ? {
              generator: {
                generate: (request) => {
                  asked.push(request);
                  return parts(request);
                },
                close: async () => {},
              },
              temperature: 0.5,
              topP: 0.9,
            }
          : null,
      buildPrompt: async (answer, turns) => {
        prompts.push({ answer, turns });
        return { prompt: `>${answer.question}`, maxTokens: 7, droppedTurns };
      },
      giveTurns: async ({ user }) => {
        begun.push(user);
        if (user === 'stuck') throw new Error('no queue');
      },
      ground: async ({ question }) => works[question] ?? Promise.reject(new Error(`nothing for ${question}`)),
      clock: systemClock,
      logger,
    });
  const run = (change: Partial<JobRun> = {}): JobRun => ({
    attempt: 1,
    lastAttempt: false,
    signal: new AbortController().signal,
    ...change,
  });
  const payload = (answerId: string) => ({ answerId, after: 0 });
  const published = async (id: string): Promise<FeedEvent[]> => {
    const stop = new AbortController();
    const events: FeedEvent[] = [];
    setImmediate(() => stop.abort());
    for await (const { event } of feed.read(answerTopic(id), { signal: stop.signal })) events.push(event);
    return events;
  };

  it('stops within a second of being asked to, in whichever process, and keeps what was written', async () => {
    const { store, rows, cancelled } = memoryAnswers([answerOf('a1')]);
    let askedAt = 0;
    const writing = processor(store, async function* ({ signal }) {
      yield { type: 'text', text: 'ここまで' };
      askedAt = Date.now();
      cancelled.add('a1');
      // A model that would write for a minute.
      await systemClock.sleep(60_000, signal);
      yield end;
    })(payload('a1'), run());
    await writing;
    expect(Date.now() - askedAt).toBeLessThan(1_000);
    expect(rows[0]).toMatchObject({ status: 'cancelled', text: 'ここまで' });
    expect((await published('a1')).at(-1)).toEqual({ type: 'finished', attempt: 1 });
  });

  it('has what the same person asked after it begin, once it has ended; a failure of that is none of its own', async () => {
    const rows = [answerOf('a1'), answerOf('a2', { user: 'stuck' })];
    const { store } = memoryAnswers(rows);
    const writing = processor(store, async function* () {
      yield { type: 'text', text: 'はい。' };
      expect(begun).toHaveLength(rows.filter(({ finishedAt }) => finishedAt !== null).length);
      yield end;
    });
    await writing(payload('a1'), run());
    await writing(payload('a2'), run());
    expect(begun).toEqual(['U', 'stuck']);
    expect(rows.map(({ status }) => status)).toEqual(['done', 'done']);
  });

  it('streams the text, writes the record, and only then says finished', async () => {
    const { store, rows, log } = memoryAnswers([
      answerOf('a0', { status: 'done', text: '前', finishedAt: 1, questionTs: '1.0' }),
      // An answer to the question itself, that somebody asked to hear again.
      answerOf('a0b', { status: 'done', text: '別の答え', finishedAt: 2 }),
      answerOf('af', { status: 'failed', finishedAt: 1 }),
      answerOf('a1'),
      answerOf('a2', { status: 'done', finishedAt: 1 }),
    ]);
    const original = feed.publish;
    feed = {
      ...feed,
      publish: async (topic, event) => {
        log.push(event.type);
        await original(topic, event);
      },
    };
    await processor(store, async function* () {
      for (const text of ['い', 'い', 'え']) yield { type: 'text', text };
      await systemClock.sleep(200);
      yield { type: 'text', text: '。' };
      yield end;
    })(payload('a1'), run());

    expect(rows.find(({ id }) => id === 'a1')).toMatchObject({
      status: 'done',
      text: 'いいえ。',
      finish: 'stop',
      usage,
      attempt: 1,
    });
    expect(log).toEqual(['started', 'text', 'text', 'record done', 'finished']);
    expect(await published('a1')).toEqual([
      { type: 'started', attempt: 1 },
      { type: 'text', attempt: 1, seq: 1, text: 'いいえ' },
      { type: 'text', attempt: 1, seq: 2, text: '。' },
      { type: 'finished', attempt: 1 },
    ]);
    expect(asked[0]).toMatchObject({ prompt: '>なぜ?', maxTokens: 7, temperature: 0.5, topP: 0.9 });
    expect(prompts[0]?.turns.map(({ id }) => id)).toEqual(['a0']);
  });

  it('asks the model as the thread is set, and otherwise as it is configured', async () => {
    const { store } = memoryAnswers([
      answerOf('a1', { settings: { temperature: 1.2, seed: 7, system: '短く。' } }),
      answerOf('a2', { settings: { topP: 0.3 }, questionTs: '1.2' }),
    ]);
    const write = processor(store, async function* () {
      yield end;
    });
    await write(payload('a1'), run());
    await write(payload('a2'), run());
    expect(asked[0]).toMatchObject({ temperature: 1.2, topP: 0.9, seed: 7 });
    expect(asked[1]).toMatchObject({ temperature: 0.5, topP: 0.3 });
    expect(asked[1]).not.toHaveProperty('seed');
    expect(prompts[0]?.answer.settings).toMatchObject({ system: '短く。' });
  });

  it('says once in a thread that earlier turns were left out', async () => {
    const { store, rows } = memoryAnswers([answerOf('a1'), answerOf('a2', { questionTs: '1.2' })]);
    droppedTurns = 3;
    const write = processor(store, async function* () {
      yield end;
    });
    await write(payload('a1'), run());
    await write(payload('a2'), run());
    expect(rows.map(({ leftOut }) => leftOut)).toEqual([3, 0]);
  });

  it('goes on from what somebody stopped, and knows nothing of a question that was deleted', async () => {
    const { store } = memoryAnswers([
      answerOf('a0', { status: 'cancelled', text: '途中', finishedAt: 1, questionTs: '1.0' }),
      answerOf('a0b', { status: 'cancelled', text: '', finishedAt: 1, questionTs: '1.05' }),
      answerOf('a0c', { status: 'done', text: '秘密', finishedAt: 1, questionTs: '1.06', withdrawnAt: 5 }),
      answerOf('a1'),
      answerOf('a2', { settings: { continuation: true }, questionTs: '1.2' }),
    ]);
    const write = processor(store, async function* () {
      yield end;
    });
    await write(payload('a1'), run());
    await write(payload('a2'), run());
    expect(prompts.map(({ turns }) => turns.map(({ id }) => id))).toEqual([['a0'], []]);
  });

  const record = { corpus: 'demo', documents: 600, sentences: [], sources: [] };

  it('writes down what was quoted from the corpus without asking the model', async () => {
    const { store, rows } = memoryAnswers([answerOf('a1', { settings: { grounded: true } })]);
    works = { 'なぜ?': { type: 'answer', text: '「岩盤がずれる。」 [1]', record: { ...record, mode: 'extractive' } } };
    await processor(store, async function* () {})(payload('a1'), run());
    expect(asked).toEqual([]);
    expect(rows[0]).toMatchObject({
      status: 'done',
      text: '「岩盤がずれる。」 [1]',
      grounding: { mode: 'extractive' },
    });
  });

  it('asks the model with the passages, without earlier turns, and keeps what the check says', async () => {
    const { store, rows } = memoryAnswers([
      answerOf('a0', { status: 'done', text: '前', finishedAt: 1, questionTs: '1.0' }),
      answerOf('a1', { settings: { grounded: true } }),
    ]);
    const check = (text: string) => ({
      ...record,
      mode: 'generative' as const,
      sentences: [{ text, citations: [{ number: 1, supported: true }] }],
    });
    works = { 'なぜ?': { type: 'ask', question: '資料 [1] なぜ?', check } };
    await processor(store, async function* () {
      yield { type: 'text', text: 'ずれる[1]。' };
      yield end;
    })(payload('a1'), run());
    expect(asked[0]).toMatchObject({ prompt: '>資料 [1] なぜ?' });
    expect(prompts[0]?.turns).toEqual([]);
    expect(rows[1]).toMatchObject({ text: 'ずれる[1]。', grounding: check('ずれる[1]。') });
  });

  it('says finished again when the record is final already', async () => {
    const { store } = memoryAnswers([answerOf('a1', { status: 'done', attempt: 2, finishedAt: 1 })]);
    await processor(store, async function* () {})(payload('a1'), run({ attempt: 3 }));
    expect(await published('a1')).toEqual([{ type: 'finished', attempt: 3 }]);
    expect(asked).toEqual([]);
  });

  it('does nothing when a later run has begun', async () => {
    const { store, rows } = memoryAnswers([answerOf('a1', { status: 'running', attempt: 5 })]);
    await processor(store, async function* () {})(payload('a1'), run({ attempt: 4 }));
    expect(asked).toEqual([]);
    expect(rows[0]).toMatchObject({ status: 'running', attempt: 5 });
    await processor(store, async function* () {})(payload('missing'), run());
    expect(await published('a1')).toEqual([]);
  });

  it('drops its result when a later run has begun meanwhile', async () => {
    const { store, rows } = memoryAnswers([answerOf('a1')]);
    await processor(store, async function* () {
      await store.answers.start('a1', 2);
      yield end;
    })(payload('a1'), run());
    expect(rows[0]).toMatchObject({ status: 'running', attempt: 2, finishedAt: null });
    expect((await published('a1')).map(({ type }) => type)).toEqual(['started']);
  });

  const failing = async function* (): AsyncGenerator<GenerationPart> {
    yield { type: 'text', text: 'い' };
    throw new TenkyoError('model_failed', 'out of luck');
  };

  it('leaves an error to the queue while there is another try', async () => {
    const { store, rows } = memoryAnswers([answerOf('a1')]);
    await expect(processor(store, failing)(payload('a1'), run())).rejects.toMatchObject({ code: 'model_failed' });
    expect(rows[0]).toMatchObject({ status: 'running', finishedAt: null });
  });

  it('writes the failure down at the last try, with the id that people are told', async () => {
    const { store, rows } = memoryAnswers([answerOf('a1234567890')]);
    await processor(store, failing)(payload('a1234567890'), run({ lastAttempt: true }));
    expect(rows[0]).toMatchObject({
      status: 'failed',
      text: 'い',
      error: { code: 'model_failed', id: 'a123456' },
    });
    expect((await published('a1234567890')).at(-1)).toEqual({ type: 'finished', attempt: 1 });
  });

  it('does not try again what cannot succeed', async () => {
    const { store, rows } = memoryAnswers([answerOf('a1')]);
    const tooLong = async function* ({ maxTokens }: GenerationRequest): AsyncGenerator<GenerationPart> {
      if (maxTokens > 0) throw new TenkyoError('prompt_too_long', 'too long');
      yield end;
    };
    await processor(store, tooLong)(payload('a1'), run());
    expect(rows[0]).toMatchObject({ status: 'failed', error: { code: 'prompt_too_long' } });
  });

  it('takes a stream without an end for a failure, and a missing model too', async () => {
    const { store, rows } = memoryAnswers([answerOf('a1'), answerOf('a2', { model: 'gone' })]);
    const process = processor(store, async function* () {
      yield { type: 'text', text: 'い' };
    });
    await process(payload('a1'), run({ lastAttempt: true }));
    await process(payload('a2'), run({ lastAttempt: true }));
    expect(rows.map(({ error }) => error?.code)).toEqual(['model_failed', 'model_unavailable']);
  });

  it.each(['shutdown', 'lock_lost'] as const)('leaves the record running at %s, for the next run', async (code) => {
    const { store, rows } = memoryAnswers([answerOf('a1')]);
    const abort = new AbortController();
    const working = processor(store, async function* ({ signal }) {
      yield { type: 'text', text: 'い' };
      abort.abort(new TenkyoError(code, 'stop'));
      throw signal.reason;
    })(payload('a1'), run({ signal: abort.signal, lastAttempt: true }));
    await expect(working).rejects.toMatchObject({ code });
    expect(rows[0]).toMatchObject({ status: 'running', finishedAt: null });
  });

  it('keeps what was written when it is cancelled, and does not fail', async () => {
    const { store, rows } = memoryAnswers([answerOf('a1')]);
    const abort = new AbortController();
    await processor(store, async function* ({ signal }) {
      yield { type: 'text', text: 'いい' };
      abort.abort(new TenkyoError('cancelled', 'stop'));
      throw signal.reason;
    })(payload('a1'), run({ signal: abort.signal }));
    expect(rows[0]).toMatchObject({ status: 'cancelled', text: 'いい' });
    expect((await published('a1')).at(-1)).toEqual({ type: 'finished', attempt: 1 });
  });
});
