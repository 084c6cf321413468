import type { Clock } from '../../../src/clock.ts';
import { ACK_WITHIN_MS } from '../../../src/slack/limits.ts';
import type { Ids } from '../ids.ts';
import type { Connection, Connections } from './connections.ts';

/** What an app said to something a person did; a person waits, so nothing is sent twice. */
export type Answer =
  | { readonly acknowledged: true; readonly payload: Record<string, unknown> }
  | { readonly acknowledged: false; readonly reason: 'not_connected' | 'timeout' };

export interface InteractiveRequests {
  ask(appId: string, type: 'slash_commands' | 'interactive', payload: Record<string, unknown>): Promise<Answer>;
}

export const createInteractiveRequests = ({
  clock,
  ids,
  connections,
}: {
  clock: Clock;
  ids: Ids;
  connections: Connections;
}): InteractiveRequests => {
  const waiting = new Map<string, { connection: Connection; settle: (answer: Answer) => void }>();

  connections.listen({
    opened: () => undefined,
    closed: (connection) => {
      for (const { connection: asked, settle } of waiting.values()) {
        if (asked === connection) settle({ acknowledged: false, reason: 'not_connected' });
      }
    },
    acknowledged: (connection, envelopeId, payload) => {
      const request = waiting.get(envelopeId);
      if (request?.connection === connection) request.settle({ acknowledged: true, payload });
    },
  });

  return {
    ask: (appId, type, payload) => {
      const connection = connections.pick(appId);
      if (!connection) return Promise.resolve({ acknowledged: false, reason: 'not_connected' });
      const id = ids.uuid();
      const answered = new AbortController();
      const answer = new Promise<Answer>((resolve) => {
        const settle = (result: Answer): void => {
          waiting.delete(id);
          answered.abort();
          resolve(result);
        };
        waiting.set(id, { connection, settle });
        void clock.sleep(ACK_WITHIN_MS, answered.signal).then(
          () => settle({ acknowledged: false, reason: 'timeout' }),
          () => undefined,
        );
      });
      connection.send({ envelope_id: id, payload, type, accepts_response_payload: true });
      return answer;
    },
  };
};
