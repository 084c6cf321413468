import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, LogLevel } from '@slack/bolt';
import { WebSocket } from 'ws';
import { type Clock, systemClock } from '../../../src/clock.ts';
import type { LiveEvent } from '../../protocol/live.ts';
import type { Message, MessagePage } from '../../protocol/messages.ts';
import type { Bootstrap, Channel } from '../../protocol/people.ts';
import type { LocalApp, Playground } from '../options.ts';
import { createPlayground } from '../playground.ts';

type Json = Record<string, unknown>;

/** A person at the page: what they can ask, and what they see happen. */
export interface TestPerson {
  readonly id: string;
  readonly seen: LiveEvent[];
  get<T>(path: string): Promise<T>;
  post<T = Json>(path: string, body: unknown): Promise<T>;
  /** Status and body, whatever they are. */
  ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; body: Json }>;
  channel(name: string): Promise<Channel>;
  say(channel: string, text: string, threadTs?: string): Promise<Message>;
  thread(channel: string, ts: string): Promise<readonly Message[]>;
}

export interface Workbench {
  readonly playground: Playground;
  readonly file: string;
  person(name: 'hanako' | 'alex'): Promise<TestPerson>;
  bootstrap(): Promise<Bootstrap>;
  /** Calls a method as the app's bot; the body whatever it is. */
  api(method: string, values?: Json, app?: string): Promise<Json>;
  /** A Bolt app over Socket Mode, started. */
  bolt(prepare: (app: App) => void, name?: string): Promise<App>;
  fault(order: Json): Promise<void>;
  restart(clock?: Clock): Promise<void>;
  close(): Promise<void>;
}

export const APPS: readonly LocalApp[] = [
  { name: 'demo-model', description: 'Answers', commands: [], shortcuts: [] },
  {
    name: 'demo-search',
    description: 'Searches',
    commands: [{ name: '/tenkyo', description: 'Administration', usageHint: 'status' }],
    shortcuts: [{ callbackId: 'find', name: 'Find in training data' }],
  },
];

export const createWorkbench = async ({
  clock = systemClock,
  pageDirectory = null,
  file: given,
}: {
  clock?: Clock;
  pageDirectory?: string | null;
  file?: string;
} = {}): Promise<Workbench> => {
  const folder = mkdtempSync(join(tmpdir(), 'tenkyo-playground-'));
  const file = given ?? join(folder, 'workspace.sqlite');
  const suggestions = [{ locale: 'ja-JP' as const, text: 'かぜに抗生物質は効きますか？' }];
  const bots: App[] = [];
  const pages: WebSocket[] = [];
  const start = (now: Clock): Promise<Playground> =>
    createPlayground({ file, host: '127.0.0.1', port: 0, apps: APPS, suggestions, pageDirectory, clock: now });
  let playground = await start(clock);

  const request = async (method: string, path: string, person: string, body?: unknown) => {
    const response = await fetch(new URL(path, playground.url), {
      method,
      headers: {
        authorization: `Bearer ${playground.pageToken}`,
        'content-type': 'application/json',
        'x-tenkyo-person': person,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Json };
  };
  const succeed = async <T>(method: string, path: string, person: string, body?: unknown): Promise<T> => {
    const answer = await request(method, path, person, body);
    if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer.body as T;
  };
  /** The seeded people are in the page itself for a browser; here they are read from the Web API. */
  const idOf = async (name: string): Promise<string> => {
    const { members } = (await api('users.list')) as { members: { id: string; name: string }[] };
    const found = members.find((member) => member.name === name);
    if (!found) throw new Error(`nobody is called ${name}`);
    return found.id;
  };
  const api = async (method: string, values: Json = {}, app = 'demo-model'): Promise<Json> => {
    const { botToken, appToken } = playground.tokensOf(app);
    const response = await fetch(`${playground.slackApiUrl}${method}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${method === 'apps.connections.open' ? appToken : botToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(values),
    });
    return (await response.json()) as Json;
  };
  const bootstrap = async (): Promise<Bootstrap> => succeed('GET', 'local/bootstrap', await idOf('hanako'));
  const leave = async (): Promise<void> => {
    for (const page of pages.splice(0)) page.terminate();
    await Promise.all(bots.splice(0).map((bot) => bot.stop()));
    await playground.close();
  };

  return {
    get playground() {
      return playground;
    },
    file,
    api,
    bootstrap,
    person: async (name) => {
      const id = await idOf(name);
      const seen: LiveEvent[] = [];
      const address = new URL(`local/live?person=${id}&token=${playground.pageToken}`, playground.url);
      const page = new WebSocket(String(address).replace(/^http/, 'ws'));
      pages.push(page);
      page.on('message', (data) => seen.push(JSON.parse(String(data)) as LiveEvent));
      await new Promise((resolve, reject) => {
        page.once('open', resolve);
        page.once('error', reject);
      });
      const get = <T>(path: string): Promise<T> => succeed<T>('GET', path, id);
      const post = <T>(path: string, body: unknown): Promise<T> => succeed<T>('POST', path, id, body);
      return {
        id,
        seen,
        get,
        post,
        ask: (method, path, body) => request(method, path, id, body),
        channel: async (wanted) => {
          const { channels } = await get<Bootstrap>('local/bootstrap');
          const channel = channels.find((one) => one.name === wanted);
          if (!channel) throw new Error(`no channel ${wanted}`);
          return channel;
        },
        say: (channel, text, threadTs) => post('local/messages', { channel, text, threadTs }),
        thread: async (channel, ts) =>
          (await get<MessagePage>(`local/messages?channel=${channel}&thread=${ts}`)).messages,
      };
    },
    bolt: async (prepare, name = 'demo-model') => {
      const { botToken, appToken } = playground.tokensOf(name);
      const app = new App({
        token: botToken,
        appToken,
        socketMode: true,
        logLevel: LogLevel.ERROR,
        clientOptions: { slackApiUrl: playground.slackApiUrl, retryConfig: { retries: 0 } },
      });
      prepare(app);
      await app.start();
      bots.push(app);
      return app;
    },
    fault: async (order) => {
      await succeed('POST', 'local/faults', '', order);
    },
    restart: async (next = clock) => {
      await leave();
      playground = await start(next);
    },
    close: async () => {
      await leave();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
