import type { Database } from './database.ts';

/** An event that an app has not acknowledged. */
export interface PendingEvent {
  readonly sequence: number;
  readonly payload: Record<string, unknown>;
  /** How often it was sent. */
  readonly attempts: number;
  /** Milliseconds since the Unix epoch. */
  readonly created: number;
}

export interface PendingEvents {
  add(event: { appId: string; eventId: string; payload: Record<string, unknown>; created: number }): void;
  /** Oldest first. */
  of(appId: string): PendingEvent[];
  sent(sequence: number): void;
  remove(sequence: number): void;
  removeOlderThan(created: number): void;
}

export const createPendingEvents = (database: Database): PendingEvents => ({
  add: ({ appId, eventId, payload, created }) => {
    database.run(
      'insert into pending_events (app_id, event_id, payload, created) values (?, ?, ?, ?)',
      appId,
      eventId,
      JSON.stringify(payload),
      created,
    );
  },
  of: (appId) =>
    database.all('select * from pending_events where app_id = ? order by sequence', appId).map((row) => ({
      sequence: row.sequence as number,
      payload: JSON.parse(row.payload as string) as Record<string, unknown>,
      attempts: row.attempts as number,
      created: row.created as number,
    })),
  sent: (sequence) => {
    database.run('update pending_events set attempts = attempts + 1 where sequence = ?', sequence);
  },
  remove: (sequence) => {
    database.run('delete from pending_events where sequence = ?', sequence);
  },
  removeOlderThan: (created) => {
    database.run('delete from pending_events where created < ?', created);
  },
});
