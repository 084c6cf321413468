import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { TenkyoError } from '../../src/errors.ts';
import { createEphemerals } from './conversation/ephemerals.ts';
import { createSessions } from './conversation/sessions.ts';
import { createStatuses } from './conversation/statuses.ts';
import { watchStream } from './conversation/stream.ts';
import { createFaults } from './faults/faults.ts';
import { createFileRoutes } from './files.ts';
import { createIds } from './ids.ts';
import { createResponseUrlRoutes } from './interaction/response-url.ts';
import { createTriggers } from './interaction/triggers.ts';
import { createLiveHub } from './live/hub.ts';
import { pagePerson } from './live/page-people.ts';
import { createGuard } from './local/guard.ts';
import { createLocalRoutes } from './local/routes.ts';
import { createWebApi } from './methods/web-api.ts';
import type { Playground, PlaygroundOptions } from './options.ts';
import { createPageRoutes } from './page.ts';
import { createConnections } from './socket/connections.ts';
import { createEventDelivery } from './socket/event-delivery.ts';
import { createInteractiveRequests } from './socket/interactive-requests.ts';
import { seed } from './state/seed.ts';
import { openStore, type Store } from './state/store.ts';
import { handleUpgrades } from './upgrades.ts';
import type { Workspace } from './workspace.ts';

/** Nobody comes back to a modal after a day. */
const FORGOTTEN_MODAL_MS = 24 * 60 * 60_000;

const listen = async (server: Server, host: string, port: number): Promise<string> => {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const busy = code === 'EADDRINUSE';
    throw new TenkyoError(busy ? 'port_in_use' : 'usage', `the local workspace cannot listen on ${host}:${port}`, {
      cause,
      where: `${host}:${port}`,
      expected: busy ? 'a port that no other program uses' : 'an address of this machine',
      found: message,
      remedy: busy ? 'Stop the other program, or give another port with --port.' : 'Give another host.',
    });
  }
  const { port: bound } = server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${bound}`;
};

const createWorkspace = (store: Store, { clock }: PlaygroundOptions, address: () => string, closing: AbortSignal) => {
  const ids = createIds();
  const live = createLiveHub();
  const connections = createConnections({ clock, ids });
  const workspace: Workspace = {
    team: {
      id: store.settings.get('team_id') as string,
      name: store.settings.get('team_name') as string,
      domain: 'tenkyo-local',
    },
    store,
    clock,
    ids,
    live,
    connections,
    delivery: createEventDelivery({ clock, ids, pendingEvents: store.pendingEvents, connections }),
    requests: createInteractiveRequests({ clock, ids, connections }),
    triggers: createTriggers({ clock, ids }),
    ephemerals: createEphemerals(),
    statuses: createStatuses({
      clock,
      signal: closing,
      changed: (status) => live.send(store.channels.find(status.channel)?.members ?? [], { type: 'status', ...status }),
    }),
    sessions: createSessions({
      changed: (session) =>
        live.send(store.channels.find(session.channel)?.members ?? [], { type: 'session', ...session }),
    }),
    closing,
    address,
  };
  return workspace;
};

/** Tells the pages when an app comes or goes. */
const announcePresence = (workspace: Workspace): void => {
  const { store, live, connections, closing } = workspace;
  const tell = ({ appId }: { appId: string }): void => {
    if (closing.aborted) return;
    const bot = store.people.list().find((member) => member.appId === appId);
    if (bot) live.sendToAll({ type: 'person', person: pagePerson(workspace, bot) });
  };
  connections.listen({ opened: tell, closed: tell, acknowledged: () => undefined });
};

/**
 * Starts the local workspace: one HTTP server that is Slack to Bolt apps (Web API, Socket Mode), and a page to people.
 * Everything said in it is in one SQLite file, on disk before it is answered.
 *
 * @throws TenkyoError `port_in_use`, `file_corrupt` or `data_version`
 */
export const createPlayground = async (options: PlaygroundOptions): Promise<Playground> => {
  const { file, host, port, apps, pageDirectory, clock, suggestions } = options;
  const store = openStore(file, clock);
  const closing = new AbortController();
  // Longer than clients keep an idle connection: one closed at the moment it is used again looks like a lost reply.
  const server = createServer({ keepAliveTimeout: 75_000 });
  let address = '';
  try {
    seed(store, createIds(), apps);
    address = await listen(server, host, port);
  } catch (error) {
    store.close();
    throw error;
  }

  const workspace = createWorkspace(store, options, () => address, closing.signal);
  const pageToken = store.settings.get('page_token') as string;
  const guard = createGuard(host);
  const faults = createFaults(clock);
  announcePresence(workspace);
  store.views.removeModalsOpenedBefore(clock.now() - FORGOTTEN_MODAL_MS);
  for (const stream of store.messages.openStreams()) watchStream(workspace, stream);

  const routes = new Hono();
  routes.use(async (context, next) => {
    if (!guard.isOwnHost(context.req.header('host'))) return context.text('unknown host', 403);
    return next();
  });
  routes.route('/api', createWebApi(workspace, faults));
  routes.route('/response', createResponseUrlRoutes(workspace));
  routes.route('/local', createLocalRoutes({ workspace, faults, guard, pageToken, suggestions }));
  routes.route('/files-pri', createFileRoutes(workspace));
  for (const path of ['/files-pri/*', '/api/*', '/response/*', '/local/*'])
    routes.all(path, (context) => context.notFound());
  if (pageDirectory !== null) {
    routes.route(
      '/',
      createPageRoutes(pageDirectory, {
        token: pageToken,
        defaultPerson: store.settings.get('default_person') as string,
      }),
    );
  }
  const upgrades = handleUpgrades(server, { workspace, guard, pageToken });
  server.on('request', getRequestListener(routes.fetch, { overrideGlobalObjects: false }));

  const close = async (): Promise<void> => {
    closing.abort();
    workspace.delivery.close();
    await upgrades.close();
    // Requests that waited for an app have their answer now, and say it before the file closes.
    await new Promise((resolve) => setImmediate(resolve));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    store.close();
  };
  let closed: Promise<void> | undefined;

  return {
    url: `${address}/`,
    slackApiUrl: `${address}/api/`,
    pageToken,
    tokensOf: (appName) => {
      const app = store.apps.findByName(appName);
      if (!app?.installed) {
        throw new TenkyoError('not_found', `the local workspace has no app named ${appName}`, {
          where: file,
          expected: `one of: ${apps.map(({ name }) => name).join(', ')}`,
          found: appName,
        });
      }
      return { botToken: app.botToken, appToken: app.appToken };
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};
