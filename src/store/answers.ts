import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import { claimEvent, recordId } from './inbox.ts';
import type { Answer, InboxKey } from './records.ts';
import type { Schema } from './schema.ts';
import { storableText } from './storable-text.ts';
import type { AnswersRepository, NewAnswer, Outcome } from './store.ts';
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
});

/** The row of a new answer, in the transaction that claimed its event. */
export const insertAnswer = (trx: Transaction<Schema>, id: string, answer: NewAnswer, now: number) =>
  trx
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
      created_at: now,
      touched_at: now,
    })
    .execute();

const outcomeColumns = (outcome: Outcome) => {
  const { status } = outcome;
  const text = storableText(outcome.text);
  if (status === 'done') return { status, text, finish: outcome.finish, usage: JSON.stringify(outcome.usage) };
  if (status === 'failed') return { status, text, error: JSON.stringify(outcome.error) };
  return { status, text };
};

export const createAnswers = (db: Kysely<Schema>, clock: Clock): AnswersRepository => {
  const get = async (id: string) => {
    const row = await db.selectFrom('answers').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toAnswer(row) : null;
  };

  const open = (key: InboxKey, answer: NewAnswer, send: (trx: Transaction<Schema>, id: string) => Promise<unknown>) =>
    db.transaction().execute(async (trx) => {
      const id = recordId(key);
      const now = clock.now();
      if (!(await claimEvent(trx, key, id, now))) return { id, fresh: false };
      await insertAnswer(trx, id, answer, now);
      await send(trx, id);
      return { id, fresh: true };
    });

  return {
    get,

    open: (key, answer) => open(key, answer, (trx, id) => openDelivery(trx, id, 'answer', answer)),

    openUnsent: (key, answer) => open(key, answer, async () => undefined),

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
  };
};
