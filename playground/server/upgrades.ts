import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Guard } from './local/guard.ts';
import { findPerson, sameSecret } from './local/request.ts';
import type { Workspace } from './workspace.ts';

/** Real time, whatever clock the workspace goes by: it is the process that is ending. */
const FAREWELL_MS = 500;

const refuse = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
};

/**
 * The two kinds of WebSocket: an app's (`/link`, with a ticket) and a page's (`/local/live`, with the page token).
 * `close` takes leave of all of them, and cuts off those that do not answer.
 */
export const handleUpgrades = (
  server: Server,
  { workspace, guard, pageToken }: { workspace: Workspace; guard: Guard; pageToken: string },
): { close: () => Promise<void> } => {
  const apps = new WebSocketServer({ noServer: true, maxPayload: 4 << 20 });
  const pages = new WebSocketServer({ noServer: true, maxPayload: 64 << 10 });
  const { connections, live, statuses, sessions, store } = workspace;

  const acceptApp = (request: IncomingMessage, socket: Duplex, head: Buffer, query: URLSearchParams): void => {
    const appId = connections.redeem(query.get('ticket') ?? '');
    if (appId === undefined) {
      refuse(socket, '401 Unauthorized');
      return;
    }
    apps.handleUpgrade(request, socket, head, (opened) => connections.accept(appId, opened));
  };

  const acceptPage = (request: IncomingMessage, socket: Duplex, head: Buffer, query: URLSearchParams): void => {
    if (!sameSecret(query.get('token') ?? '', pageToken)) {
      refuse(socket, '401 Unauthorized');
      return;
    }
    const person = findPerson(workspace, query.get('person') ?? undefined);
    pages.handleUpgrade(request, socket, head, (opened) => {
      live.add(person.id, opened);
      for (const status of statuses.list()) {
        if (store.channels.isMember(status.channel, person.id)) {
          opened.send(JSON.stringify({ type: 'status', ...status }));
        }
      }
      for (const session of sessions.list()) {
        if (store.channels.isMember(session.channel, person.id)) {
          opened.send(JSON.stringify({ type: 'session', ...session, working: true }));
        }
      }
    });
  };

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    try {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      if (!guard.accepts(request)) refuse(socket, '403 Forbidden');
      else if (pathname === '/link') acceptApp(request, socket, head, searchParams);
      else if (pathname === '/local/live') acceptPage(request, socket, head, searchParams);
      else refuse(socket, '404 Not Found');
    } catch {
      refuse(socket, '403 Forbidden');
    }
  });
  const gone = async (sockets: WebSocketServer): Promise<void> => {
    for (const socket of sockets.clients) socket.close(1001, 'the workspace is closing');
    const impatience = setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate();
    }, FAREWELL_MS);
    await new Promise<void>((resolve) => sockets.close(() => resolve()));
    clearTimeout(impatience);
  };
  return {
    close: async () => {
      await Promise.all([gone(apps), gone(pages)]);
    },
  };
};
