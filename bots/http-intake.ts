import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HTTPReceiver, type Receiver } from '@slack/bolt';
import type { Clock } from '../src/clock.ts';
import type { ListenAddress } from '../src/config/config.ts';
import { requestPath } from '../src/config/slack.ts';
import { TenkyoError } from '../src/errors.ts';
import type { Logger } from '../src/telemetry/log.ts';
import { boltLogger } from './logging.ts';

export interface HttpIntakeOptions {
  readonly listen: ListenAddress;
  /** Most bytes of a request. */
  readonly bodyLimit: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One HTTP server that takes the requests of all apps of this process, each under a path of its own. */
export interface HttpIntake {
  /** Bolt's receiver of an app; requests reach it from `start` to `stop`. */
  receiver(app: string, signingSecret: string): Receiver;
  /** Opens the port and resolves with the address. Throws `port_in_use`. */
  open(): Promise<string>;
  close(): Promise<void>;
}

/** Slack's own window, https://docs.slack.dev/authentication/verifying-requests-from-slack; Bolt looks only backwards. */
const freshForMs = 300_000;
/** Slack gives up after three seconds: a request that takes longer to arrive is somebody else's. */
const requestTimeoutMs = 10_000;

const refuse = (request: IncomingMessage, response: ServerResponse, status: number): void => {
  // What is still on its way of a refused request is not waited for.
  response.writeHead(status, { connection: 'close' }).end(() => request.destroy());
};

const isPort = ({ code }: NodeJS.ErrnoException): boolean => code === 'EADDRINUSE' || code === 'EACCES';

export const createHttpIntake = ({ listen, bodyLimit, clock, logger }: HttpIntakeOptions): HttpIntake => {
  const routes = new Map<string, RequestListener>();

  const isFresh = (request: IncomingMessage): boolean => {
    const stamp = Number(request.headers['x-slack-request-timestamp']) * 1_000;
    return Number.isFinite(stamp) && Math.abs(clock.now() - stamp) <= freshForMs;
  };

  const server = createServer(
    { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs },
    (request, response) => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      const route = routes.get(path);
      if (route === undefined) return refuse(request, response, 404);
      if (request.method !== 'POST') return refuse(request, response, 405);
      if (Number(request.headers['content-length'] ?? 0) > bodyLimit) return refuse(request, response, 413);
      if (!isFresh(request)) {
        logger.warn({ path }, 'a request was refused: its timestamp is missing, old or in the future');
        return refuse(request, response, 401);
      }
      // Bolt answers an oversized body before it has read all of it; the rest must not be waited for either.
      response.once('finish', () => {
        if (!request.complete) request.destroy();
      });
      return route(request, response);
    },
  );

  return {
    receiver: (app, signingSecret) => {
      const path = requestPath(app);
      const receiver = new HTTPReceiver({
        signingSecret,
        endpoints: path,
        bodyLimit,
        logger: boltLogger(logger.child({ app })),
      });
      return {
        init: (bolt) => receiver.init(bolt),
        start: async () => void routes.set(path, receiver.requestListener),
        // From here on Slack finds nobody and tries again: by then another replica answers.
        stop: async () => void routes.delete(path),
      };
    },

    open: async () => {
      server.listen(listen.port, listen.host);
      try {
        await once(server, 'listening');
      } catch (error) {
        const where = `${listen.host}:${listen.port}`;
        throw new TenkyoError(
          isPort(error as NodeJS.ErrnoException) ? 'port_in_use' : 'config_invalid',
          'the port for requests from Slack cannot be opened',
          {
            where,
            found: (error as Error).message,
            remedy: 'Stop the other program, or give another address in SLACK_LISTEN.',
            cause: error,
          },
        );
      }
      const { port } = server.address() as AddressInfo;
      return `http://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${port}`;
    },

    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), 2_000);
      await closed;
      clearTimeout(late);
    },
  };
};
