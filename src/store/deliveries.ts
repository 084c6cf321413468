import { type Kysely, type Selectable, sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Delivery } from './records.ts';
import type { Schema } from './schema.ts';
import type { DeliveriesRepository } from './store.ts';
import { recordOfMessage } from './work-rows.ts';

const toDelivery = (row: Selectable<Schema['deliveries']>): Delivery => ({
  id: row.id,
  kind: row.kind,
  team: row.team,
  app: row.app,
  channel: row.channel,
  threadTs: row.thread_ts,
  status: row.status,
  messages: row.messages,
  nativeStream: row.native_stream,
  shownAttempt: row.shown_attempt,
  shownSeq: row.shown_seq,
  leaseOwner: row.lease_owner,
  leaseUntil: Number(row.lease_until),
  fence: row.fence,
  failure: row.failure,
});

const open = ['pending', 'streaming'] as const;

export const createDeliveries = (db: Kysely<Schema>, clock: Clock): DeliveriesRepository => ({
  get: async (id) => {
    const row = await db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toDelivery(row) : null;
  },

  lease: async (id, owner, forMs, of) => {
    if (of && (of.apps.length === 0 || of.kinds.length === 0)) return null;
    const now = clock.now();
    let query = db
      .updateTable('deliveries')
      .set({ lease_owner: owner, lease_until: now + forMs, fence: sql<number>`fence + 1` })
      .where('id', '=', id)
      .where('status', 'in', open)
      .where('lease_until', '<=', now);
    if (of) query = query.where('app', 'in', of.apps).where('kind', 'in', of.kinds);
    const row = await query.returningAll().executeTakeFirst();
    return row ? { delivery: toDelivery(row), fence: row.fence } : null;
  },

  renew: async (id, fence, forMs) => {
    const { numUpdatedRows } = await db
      .updateTable('deliveries')
      .set({ lease_until: clock.now() + forMs })
      .where('id', '=', id)
      .where('fence', '=', fence)
      .where('status', 'in', open)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  },

  update: async (id, fence, { messages, nativeStream, shownAttempt, shownSeq, failure, status }) => {
    const { numUpdatedRows } = await db
      .updateTable('deliveries')
      .set({
        ...(messages && { messages: JSON.stringify(messages) }),
        ...(nativeStream !== undefined && { native_stream: nativeStream }),
        ...(shownAttempt !== undefined && { shown_attempt: shownAttempt }),
        ...(shownSeq !== undefined && { shown_seq: shownSeq }),
        ...(failure !== undefined && { failure }),
        // The fence itself, so that a change of nothing is still a valid statement and still checked.
        fence,
        ...(status && { status }),
      })
      .where('id', '=', id)
      .where('fence', '=', fence)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  },

  release: async (id, fence) => {
    await db
      .updateTable('deliveries')
      .set({ lease_owner: null, lease_until: 0 })
      .where('id', '=', id)
      .where('fence', '=', fence)
      .execute();
  },

  unheld: async (apps) => {
    if (apps.length === 0) return [];
    const rows = await db
      .selectFrom('deliveries')
      .select('id')
      .where('app', 'in', apps)
      .where('status', 'in', open)
      .where('lease_until', '<=', clock.now())
      .orderBy('seq')
      .execute();
    return rows.map(({ id }) => id);
  },

  showAgain: async (team, { corpus, documentId }) => {
    const holds = JSON.stringify({ corpus, hits: [{ documentId }] });
    const spans = JSON.stringify({ corpus, spans: [{ documents: [{ documentId }] }] });
    const rows = await db
      .updateTable('deliveries')
      .set({ status: 'streaming', lease_until: 0 })
      .where('team', '=', team)
      .where('kind', '=', 'search')
      .where('status', '=', 'delivered')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('searches')
          .select('searches.id')
          .where('searches.team', '=', team)
          .where(sql<boolean>`(result @> ${holds}::jsonb or result @> ${spans}::jsonb)`),
      )
      .returning('id')
      .execute();
    return rows.map(({ id }) => id);
  },

  hasMessage: async (team, channel, ts) => (await recordOfMessage(db, null, team, channel, ts)) !== null,
});
