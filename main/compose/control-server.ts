import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { jsonLine } from '../../src/export/json-line.ts';
import type { HiddenRepository } from '../../src/store/admin-store.ts';
import { type ExportsRepository, exportKinds } from '../../src/store/export-records.ts';
import type { Logger } from '../../src/telemetry/log.ts';

/** Where a living process answers the commands of its own machine. */
export interface ControlAddress {
  readonly url: string;
  readonly token: string;
}

export interface ControlServer extends ControlAddress {
  close(): Promise<void>;
}

const mayAsk = ({ headers }: IncomingMessage, token: string): boolean => {
  const given = Buffer.from(headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
};

async function* linesOf(records: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  for await (const record of records) yield jsonLine(record);
}

/**
 * Opens the records of this process to commands beside it, which cannot open the same files: `GET /records/<kind>` and
 * `GET /hidden`, JSON lines. Only on this machine, and only for who can read the token.
 */
export const openControlServer = async ({
  exports,
  hidden,
  logger,
}: {
  readonly exports: ExportsRepository;
  readonly hidden: Pick<HiddenRepository, 'everywhere'>;
  readonly logger: Logger;
}): Promise<ControlServer> => {
  const token = randomBytes(32).toString('base64url');
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!mayAsk(request, token)) return void response.writeHead(401).end();
    const kind = exportKinds.find((one) => request.method === 'GET' && request.url === `/records/${one}`);
    const isHidden = request.method === 'GET' && request.url === '/hidden';
    if (kind === undefined && !isHidden) return void response.writeHead(404).end();
    const records = kind === undefined ? await hidden.everywhere() : exports.read(kind);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    // What breaks off ends the connection before the body does, which the other side notices.
    await pipeline(Readable.from(linesOf(records)), response);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      logger.warn({ err: error, path: request.url }, 'a command beside this process was not answered to the end');
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
};
