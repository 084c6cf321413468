import { type Kysely, sql } from 'kysely';
import type { Answer } from './records.ts';
import type { Schema } from './schema.ts';

/** How long a person's last turn counts against the next one. */
const rememberedMs = 600_000;

/** Serialises what is counted of a person's answers with what is opened for them, until the transaction ends. */
export const lockPerson = (trx: Kysely<Schema>, { team, user }: Pick<Answer, 'team' | 'user'>) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`quota\n${team}\n${user}`}, 0))`.execute(trx);

/**
 * The turn of one more answer of a person in a model's queue: start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM
 * 1996), an answer counted as one. Who comes new joins the turn that is being served; who has had or has a turn takes
 * the one after it. So everybody who waits is served once before anybody is served twice.
 *
 * @returns from 1, lowest first; equal turns in the order of coming
 */
export const nextTurn = async (
  db: Kysely<Schema>,
  { team, user, model }: Pick<Answer, 'team' | 'user' | 'model'>,
  now: number,
): Promise<number> => {
  const { rows } = await sql<{ turn: number }>`
    with open as (
      select status, turn from tenkyo.answers where model = ${model} and status in ('queued', 'running')
    ), lately as (
      select turn from tenkyo.answers where model = ${model} and created_at > ${now - rememberedMs} and turn is not null
      order by seq desc limit 1
    ), own as (
      select max(turn) as turn from tenkyo.answers
      where team = ${team} and user_id = ${user} and created_at > ${now - rememberedMs} and model = ${model}
    )
    select greatest(
      coalesce(
        (select max(turn) from open where status = 'running'),
        (select min(turn) from open),
        (select turn from lately),
        1
      ),
      (select turn + 1 from own)
    ) as turn`.execute(db);
  return rows[0]?.turn ?? 1;
};

/** Answers of a person's conversations that have a turn and no end. */
export const underWay = async (db: Kysely<Schema>, { team, user }: Pick<Answer, 'team' | 'user'>): Promise<number> => {
  const { count } = await db
    .selectFrom('answers')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('team', '=', team)
    .where('user_id', '=', user)
    .where('purpose', '=', 'chat')
    .where('status', 'in', ['queued', 'running'])
    .where('turn', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(count);
};

/** An answer that has just been given its turn: now it needs a job. */
export interface GivenTurn {
  readonly id: string;
  readonly model: string;
  readonly turn: number;
}

/**
 * Gives the answers of a person that wait for earlier ones their turn, oldest first.
 *
 * @param most that may be under way; null: any number
 */
export const giveTurns = async (
  db: Kysely<Schema>,
  person: Pick<Answer, 'team' | 'user'>,
  most: number | null,
  now: number,
): Promise<GivenTurn[]> => {
  const heldOf = (within: Kysely<Schema>) =>
    within
      .selectFrom('answers')
      .select(['id', 'model'])
      .where('team', '=', person.team)
      .where('user_id', '=', person.user)
      .where('status', '=', 'queued')
      .where('turn', 'is', null)
      .orderBy('seq');
  // Nearly always there are none, and an answer's end should not wait for a lock.
  if (!(await heldOf(db).limit(1).executeTakeFirst())) return [];
  return db.transaction().execute(async (trx) => {
    await lockPerson(trx, person);
    const room = most === null ? Number.MAX_SAFE_INTEGER : Math.max(0, most - (await underWay(trx, person)));
    const given: GivenTurn[] = [];
    for (const { id, model } of await heldOf(trx).limit(room).execute()) {
      const turn = await nextTurn(trx, { ...person, model }, now);
      await trx.updateTable('answers').set({ turn, touched_at: now }).where('id', '=', id).execute();
      given.push({ id, model, turn });
    }
    return given;
  });
};
