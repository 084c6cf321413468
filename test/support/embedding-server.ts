import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came. */
export interface EmbeddingRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: {
    readonly model: string;
    readonly input: readonly string[];
    readonly encoding_format?: string;
    readonly input_type?: string;
    readonly dimensions?: number;
  };
}

/** `silence`: is never heard of again. `half`: begins its answer and stops. `reset`: closes the connection. */
export type EmbeddingReply =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown }
  | 'silence'
  | 'half'
  | 'reset';

const readJson = async (request: IncomingMessage): Promise<EmbeddingRequest['body']> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as EmbeddingRequest['body'];
};

/** An HTTP server that answers `/v1/embeddings` as the test says, and keeps what it was asked. */
export const startEmbeddingServer = async (reply: (request: EmbeddingRequest, number: number) => EmbeddingReply) => {
  const seen: EmbeddingRequest[] = [];
  const server = createServer(async (request, response) => {
    const asked = {
      path: request.url ?? '',
      authorization: request.headers.authorization,
      body: await readJson(request),
    };
    seen.push(asked);
    const answer = reply(asked, seen.length);
    if (answer === 'reset') request.socket.destroy();
    else if (answer === 'half') response.writeHead(200, { 'content-type': 'application/json' }).write('{"data": [');
    else if (answer !== 'silence') {
      const isText = typeof answer.body === 'string';
      response.writeHead(answer.status, {
        'content-type': isText ? 'text/html' : 'application/json',
        ...answer.headers,
      });
      response.end(isText ? answer.body : JSON.stringify(answer.body));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
