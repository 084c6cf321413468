import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { getRequestListener } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Queue } from 'bullmq';
import { Hono } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { csrf } from 'hono/csrf';
import { TenkyoError } from '../errors.ts';
import type { Health } from './health.ts';
import type { Metrics } from './metrics.ts';

export interface OperatorServerOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** null: no board, and metrics for whoever reaches the port. */
  readonly password: string | null;
  /** Whether the board may try jobs again or remove them. */
  readonly boardWrites: boolean;
  readonly metrics: Pick<Metrics, 'text'>;
  readonly health: Pick<Health, 'look'>;
  readonly queues: readonly Queue[];
}

export interface OperatorServer {
  readonly url: string;
  close(): Promise<void>;
}

const username = 'operator';

const mountBoard = (routes: Hono, queues: readonly Queue[], writes: boolean): void => {
  const adapter = new HonoAdapter(serveStatic).setBasePath('/board');
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: !writes })),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Tenkyo' } },
  });
  routes.use('/board/*', csrf());
  routes.use('/board/*', async (context, next) => {
    // The board hides its buttons; who asks without it is refused here.
    if (!writes && !['GET', 'HEAD'].includes(context.req.method)) return context.text('read-only', 405);
    return next();
  });
  routes.route('/board', adapter.registerPlugin());
};

/**
 * Opens the port for those who run the product: `/livez`, `/readyz`, `/metrics`, `/board`.
 *
 * @throws TenkyoError `port_in_use`
 */
export const openOperatorServer = async ({
  listen,
  password,
  boardWrites,
  metrics,
  health,
  queues,
}: OperatorServerOptions): Promise<OperatorServer> => {
  const routes = new Hono();
  routes.get('/livez', (context) => context.text('ok'));
  routes.get('/readyz', async (context) => {
    const readiness = await health.look();
    return context.json(readiness, readiness.ready ? 200 : 503);
  });
  if (password !== null) {
    const login = basicAuth({ username, password, realm: 'Tenkyo' });
    for (const path of ['/metrics', '/board', '/board/*']) routes.use(path, login);
    mountBoard(routes, queues, boardWrites);
  }
  routes.get('/metrics', async (context) => {
    const { type, body } = await metrics.text();
    return context.body(body, 200, { 'content-type': type });
  });

  const server = createServer(getRequestListener(routes.fetch, { overrideGlobalObjects: false }));
  server.listen(listen.port, listen.host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new TenkyoError('port_in_use', "the operator's port cannot be opened", {
      where: `${listen.host}:${listen.port}`,
      found: (cause as Error).message,
      remedy: 'Stop the other program, or give another address in OPERATOR_LISTEN.',
      cause,
    });
  }
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
};
