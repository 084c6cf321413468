import { type ExpressionBuilder, type Kysely, sql } from 'kysely';
import type { DeliveryKind, Place } from './records.ts';
import type { Schema } from './schema.ts';
import type { WorkCounts } from './store.ts';

/** What answers and searches have in common: rows that a worker brings from queued to final, fenced by its attempt. */
export type WorkTable = 'answers' | 'searches';

const hour = 3_600_000;

export const placeOf = ({ team, app, channel, threadTs }: Place) => ({ team, app, channel, thread_ts: threadTs });

/** A condition on rows: not final, and no later attempt has begun. */
const mine = (attempt: number) => (eb: ExpressionBuilder<Schema, WorkTable>) =>
  eb.and([eb('status', 'in', ['queued', 'running']), eb('attempt', '<=', attempt)]);

export const startWork = async (
  db: Kysely<Schema>,
  table: WorkTable,
  id: string,
  attempt: number,
  now: number,
): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable(table)
    .set({ status: 'running', attempt, touched_at: now })
    .where('id', '=', id)
    .where(mine(attempt))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
};

export const countWork = async (db: Kysely<Schema>, table: WorkTable, now: number): Promise<WorkCounts> => {
  const [row, failures] = await Promise.all([
    db
      .selectFrom(table)
      .select([
        sql<string>`count(*) filter (where status = 'queued')`.as('queued'),
        sql<string>`count(*) filter (where status = 'running')`.as('running'),
        sql<string | null>`min(created_at) filter (where status = 'queued')`.as('oldest'),
      ])
      .where('status', 'in', ['queued', 'running'])
      .executeTakeFirstOrThrow(),
    db
      .selectFrom(table)
      .select([sql<string | null>`error->>'code'`.as('code'), sql<string>`count(*)`.as('count')])
      .where('status', '=', 'failed')
      .where('finished_at', '>', now - hour)
      .groupBy(sql`error->>'code'`)
      .orderBy(sql`count(*)`, 'desc')
      .execute(),
  ]);
  const failed = failures.map(({ code, count }) => ({ code: code ?? 'internal', count: Number(count) }));
  return {
    queued: Number(row.queued),
    running: Number(row.running),
    failedLastHour: failed.reduce((sum, { count }) => sum + count, 0),
    oldestQueuedAt: row.oldest === null ? null : Number(row.oldest),
    failures: failed,
  };
};

/** The delivery row that goes with a new record. */
export const openDelivery = (db: Kysely<Schema>, id: string, kind: DeliveryKind, place: Place) =>
  db
    .insertInto('deliveries')
    .values({ id, kind, ...placeOf(place) })
    .execute();

/** The id of the record whose delivery has this Slack message. */
export const recordOfMessage = async (
  db: Kysely<Schema>,
  kind: DeliveryKind | null,
  team: string,
  channel: string,
  ts: string,
): Promise<string | null> => {
  let query = db
    .selectFrom('deliveries')
    .select('id')
    .where('team', '=', team)
    .where('channel', '=', channel)
    .where(sql<boolean>`messages @> ${JSON.stringify(ts)}::jsonb`);
  if (kind !== null) query = query.where('kind', '=', kind);
  return (await query.executeTakeFirst())?.id ?? null;
};
