import { type Kysely, sql } from 'kysely';
import type { Quota } from './admin-records.ts';
import type { Schema } from './schema.ts';
import type { ModelWork, NewAnswer, OpenLimits, OverLimit, QueueStanding } from './store.ts';
import { lockPerson } from './turns.ts';

const day = 86_400_000;

/** Questions of a person within 24 hours, oldest first. Failed ones cost nothing: they were no fault of the person's. */
const recentOf = async (db: Kysely<Schema>, team: string, user: string, now: number) => {
  const rows = await db
    .selectFrom('answers')
    .select([
      'created_at',
      sql<boolean>`status in ('queued', 'running')`.as('open'),
      sql<string>`coalesce((usage->>'promptTokens')::float8 + (usage->>'completionTokens')::float8, 0)`.as('tokens'),
    ])
    .where('team', '=', team)
    .where('user_id', '=', user)
    .where('created_at', '>', now - day)
    .where('status', '!=', 'failed')
    .orderBy('created_at')
    .execute();
  return rows.map(({ created_at, open, tokens }) => ({ at: Number(created_at), open, tokens: Number(tokens) }));
};

const sumOf = (rows: readonly { tokens: number }[]): number => rows.reduce((sum, { tokens }) => sum + tokens, 0);

export const usedBy = async (
  db: Kysely<Schema>,
  team: string,
  user: string,
  now: number,
): Promise<Record<keyof Quota, number>> => {
  const rows = await recentOf(db, team, user, now);
  return { questions: rows.length, tokens: sumOf(rows), atOnce: rows.filter(({ open }) => open).length };
};

export const waitingFor = async (db: Kysely<Schema>, model: string): Promise<number> => {
  const { waiting } = await db
    .selectFrom('answers')
    .select((eb) => eb.fn.countAll().as('waiting'))
    .where('model', '=', model)
    .where('status', '=', 'queued')
    .executeTakeFirstOrThrow();
  return Number(waiting);
};

export const workByModel = async (db: Kysely<Schema>): Promise<ModelWork[]> => {
  const rows = await db
    .selectFrom('answers')
    .where('status', 'in', ['queued', 'running'])
    .select([
      'model',
      sql<string>`count(*) filter (where status = 'running')`.as('running'),
      sql<string>`count(*) filter (where status = 'queued')`.as('waiting'),
      sql<string | null>`min(created_at) filter (where status = 'queued')`.as('oldest'),
    ])
    .groupBy('model')
    .orderBy('model')
    .execute();
  return rows.map(({ model, running, waiting, oldest }) => ({
    model,
    running: Number(running),
    waiting: Number(waiting),
    oldestWaitingAt: oldest === null ? null : Number(oldest),
  }));
};

/** One look at the open answers alone, by the index of those. */
export const standingOf = async (db: Kysely<Schema>, id: string): Promise<QueueStanding | null> => {
  const row = await db
    .selectFrom('answers as mine')
    .innerJoin('answers as other', 'other.model', 'mine.model')
    .where('mine.id', '=', id)
    .where('mine.status', '=', 'queued')
    .where('other.status', 'in', ['queued', 'running'])
    .select([
      // Those that have no turn yet come after all that have.
      sql<string>`count(*) filter (where other.status = 'queued' and
        (coalesce(other.turn, 2147483647), other.seq) <= (coalesce(mine.turn, 2147483647), mine.seq))`.as('place'),
      sql<string>`(select count(*) from tenkyo.answers own where mine.turn is null and own.team = mine.team
        and own.user_id = mine.user_id and own.status in ('queued', 'running') and own.seq < mine.seq)`.as('own'),
      sql<string>`count(*) filter (where other.status = 'running')`.as('running'),
    ])
    .groupBy('mine.id')
    .executeTakeFirst();
  return row ? { place: Number(row.place), own: Number(row.own), running: Number(row.running) } : null;
};

/** The first limit that one more question would go over. Inside the transaction that opens it. */
export const limitAgainst = async (
  trx: Kysely<Schema>,
  { team, user, model }: Pick<NewAnswer, 'team' | 'user' | 'model'>,
  { quota, waiting: mostWaiting }: OpenLimits,
  now: number,
): Promise<OverLimit | null> => {
  const { questions, tokens, atOnce } = quota;
  if (questions !== null || tokens !== null || atOnce !== null) {
    // Two questions at the same moment must not both be the last one allowed.
    await lockPerson(trx, { team, user });
    const rows = await recentOf(trx, team, user, now);
    if (questions !== null && rows.length >= questions) {
      // Enough of the oldest must be a day old; a quota of 0 never frees.
      const last = questions === 0 ? undefined : rows[rows.length - questions];
      return { limit: 'questions', most: questions, freeAt: last ? last.at + day : null };
    }
    if (tokens !== null && sumOf(rows) >= tokens) {
      let left = sumOf(rows);
      const last = rows.find((row) => {
        left -= row.tokens;
        return left < tokens;
      });
      return { limit: 'tokens', most: tokens, freeAt: last ? last.at + day : null };
    }
    if (atOnce !== null && rows.filter(({ open }) => open).length >= atOnce) {
      return { limit: 'atOnce', most: atOnce, freeAt: null };
    }
  }
  if (mostWaiting !== null) {
    const waiting = await waitingFor(trx, model);
    if (waiting >= mostWaiting) return { limit: 'waiting', most: mostWaiting, waiting };
  }
  return null;
};
