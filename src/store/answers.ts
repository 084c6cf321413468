import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import { claimEvent, recordId } from './inbox.ts';
import type { OpenLimits } from './limits.ts';
import { limitAgainst, standingOf, usedBy, waitingFor, workByModel } from './quotas.ts';
import type { Answer, InboxKey } from './records.ts';
import type { Schema } from './schema.ts';
import { storableText } from './storable-text.ts';
import type { AnswersRepository, NewAnswer, Outcome } from './store.ts';
import { giveTurns, lockPerson, nextTurn, underWay } from './turns.ts';
import { countWork, openDelivery, placeOf, recordOfMessage, startWork } from './work-rows.ts';

export const toAnswer = (row: Selectable<Schema['answers']>): Answer => ({
  id: row.id,
  team: row.team,
  app: row.app,
  channel: row.channel,
  threadTs: row.thread_ts,
  model: row.model,
  user: row.user_id,
  locale: row.locale,
  questionTs: row.question_ts,
  question: row.question,
  status: row.status,
  attempt: row.attempt,
  text: row.text,
  finish: row.finish,
  usage: row.usage,
  error: row.error,
  createdAt: Number(row.created_at),
  finishedAt: row.finished_at === null ? null : Number(row.finished_at),
  settings: row.settings,
  purpose: row.purpose,
  grounding: row.grounding,
  leftOut: row.left_out,
  edited: row.edited,
  withdrawnAt: row.withdrawn_at === null ? null : Number(row.withdrawn_at),
  files: row.files,
  turn: row.turn,
});

/** Answers looked at for how fast a model is. */
const paceOf = 20;

/**
 * The row of a new answer, in the transaction that claimed its event.
 *
 * @param most answers of the person that may be under way; null: any number
 * @returns its turn; null: it waits for earlier ones
 */
export const insertAnswer = async (
  trx: Transaction<Schema>,
  id: string,
  answer: NewAnswer,
  now: number,
  most: number | null = null,
): Promise<number | null> => {
  if (most !== null) await lockPerson(trx, answer);
  const turn = most !== null && (await underWay(trx, answer)) >= most ? null : await nextTurn(trx, answer, now);
  await trx
    .insertInto('answers')
    .values({
      id,
      ...placeOf(answer),
      model: answer.model,
      user_id: answer.user,
      locale: answer.locale,
      question_ts: answer.questionTs,
      question: storableText(answer.question),
      settings: answer.settings ? JSON.stringify(answer.settings) : null,
      purpose: answer.purpose ?? 'chat',
      files: answer.files ? storableJson(answer.files) : null,
      created_at: now,
      touched_at: now,
      turn,
    })
    .execute();
  return turn;
};

const storableJson = (value: object): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? storableText(part) : part));

const outcomeColumns = (outcome: Outcome) => {
  const { status } = outcome;
  const text = storableText(outcome.text);
  if (status === 'done') {
    const { finish, usage, grounding = null, leftOut = 0, files } = outcome;
    return {
      status,
      text,
      finish,
      usage: JSON.stringify(usage),
      grounding: grounding && storableJson(grounding),
      left_out: leftOut,
      ...(files ? { files: storableJson(files) } : {}),
    };
  }
  if (status === 'failed') return { status, text, error: JSON.stringify(outcome.error) };
  return { status, text };
};

export const createAnswers = (db: Kysely<Schema>, clock: Clock): AnswersRepository => {
  const get = async (id: string) => {
    const row = await db.selectFrom('answers').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toAnswer(row) : null;
  };

  const open = (
    key: InboxKey,
    answer: NewAnswer,
    limits: OpenLimits | undefined,
    send: (trx: Transaction<Schema>, id: string) => Promise<unknown>,
  ) =>
    db.transaction().execute(async (trx) => {
      const id = recordId(key);
      const now = clock.now();
      if (!(await claimEvent(trx, key, id, now))) return { id, fresh: false, turn: null, over: null };
      const over = limits ? await limitAgainst(trx, answer, limits, now) : null;
      if (over) return { id, fresh: true, turn: null, over };
      const turn = await insertAnswer(trx, id, answer, now, limits?.running);
      await send(trx, id);
      return { id, fresh: true, turn, over: null };
    });

  return {
    get,

    open: (key, answer, limits) => open(key, answer, limits, (trx, id) => openDelivery(trx, id, 'answer', answer)),

    openUnsent: (key, answer) => open(key, answer, undefined, async () => undefined),

    byMessage: async (team, channel, ts) => {
      const id = await recordOfMessage(db, 'answer', team, channel, ts);
      return id === null ? null : get(id);
    },

    thread: async ({ team, app, channel, threadTs }) => {
      const rows = await db
        .selectFrom('answers')
        .selectAll()
        .where('team', '=', team)
        .where('channel', '=', channel)
        .where('thread_ts', '=', threadTs)
        .where('app', '=', app)
        .orderBy('seq')
        .execute();
      return rows.map(toAnswer);
    },

    lastOf: async (team, channel, user) => {
      const row = await db
        .selectFrom('answers')
        .selectAll()
        .where('team', '=', team)
        .where('channel', '=', channel)
        .where('user_id', '=', user)
        .where('purpose', '=', 'chat')
        .orderBy('seq', 'desc')
        .executeTakeFirst();
      return row ? toAnswer(row) : null;
    },

    conversation: async (id) => {
      const rows = await db
        .selectFrom('answers')
        .innerJoin('answers as asked', (join) =>
          join
            .onRef('asked.team', '=', 'answers.team')
            .onRef('asked.app', '=', 'answers.app')
            .onRef('asked.channel', '=', 'answers.channel')
            .onRef('asked.thread_ts', '=', 'answers.thread_ts'),
        )
        .where('asked.id', '=', id)
        .selectAll('answers')
        .orderBy('answers.seq')
        .execute();
      return rows.map(toAnswer);
    },

    lastApp: async (team, channel, threadTs) => {
      const row = await db
        .selectFrom('answers')
        .select('app')
        .where('team', '=', team)
        .where('channel', '=', channel)
        .where('thread_ts', '=', threadTs)
        .orderBy('seq', 'desc')
        .executeTakeFirst();
      return row?.app ?? null;
    },

    start: (id, attempt) => startWork(db, 'answers', id, attempt, clock.now()),

    finish: async (id, attempt, outcome) => {
      const { numUpdatedRows } = await db
        .updateTable('answers')
        .set({ ...outcomeColumns(outcome), attempt, finished_at: clock.now() })
        .where('id', '=', id)
        .where('status', '=', 'running')
        .where('attempt', '<=', attempt)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },

    openSince: async (before) => {
      const rows = await db
        .selectFrom('answers')
        .selectAll()
        .where('status', 'in', ['queued', 'running'])
        .where('touched_at', '<=', before)
        .orderBy('seq')
        .execute();
      return rows.map(toAnswer);
    },

    counts: () => countWork(db, 'answers', clock.now()),
    work: () => workByModel(db),

    cancel: async (team, id) => {
      const now = clock.now();
      const waiting = await db
        .updateTable('answers')
        .set({ status: 'cancelled', cancel_at: now, finished_at: now })
        .where('id', '=', id)
        .where('team', '=', team)
        .where('status', '=', 'queued')
        .returning('id')
        .executeTakeFirst();
      if (waiting) return 'queued';
      const running = await db
        .updateTable('answers')
        .set({ cancel_at: now })
        .where('id', '=', id)
        .where('team', '=', team)
        .where('status', '=', 'running')
        .returning('id')
        .executeTakeFirst();
      return running ? 'running' : null;
    },

    ofQuestion: async ({ team, app, channel }, questionTs) => {
      const rows = await db
        .selectFrom('answers')
        .selectAll()
        .where('team', '=', team)
        .where('channel', '=', channel)
        .where('app', '=', app)
        .where('question_ts', '=', questionTs)
        .where('purpose', '=', 'chat')
        .orderBy('seq')
        .execute();
      return rows.map(toAnswer);
    },

    amend: async (id, question) => {
      const { numUpdatedRows } = await db
        .updateTable('answers')
        .set({ question: storableText(question) })
        .where('id', '=', id)
        .where('status', '=', 'queued')
        .executeTakeFirstOrThrow();
      if (numUpdatedRows > 0n) return 'changed';
      await db
        .updateTable('answers')
        .set({ edited: storableText(question) })
        .where('id', '=', id)
        .execute();
      return 'begun';
    },

    withdraw: async (id) => {
      await db
        .updateTable('answers')
        .set({ withdrawn_at: clock.now() })
        .where('id', '=', id)
        .where('withdrawn_at', 'is', null)
        .execute();
    },
    giveTurns: (person, most) => giveTurns(db, person, most, clock.now()),

    cancelled: async (ids) => {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('answers')
        .select('id')
        .where('id', 'in', ids)
        .where('cancel_at', 'is not', null)
        .execute();
      return rows.map(({ id }) => id);
    },

    openOf: async (team, { user, model }, { offset, limit }) => {
      let query = db.selectFrom('answers').where('team', '=', team).where('status', 'in', ['queued', 'running']);
      if (user !== undefined) query = query.where('user_id', '=', user);
      if (model !== undefined) query = query.where('model', '=', model);
      const [{ total }, rows] = await Promise.all([
        query.select((eb) => eb.fn.countAll().as('total')).executeTakeFirstOrThrow(),
        query.selectAll().orderBy('seq').offset(offset).limit(limit).execute(),
      ]);
      return { answers: rows.map(toAnswer), total: Number(total) };
    },

    usedBy: (team, user) => usedBy(db, team, user, clock.now()),
    waitingFor: (model) => waitingFor(db, model),
    standing: (id) => standingOf(db, id),

    pace: async (model) => {
      const lately = db
        .selectFrom('answers')
        .select(['usage', 'created_at'])
        .where('model', '=', model)
        .where('status', '=', 'done')
        .where('usage', 'is not', null)
        .orderBy('seq', 'desc')
        .limit(paceOf)
        .as('lately');
      const row = await db
        .selectFrom(lately)
        .select([
          sql<string>`count(*)`.as('answers'),
          sql<string | null>`sum((usage->>'completionTokens')::float8)`.as('tokens'),
          sql<string | null>`sum((usage->>'seconds')::float8)`.as('seconds'),
        ])
        .executeTakeFirstOrThrow();
      const [answers, tokens, seconds] = [Number(row.answers), Number(row.tokens), Number(row.seconds)];
      return seconds > 0 ? { tokensPerSecond: tokens / seconds, secondsPerAnswer: seconds / answers } : null;
    },
  };
};
