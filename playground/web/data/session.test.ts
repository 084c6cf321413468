import { describe, expect, it } from '@jest/globals';
import type { Message, MessagePage } from '../../protocol/messages.ts';
import { bootstrap, message } from '../testing/world.ts';
import { type Api, ApiError, createApi } from './api.ts';
import type { SocketListener } from './live.ts';
import { rootsOf } from './messages.ts';
import { parsePlace } from './place.ts';
import { createSession } from './session.ts';

/** Everything the session asks of the world, in the test's hands. */
const open = (overrides: Partial<Api> = {}, wide = true) => {
  const calls: [string, unknown][] = [];
  const sockets: SocketListener[] = [];
  const timers: (() => void)[] = [];
  let page: MessagePage = { messages: [], hasMore: false };
  let unauthorized = 0;
  const note = (name: string, answer: unknown) => async (body: unknown) => {
    calls.push([name, body]);
    return answer as never;
  };
  const api: Api = {
    bootstrap: async () => bootstrap,
    messages: async (query) => {
      calls.push(['messages', query]);
      return page;
    },
    send: note('send', message('9.0', { user: 'U1' })),
    upload: note('upload', { id: 'F1', name: 'a.md', mimetype: 'text/markdown', size: 3 }),
    edit: note('edit', message('9.0', { user: 'U1' })),
    deleteMessage: note('delete', {}),
    react: note('react', {}),
    markRead: note('read', {}),
    openDirect: note('direct', {}),
    openHome: note('home', { view: null }),
    runCommand: note('command', {}),
    runShortcut: note('shortcut', {}),
    useElement: note('use', {}),
    stop: note('stop', {}),
    submitView: note('submit', { closed: true }),
    closeView: note('close', {}),
    ...overrides,
  };
  const session = createSession({
    api,
    bootstrap,
    place: parsePlace('', bootstrap.channels),
    openSocket: (listener) => {
      sockets.push(listener);
      return { close: () => listener.onClose() };
    },
    now: () => 1_700_000_000_000,
    newKey: () => 'key',
    setTimeout: (run) => timers.push(run),
    clearTimeout: () => undefined,
    isVisible: () => true,
    isWide: () => wide,
    onUnauthorized: () => {
      unauthorized += 1;
    },
  });
  return {
    session,
    calls,
    sockets,
    timers,
    setPage: (next: MessagePage) => {
      page = next;
    },
    unauthorized: () => unauthorized,
    live: (event: unknown) => sockets.at(-1)?.onText(JSON.stringify(event)),
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  };
};

const refuse = async (): Promise<never> => {
  throw new ApiError(0, 'unreachable', 'no line');
};

describe('a message of one’s own', () => {
  it('is there at once and becomes the server’s', async () => {
    const { session, settle } = open();
    await settle();
    session.send({ channel: 'C1', threadTs: null, text: 'hi' });
    expect(session.getState().drafts).toMatchObject([{ text: 'hi', failed: false }]);
    await settle();
    expect(session.getState().drafts).toEqual([]);
    expect(session.getState().messages.C1?.['9.0']).toMatchObject({ clientKey: 'key' });
  });

  it('stays, marked as failed, and can be sent again under the same key', async () => {
    let fails = true;
    const keys: unknown[] = [];
    const { session, settle } = open({
      send: async ({ clientKey }) => {
        keys.push(clientKey);
        return fails ? refuse() : message('9.0', { user: 'U1' });
      },
    });
    session.send({ channel: 'C1', threadTs: null, text: 'hi' });
    await settle();
    expect(session.getState().drafts).toMatchObject([{ clientKey: 'key', failed: true }]);
    fails = false;
    session.retry('key');
    await settle();
    expect(session.getState().drafts).toEqual([]);
    expect(keys).toEqual(['key', 'key']);
  });

  it('does not overwrite what came live about it', async () => {
    const { session, settle, live } = open();
    await settle();
    session.send({ channel: 'C1', threadTs: null, text: 'hi' });
    live({ type: 'message', message: message('9.0', { user: 'U1', clientKey: 'key', replyCount: 1 }) });
    await settle();
    expect(session.getState().messages.C1?.['9.0']).toMatchObject({ replyCount: 1 });
  });

  it.each([
    [true, '9.0'],
    [false, null],
  ])('opens its thread at the first answer when there is room (%p)', async (wide, thread) => {
    const { session, settle, live } = open({}, wide);
    await settle();
    session.send({ channel: 'C1', threadTs: null, text: 'hi' });
    await settle();
    live({ type: 'status', channel: 'C1', threadTs: '9.0', user: 'U3', status: '…' });
    expect(session.getState().place.thread).toBe(thread);
    session.go({ thread: null });
    live({ type: 'message', message: message('10.0', { threadTs: '9.0', user: 'U3' }) });
    expect(session.getState().place.thread).toBeNull();
  });
});

it('opens the thread also when the answer is faster than the request', async () => {
  let respond: (sent: Message) => void = () => undefined;
  const { session, settle, live } = open({
    send: () =>
      new Promise<Message>((resolve) => {
        respond = resolve;
      }),
  });
  await settle();
  session.send({ channel: 'C1', threadTs: null, text: 'hi' });
  const sent = message('9.0', { user: 'U1', clientKey: 'key' });
  live({ type: 'message', message: sent });
  live({ type: 'message', message: message('10.0', { threadTs: '9.0', user: 'U3' }) });
  expect(session.getState().place.thread).toBe('9.0');
  session.go({ thread: null });
  respond(sent);
  await settle();
  live({ type: 'message', message: message('11.0', { threadTs: '9.0', user: 'U3' }) });
  expect(session.getState().place.thread).toBeNull();
});

describe('the line', () => {
  it('is opened again, and what is shown is loaded again', async () => {
    const { session, sockets, timers, calls, setPage, settle } = open();
    sockets[0]?.onOpen();
    await settle();
    sockets[0]?.onClose();
    expect(session.getState().connected).toBe(false);
    setPage({ messages: [message('5.0')], hasMore: false });
    for (const run of timers.splice(0)) run();
    expect(sockets).toHaveLength(2);
    calls.length = 0;
    sockets[1]?.onOpen();
    await settle();
    expect(session.getState().connected).toBe(true);
    expect(calls).toContainEqual(['messages', { channel: 'C1', thread: null, before: null }]);
    expect(rootsOf(session.getState().messages.C1).map(({ ts }) => ts)).toEqual(['5.0']);
  });

  it('keeps what comes live while a page is on its way', async () => {
    let answer: (page: MessagePage) => void = () => undefined;
    const { session, live, settle } = open({
      messages: () =>
        new Promise<MessagePage>((resolve) => {
          answer = resolve;
        }),
    });
    live({ type: 'message', message: message('2.0', { ephemeralFor: 'U1' }) });
    live({ type: 'message', message: message('3.0', { text: 'live' }) });
    answer({ messages: [message('1.0'), message('3.0', { text: 'stale' })], hasMore: false });
    await settle();
    expect(session.getState().messages.C1?.['3.0']?.text).toBe('live');
    expect(rootsOf(session.getState().messages.C1)).toHaveLength(3);
  });

  it('loads again when streamed text has a gap', async () => {
    const { calls, live, setPage, session, settle } = open();
    const streamed = message('1.0', { threadTs: '0.5', text: 'ab', streaming: true, markdown: true });
    await settle();
    live({ type: 'message', message: streamed });
    setPage({ messages: [message('0.5', { threadTs: '0.5' }), { ...streamed, text: 'abcdef' }], hasMore: false });
    live({ type: 'stream', channel: 'C1', ts: '1.0', at: 4, text: 'ef' });
    await settle();
    expect(calls).toContainEqual(['messages', { channel: 'C1', thread: '0.5', before: null }]);
    expect(session.getState().messages.C1?.['1.0']?.text).toBe('abcdef');
  });

  it('asks for a new page when the token is refused', async () => {
    const { unauthorized, settle } = open({
      messages: async () => {
        throw new ApiError(401, 'invalid_token', '');
      },
    });
    await settle();
    expect(unauthorized()).toBe(1);
  });
});

describe('what the person does', () => {
  it('takes a reaction back that the server refused, and says so', async () => {
    const { session, setPage, settle } = open({ react: refuse });
    setPage({ messages: [message('1.0')], hasMore: false });
    await session.reload();
    const done = session.react({ channel: 'C1', ts: '1.0' }, 'mag', true);
    expect(session.getState().messages.C1?.['1.0']?.reactions).toEqual([{ name: 'mag', users: ['U1'] }]);
    await done;
    await settle();
    expect(session.getState().messages.C1?.['1.0']?.reactions).toEqual([]);
    expect(session.getState().notices).toMatchObject([{ about: 'reaction', detail: 'no line' }]);
  });

  it('says once up to where the channel was read', async () => {
    const { session, calls, timers, setPage, settle } = open();
    setPage({ messages: [message('1.0'), message('2.0')], hasMore: false });
    await session.reload();
    await settle();
    for (const run of timers.splice(0)) run();
    session.seen();
    for (const run of timers.splice(0)) run();
    expect(calls.filter(([name]) => name === 'read')).toEqual([['read', { channel: 'C1', ts: '2.0' }]]);
  });

  it('tells a bot that its direct messages were opened', async () => {
    const { session, calls } = open();
    session.go({ channel: 'D1' });
    expect(calls).toContainEqual(['direct', { with: 'U3' }]);
  });

  it('hands back a form’s errors and closes it when it was taken', async () => {
    const errors = { said: 'too short' };
    const view = { id: 'V1', title: '', submit: 'ok', close: null, blocks: [], callbackId: '', hash: '' };
    const refused = open({ submitView: async () => ({ closed: false, errors }) });
    refused.live({ type: 'view_opened', view });
    expect(await refused.session.submitView('V1', {})).toEqual(errors);
    expect(refused.session.getState().views).toHaveLength(1);
    const taken = open();
    taken.live({ type: 'view_opened', view });
    expect(await taken.session.submitView('V1', {})).toEqual({});
    expect(taken.session.getState().views).toEqual([]);
  });

  it('loads older messages before the oldest', async () => {
    const { session, calls, setPage } = open();
    setPage({ messages: [message('4.0'), message('5.0')], hasMore: true });
    await session.reload();
    setPage({ messages: [message('3.0')], hasMore: false });
    await session.loadOlder('C1', null);
    expect(calls).toContainEqual(['messages', { channel: 'C1', thread: null, before: '4.0' }]);
    await session.loadOlder('C1', null);
    expect(rootsOf(session.getState().messages.C1)).toHaveLength(3);
    expect(calls.filter(([name]) => name === 'messages').length).toBeLessThanOrEqual(3);
  });
});

describe('requests', () => {
  const answer = (status: number, body: unknown) => {
    const seen: { url: string; init: RequestInit }[] = [];
    const fetch = (async (url: string, init: RequestInit) => {
      seen.push({ url, init });
      return new Response(JSON.stringify(body), { status });
    }) as unknown as typeof globalThis.fetch;
    return { seen, api: createApi({ token: 't', person: 'U1', fetch }) };
  };

  it('name the person and carry the token', async () => {
    const { seen, api } = answer(200, { messages: [] as Message[], hasMore: false });
    await api.messages({ channel: 'C1', thread: '1.0', before: null });
    expect(seen[0]?.url).toBe('/local/messages?channel=C1&thread=1.0');
    expect(seen[0]?.init.headers).toMatchObject({ authorization: 'Bearer t', 'x-tenkyo-person': 'U1' });
  });

  it('fail with what the server said', async () => {
    const { api } = answer(409, { error: 'element_not_found', message: 'This element is no longer there.' });
    await expect(api.react({ channel: 'C1', ts: '1.0', name: 'mag', on: true })).rejects.toMatchObject({
      status: 409,
      code: 'element_not_found',
      message: 'This element is no longer there.',
    });
  });
});
