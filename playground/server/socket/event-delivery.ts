import type { Clock } from '../../../src/clock.ts';
import { ACK_WITHIN_MS } from '../../../src/slack/limits.ts';
import type { Ids } from '../ids.ts';
import type { PendingEvent, PendingEvents } from '../state/pending-events.ts';
import type { Connection, Connections } from './connections.ts';

/** Events from the file to an app's connections, each until one acknowledges it. */
export interface EventDelivery {
  /** Sends what is due to the app; returns at once. */
  wake(appId: string): void;
  /** The next event of the app is sent twice, as Slack now and then does. */
  duplicateNext(appId: string): void;
  close(): void;
}

/** Slack gives up after three retries; here a stopped bot is the rule, so events wait for it this long. */
const KEPT_MS = 60 * 60_000;
const LONGEST_RETRY_MS = 60_000;

interface InFlight {
  readonly sequence: number;
  readonly connection: Connection;
  /** Ends the wait for its acknowledgement. */
  readonly settled: AbortController;
}

export const createEventDelivery = ({
  clock,
  ids,
  pendingEvents,
  connections,
}: {
  clock: Clock;
  ids: Ids;
  pendingEvents: PendingEvents;
  connections: Connections;
}): EventDelivery => {
  const inFlight = new Map<string, InFlight>();
  /** Not acknowledged in time, by sequence: when it may be sent again. */
  const retryAt = new Map<number, number>();
  const duplicated = new Set<string>();
  const woken = new Set<string>();
  const closing = new AbortController();

  const after = (ms: number, then: () => void, signal: AbortSignal): void => {
    void clock.sleep(ms, signal).then(then, () => undefined);
  };
  const settle = (envelopeId: string): InFlight | undefined => {
    const sent = inFlight.get(envelopeId);
    inFlight.delete(envelopeId);
    sent?.settled.abort();
    return sent;
  };

  const envelope = (id: string, { payload, attempts }: PendingEvent) => ({
    envelope_id: id,
    payload,
    type: 'events_api',
    accepts_response_payload: false,
    retry_attempt: attempts,
    retry_reason: attempts === 0 ? '' : 'timeout',
  });

  const send = (appId: string, event: PendingEvent, connection: Connection): void => {
    const id = ids.uuid();
    const settled = new AbortController();
    inFlight.set(id, { sequence: event.sequence, connection, settled });
    pendingEvents.sent(event.sequence);
    connection.send(envelope(id, event));
    if (duplicated.delete(appId)) connection.send(envelope(ids.uuid(), event));
    const late = (): void => {
      inFlight.delete(id);
      const wait = Math.min(ACK_WITHIN_MS * 2 ** event.attempts, LONGEST_RETRY_MS) - ACK_WITHIN_MS;
      retryAt.set(event.sequence, clock.now() + wait);
      if (wait > 0) after(wait, () => wake(appId), closing.signal);
      else wake(appId);
    };
    after(ACK_WITHIN_MS, late, settled.signal);
  };

  const flush = (appId: string): void => {
    if (closing.signal.aborted || !connections.isOnline(appId)) return;
    pendingEvents.removeOlderThan(clock.now() - KEPT_MS);
    const sending = new Set([...inFlight.values()].map(({ sequence }) => sequence));
    for (const event of pendingEvents.of(appId)) {
      if (sending.has(event.sequence) || (retryAt.get(event.sequence) ?? 0) > clock.now()) continue;
      const connection = connections.pick(appId);
      if (!connection) return;
      retryAt.delete(event.sequence);
      send(appId, event, connection);
    }
  };

  // Never inside the call that caused the event: Slack's API answers without waiting for its own deliveries.
  const wake = (appId: string): void => {
    if (woken.has(appId)) return;
    woken.add(appId);
    setImmediate(() => {
      woken.delete(appId);
      flush(appId);
    });
  };

  connections.listen({
    opened: ({ appId }) => {
      // Whoever was too slow may be the reason for the new connection: no event waits for its turn any longer.
      for (const event of pendingEvents.of(appId)) retryAt.delete(event.sequence);
      wake(appId);
    },
    closed: (connection) => {
      for (const [id, sent] of inFlight) if (sent.connection === connection) settle(id);
      wake(connection.appId);
    },
    acknowledged: (connection, envelopeId) => {
      if (inFlight.get(envelopeId)?.connection !== connection || closing.signal.aborted) return;
      const sent = settle(envelopeId);
      if (sent) pendingEvents.remove(sent.sequence);
    },
  });

  return {
    wake,
    duplicateNext: (appId) => {
      duplicated.add(appId);
    },
    close: () => {
      closing.abort();
      for (const id of [...inFlight.keys()]) settle(id);
    },
  };
};
