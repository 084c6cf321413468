import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { InboxKey } from './records.ts';
import type { Schema } from './schema.ts';
import type { InboxRepository } from './store.ts';

/**
 * The record's id, the same for the same event whoever computes it: a letter for the kind (BullMQ refuses ids of
 * digits only) and 80 bits of SHA-256 over the key.
 */
export const recordId = ({ team, app, channel, ts, kind }: InboxKey): string => {
  const digest = createHash('sha256').update([team, app, channel, ts, kind].join('\0')).digest('hex');
  return `${letters[kind]}${digest.slice(0, 20)}`;
};

const letters: Readonly<Record<InboxKey['kind'], string>> = {
  question: 'a',
  retry: 'a',
  search: 's',
  find: 's',
  comparison: 'c',
  told: 't',
  announcing: 'n',
  announced: 'n',
};

/**
 * Claims an event inside the transaction that also writes its rows, so that an event is never claimed and then lost.
 *
 * @returns false when it was claimed before
 */
export const claimEvent = async (db: Kysely<Schema>, key: InboxKey, id: string, now: number): Promise<boolean> => {
  const row = await db
    .insertInto('inbox')
    .values({ ...pick(key), record_id: id, claimed_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('record_id')
    .executeTakeFirst();
  return row !== undefined;
};

const pick = ({ team, app, channel, ts, kind }: InboxKey) => ({ team, app, channel, ts, kind });

export const createInbox = (db: Kysely<Schema>, clock: Clock): InboxRepository => ({
  claim: (key) => claimEvent(db, key, recordId(key), clock.now()),

  withdraw: async ({ team, app, channel, ts, kind }) => {
    await db
      .deleteFrom('inbox')
      .where('team', '=', team)
      .where('app', '=', app)
      .where('channel', '=', channel)
      .where('ts', '=', ts)
      .where('kind', '=', kind)
      .execute();
  },

  announced: async (team, app, text, since) => {
    const rows = await db
      .selectFrom('inbox')
      .select(['channel', 'ts', 'kind'])
      .where('team', '=', team)
      .where('app', '=', app)
      .where('kind', 'in', ['announcing', 'announced'])
      .where((eb) => eb(eb.fn('starts_with', ['ts', eb.val(`${text}.`)]), '=', true))
      .where('claimed_at', '>', since)
      .execute();
    return rows.map(({ channel, ts, kind }) => ({ channel, ts, done: kind === 'announced' }));
  },
});
