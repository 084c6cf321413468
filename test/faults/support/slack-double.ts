import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import type { Message, MessagePage } from '../../../playground/protocol/messages.ts';
import type { CallFault } from '../../../playground/server/faults/faults.ts';
import { createPlayground } from '../../../playground/server/playground.ts';
import { systemClock } from '../../../src/clock.ts';

/** The local workspace with one app, as a test of delivery needs it. */
export interface SlackDouble {
  readonly slackApiUrl: string;
  readonly botToken: string;
  readonly team: string;
  readonly channel: string;
  /** The person who asks. */
  readonly user: string;
  /** Methods called, in order. */
  readonly calls: string[];
  fault(method: string, fault: CallFault, times: number): Promise<void>;
  setStreaming(on: boolean): Promise<void>;
  /** A person writes; returns the ts. */
  ask(text: string): Promise<string>;
  /** A person's look at a thread, without its root. */
  replies(ts: string): Promise<readonly Message[]>;
  close(): Promise<void>;
}

/** Passes everything on and notes the methods; a connection that the workspace drops is dropped here too. */
const countCalls = async (target: URL, calls: string[]) => {
  const server = createServer((incoming, outgoing) => {
    calls.push(incoming.url?.split('/').at(-1) ?? '');
    const onward = request(
      {
        host: target.hostname,
        port: target.port,
        path: incoming.url,
        method: incoming.method,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => incoming.socket.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
};

export const openSlackDouble = async (directory: string, app: string): Promise<SlackDouble> => {
  const playground = await createPlayground({
    file: join(directory, 'workspace.db'),
    host: '127.0.0.1',
    port: 0,
    apps: [{ name: app, description: 'scripted', commands: [], shortcuts: [] }],
    suggestions: [],
    pageDirectory: null,
    clock: systemClock,
  });
  const calls: string[] = [];
  const proxy = await countCalls(new URL(playground.url), calls);
  const { botToken } = playground.tokensOf(app);
  const web = new WebClient(botToken, { slackApiUrl: playground.slackApiUrl });
  const { team_id: team = '' } = await web.auth.test();
  const { members = [] } = await web.users.list({});
  const user = members.find(({ is_bot }) => !is_bot)?.id ?? '';
  const { channels = [] } = await web.conversations.list({});
  const channel = channels.find(({ name }) => name === 'playground')?.id ?? '';

  const local = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(new URL(`local/${path}`, playground.url), {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${playground.pageToken}`,
        'x-tenkyo-person': user,
        // A process that starts can hold this one up for longer than an idle connection lives.
        connection: 'close',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    slackApiUrl: `${proxy.url}/api/`,
    botToken,
    team,
    channel,
    user,
    calls,
    fault: async (method, fault, times) => void (await local('faults', { order: 'call', method, fault, times })),
    setStreaming: async (on) => void (await local('faults', { order: 'streaming', on })),
    ask: async (text) => ((await local('messages', { channel, text })) as Message).ts,
    replies: async (ts) => ((await local(`messages?channel=${channel}&thread=${ts}`)) as MessagePage).messages.slice(1),
    close: async () => {
      await proxy.close();
      await playground.close();
    },
  };
};
