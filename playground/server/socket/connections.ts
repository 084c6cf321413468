import { WebSocket } from 'ws';
import type { Clock } from '../../../src/clock.ts';
import { SOCKETS_PER_APP } from '../../../src/slack/limits.ts';
import type { Ids } from '../ids.ts';

/** Why Slack asks an app to open another connection. */
type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

export interface Connection {
  readonly appId: string;
  send(message: Record<string, unknown>): void;
}

interface ConnectionListener {
  opened(connection: Connection): void;
  closed(connection: Connection): void;
  acknowledged(connection: Connection, envelopeId: string, payload: Record<string, unknown>): void;
}

/**
 * The open Socket Mode connections (https://docs.slack.dev/apis/events-api/using-socket-mode): a one-time ticket a
 * connection, a greeting, pings, and a turn-taking among the connections of an app.
 */
export interface Connections {
  /** A ticket that opens one connection of the app within 30 seconds. */
  issueTicket(appId: string): string;
  /** The app of a ticket, which is used up. */
  redeem(ticket: string): string | undefined;
  accept(appId: string, socket: WebSocket): void;
  listen(listener: ConnectionListener): void;
  /** The connection whose turn it is; none when all are closed or asked to leave. */
  pick(appId: string): Connection | undefined;
  isOnline(appId: string): boolean;
  /** Asks every connection of an app (or of all) to leave. */
  disconnect(reason: DisconnectReason, appId?: string): void;
}

const TICKET_LIFETIME_MS = 30_000;
const PING_EVERY_MS = 10_000;

interface OpenSocket extends Connection {
  readonly socket: WebSocket;
  readonly closed: AbortController;
  leaving: boolean;
  answered: boolean;
}

export const createConnections = ({ clock, ids }: { clock: Clock; ids: Ids }): Connections => {
  const tickets = new Map<string, { appId: string; until: number }>();
  const open = new Map<string, OpenSocket[]>();
  const listeners: ConnectionListener[] = [];

  const of = (appId: string): OpenSocket[] => open.get(appId) ?? [];
  const usable = (connection: OpenSocket): boolean =>
    !connection.leaving && connection.socket.readyState === WebSocket.OPEN;

  const askToLeave = (connection: OpenSocket, reason: DisconnectReason): void => {
    // A warning comes ahead of the end; any other reason means that nothing more will be sent.
    if (reason !== 'warning') connection.leaving = true;
    connection.send({ type: 'disconnect', reason, debug_info: { host: 'tenkyo-playground' } });
  };

  /** A peer that answers no ping is gone: its unacknowledged envelopes must go elsewhere. */
  const keepAlive = async (connection: OpenSocket): Promise<void> => {
    while (connection.socket.readyState === WebSocket.OPEN) {
      if (!connection.answered) {
        connection.socket.terminate();
        return;
      }
      connection.answered = false;
      connection.socket.ping(`Ping from tenkyo-playground (${clock.now()})`);
      await clock.sleep(PING_EVERY_MS, connection.closed.signal);
    }
  };

  const read = (connection: OpenSocket, text: string): void => {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (typeof message !== 'object' || message === null || !('envelope_id' in message)) return;
    const payload = 'payload' in message && typeof message.payload === 'object' ? message.payload : null;
    for (const listener of listeners) {
      listener.acknowledged(connection, String(message.envelope_id), (payload ?? {}) as Record<string, unknown>);
    }
  };

  return {
    issueTicket: (appId) => {
      for (const [ticket, { until }] of tickets) if (until < clock.now()) tickets.delete(ticket);
      const ticket = ids.uuid();
      tickets.set(ticket, { appId, until: clock.now() + TICKET_LIFETIME_MS });
      return ticket;
    },
    redeem: (ticket) => {
      const found = tickets.get(ticket);
      tickets.delete(ticket);
      return found && found.until >= clock.now() ? found.appId : undefined;
    },
    accept: (appId, socket) => {
      const connection: OpenSocket = {
        appId,
        socket,
        closed: new AbortController(),
        leaving: false,
        answered: true,
        send: (message) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
        },
      };
      const others = of(appId);
      const eldest = others.find(usable);
      if (others.length >= SOCKETS_PER_APP && eldest) askToLeave(eldest, 'too_many_websockets');
      open.set(appId, [...others, connection]);
      socket.on('pong', () => {
        connection.answered = true;
      });
      socket.on('message', (data, isBinary) => {
        if (!isBinary) read(connection, String(data));
      });
      socket.on('error', () => socket.terminate());
      socket.on('close', () => {
        connection.closed.abort();
        open.set(
          appId,
          of(appId).filter((other) => other !== connection),
        );
        for (const listener of listeners) listener.closed(connection);
      });
      connection.send({
        type: 'hello',
        num_connections: of(appId).length,
        connection_info: { app_id: appId },
        debug_info: { host: 'tenkyo-playground', approximate_connection_time: 18_060 },
      });
      void keepAlive(connection).catch(() => undefined);
      for (const listener of listeners) listener.opened(connection);
    },
    listen: (listener) => {
      listeners.push(listener);
    },
    pick: (appId) => {
      const all = of(appId);
      const turn = all.findIndex(usable);
      const [connection] = turn < 0 ? [] : all.splice(turn, 1);
      if (connection) all.push(connection);
      return connection;
    },
    isOnline: (appId) => of(appId).some(usable),
    disconnect: (reason, appId) => {
      for (const [id, connections] of open) {
        if (appId !== undefined && id !== appId) continue;
        for (const connection of connections.filter(usable)) askToLeave(connection, reason);
      }
    },
  };
};
