import { setTimeout as delay } from 'node:timers/promises';
import type { ElementAction, SubmitViewResult, View } from '../../playground/protocol/interactions.ts';
import type { LiveEvent } from '../../playground/protocol/live.ts';
import type { Block, Message, MessagePage } from '../../playground/protocol/messages.ts';
import type { HomeTab } from '../../playground/protocol/page.ts';
import type { Bootstrap, Channel, Person } from '../../playground/protocol/people.ts';

/** All text of a message that a person would read: the blocks', in order, else the message's own. */
export const visibleText = (message: Message): string => {
  const parts: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    else if (value !== null && typeof value === 'object') {
      const { text, elements, fields, accessory, title } = value as Record<string, unknown>;
      if (typeof text === 'string') parts.push(text);
      else walk(text);
      walk(title);
      walk(fields);
      walk(elements);
      walk(accessory);
    }
  };
  walk(message.blocks);
  return parts.length > 0 ? parts.join('\n') : message.text;
};

/** A button of a message by its action id; throws when it is not there. */
export const buttonOf = (blocks: readonly Block[], actionId: RegExp): ElementAction => {
  for (const block of blocks) {
    const elements = [
      ...((block.elements as Block[] | undefined) ?? []),
      ...(block.accessory ? [block.accessory as Block] : []),
    ];
    for (const element of elements) {
      const id = String(element.action_id ?? '');
      if (actionId.test(id)) {
        return {
          type: element.type,
          action_id: id,
          block_id: block.block_id ?? '',
          value: element.value as string | undefined,
        };
      }
    }
  }
  throw new Error(`no element matches ${actionId}`);
};

export interface TestPerson {
  readonly me: Person;
  readonly bootstrap: Bootstrap;
  channel(name: string): Channel;
  bot(name: string): Person;
  directMessage(botName: string): Channel;
  /** Opens the direct messages with a bot, as a click on its name does. */
  open(bot: string): Promise<Channel>;
  send(channel: string, text: string, threadTs?: string, files?: readonly string[]): Promise<Message>;
  /** Sends a file ahead of its message; resolves with its id. */
  upload(name: string, bytes: Uint8Array | string): Promise<string>;
  /** Changes what they wrote. */
  edit(message: Pick<Message, 'channel' | 'ts'>, text: string): Promise<void>;
  remove(message: Pick<Message, 'channel' | 'ts'>): Promise<void>;
  react(message: Pick<Message, 'channel' | 'ts'>, name: string): Promise<void>;
  thread(channel: string, ts: string): Promise<readonly Message[]>;
  command(channel: string, command: string, text: string): Promise<void>;
  shortcut(callbackId: string, message: Pick<Message, 'channel' | 'ts'>): Promise<void>;
  use(message: Pick<Message, 'channel' | 'ts'>, action: ElementAction): Promise<void>;
  /** Opens the Home tab of an app; what the app publishes then is in `live`. */
  openHome(botName: string): Promise<HomeTab>;
  useInView(view: View, action: ElementAction): Promise<void>;
  /** Presses Slack's own Stop beside a bot that works in the thread. */
  stop(root: Pick<Message, 'channel' | 'ts'>, bot: string): Promise<void>;
  submit(view: View, state: Record<string, Record<string, unknown>>): Promise<SubmitViewResult>;
  /** What arrived live, in order, ephemeral messages and views among it. */
  readonly live: readonly LiveEvent[];
  close(): void;
}

/** Asks again and again until the answer is there; fails with what was seen last. */
export const eventually = async <Value>(
  look: () => Promise<Value | null | undefined | false> | Value | null | undefined | false,
  { withinMs = 30_000, what = 'what was waited for' }: { withinMs?: number; what?: string | (() => string) } = {},
): Promise<Value> => {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (value) return value;
    if (Date.now() > deadline)
      throw new Error(`not seen within ${withinMs} ms: ${typeof what === 'string' ? what : what()}`);
    await delay(30);
  }
};

/** Acts for a person of the local workspace through the interface that the page uses. */
export const actAs = async (workspace: { url: string; token: string }, personName?: string): Promise<TestPerson> => {
  const base = workspace.url.replace(/\/$/, '');
  const call = async <Answer>(method: string, path: string, person: string | null, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${base}/local/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${workspace.token}`,
        ...(person ? { 'x-tenkyo-person': person } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} /local/${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer as Answer;
  };

  const first = await call<Bootstrap>('GET', 'bootstrap', null);
  const id = first.people.find((person) => !person.isBot && person.name === (personName ?? first.me.name))?.id;
  if (!id) throw new Error(`no person ${personName}; there are ${first.people.map(({ name }) => name).join(', ')}`);
  const bootstrap = await call<Bootstrap>('GET', 'bootstrap', id);

  const live: LiveEvent[] = [];
  const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/local/live?person=${id}&token=${workspace.token}`);
  socket.addEventListener('message', ({ data }) => live.push(JSON.parse(String(data)) as LiveEvent));
  await new Promise<void>((open, fail) => {
    socket.addEventListener('open', () => open(), { once: true });
    socket.addEventListener('error', () => fail(new Error('the live socket did not open')), { once: true });
  });

  const named = <Item>(item: Item | undefined, name: string): Item => {
    if (!item) throw new Error(`nothing is called ${name}`);
    return item;
  };
  const bot = (name: string): Person =>
    named(
      bootstrap.people.find((person) => person.isBot && person.name === name),
      name,
    );
  return {
    me: bootstrap.me,
    bootstrap,
    bot,
    channel: (name) =>
      named(
        bootstrap.channels.find((channel) => channel.kind === 'channel' && channel.name === name),
        name,
      ),
    directMessage: (name) =>
      named(
        bootstrap.channels.find((channel) => channel.with === bot(name).id),
        name,
      ),
    open: (name) => call('POST', 'directs', id, { with: bot(name).id }),
    send: (channel, text, threadTs, files) =>
      call('POST', 'messages', id, { channel, text, ...(threadTs ? { threadTs } : {}), ...(files ? { files } : {}) }),
    upload: async (name, bytes) => {
      const response = await fetch(`${base}/local/files?${new URLSearchParams({ name })}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${workspace.token}`,
          'x-tenkyo-person': id,
          'content-type': 'application/octet-stream',
        },
        body: Buffer.from(bytes),
      });
      if (!response.ok) throw new Error(`upload: ${response.status} ${await response.text()}`);
      return ((await response.json()) as { id: string }).id;
    },
    edit: async ({ channel, ts }, text) => void (await call('POST', 'messages/edit', id, { channel, ts, text })),
    remove: async ({ channel, ts }) => void (await call('POST', 'messages/delete', id, { channel, ts })),
    react: async ({ channel, ts }, name) => void (await call('POST', 'reactions', id, { channel, ts, name, on: true })),
    thread: async (channel, ts) =>
      (await call<MessagePage>('GET', `messages?channel=${channel}&thread=${ts}&limit=200`, id)).messages,
    command: async (channel, command, text) => void (await call('POST', 'commands', id, { channel, command, text })),
    shortcut: async (callbackId, { channel, ts }) =>
      void (await call('POST', 'shortcuts', id, { callbackId, channel, ts })),
    use: async ({ channel, ts }, action) =>
      void (await call('POST', 'actions', id, { container: { type: 'message', channel, ts }, action })),
    useInView: async (view, action) =>
      void (await call('POST', 'actions', id, { container: { type: 'view', viewId: view.id }, action })),
    stop: async ({ channel, ts }, botName) =>
      void (await call('POST', 'stop', id, { channel, threadTs: ts, user: bot(botName).id })),
    openHome: (botName) => call('POST', 'homes', id, { with: bot(botName).id }),
    submit: (view, state) => call('POST', 'views/submit', id, { viewId: view.id, state }),
    live,
    close: () => socket.close(),
  };
};
