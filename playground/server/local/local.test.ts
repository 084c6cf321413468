import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { POST_TEXT } from '../../../src/slack/limits.ts';
import type { MessagePage } from '../../protocol/messages.ts';
import { eventually } from '../testing/eventually.ts';
import { createWorkbench, type TestPerson, type Workbench } from '../testing/workbench.ts';

/** A request with any headers, Host too, that `fetch` would not let through. */
const send = (
  address: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string | null } = {},
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> =>
  new Promise((resolve, reject) => {
    const call = request(address, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    call.on('error', reject);
    // Null: a body is announced and never comes.
    if (body === null) call.flushHeaders();
    else call.end(body);
  });

describe('the interface of the page', () => {
  let bench: Workbench;
  let hanako: TestPerson;
  let alex: TestPerson;
  let channel: string;
  let pages: string;

  beforeEach(async () => {
    pages = mkdtempSync(join(tmpdir(), 'tenkyo-pages-'));
    mkdirSync(join(pages, 'built', 'assets'), { recursive: true });
    writeFileSync(join(pages, 'secret.txt'), 'secret');
    writeFileSync(join(pages, 'built', 'index.html'), '<!doctype html><html><head></head><body></body></html>');
    writeFileSync(join(pages, 'built', 'assets', 'main-1.js'), 'export {};');
    symlinkSync(join(pages, 'secret.txt'), join(pages, 'built', 'link.txt'));
    bench = await createWorkbench({ pageDirectory: join(pages, 'built') });
    hanako = await bench.person('hanako');
    alex = await bench.person('alex');
    channel = (await hanako.channel('playground')).id;
  });
  afterEach(async () => {
    await bench.close();
    rmSync(pages, { recursive: true, force: true });
  });

  const at = (path: string): string => `${bench.playground.url}${path}`;
  const authorization = (): string => `Bearer ${bench.playground.pageToken}`;
  const refusal = async (body: unknown, path = 'local/messages'): Promise<unknown> => {
    const answer = await hanako.ask('POST', path, body);
    return [answer.status, answer.body.error];
  };

  it('shows the workspace to a person as it is for them', async () => {
    const mine = await bench.bootstrap();
    expect(mine.me).toMatchObject({ name: 'hanako', locale: 'ja-JP', isAdmin: true, isBot: false });
    expect(mine.people.map(({ name }) => name)).toEqual(['hanako', 'alex', 'demo-model', 'demo-search']);
    expect(mine.channels.map(({ name }) => name).slice(0, 2)).toEqual(['playground', 'random']);
    expect(
      mine.channels
        .slice(2)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['Alex', 'demo-model', 'demo-search']);
    expect(mine.commands).toMatchObject([{ name: '/tenkyo', usageHint: 'status' }]);
    expect(mine.shortcuts).toMatchObject([{ callbackId: 'find' }]);
    expect(mine.suggestions).toEqual([{ locale: 'ja-JP', channel, text: 'かぜに抗生物質は効きますか？' }]);
  });

  it('answers nobody without the token, and for nobody but people', async () => {
    const bot = (await bench.bootstrap()).people.find(({ isBot }) => isBot)?.id ?? '';
    const ask = (headers: Record<string, string>) => send(at('local/bootstrap'), { headers });
    expect(await ask({})).toMatchObject({ status: 401 });
    expect(await ask({ authorization: 'Bearer x', 'x-tenkyo-person': hanako.id })).toMatchObject({ status: 401 });
    const unnamed = await ask({ authorization: authorization() });
    expect(JSON.parse(unnamed.text)).toMatchObject({ me: { id: hanako.id } });
    expect(await ask({ authorization: authorization(), 'x-tenkyo-person': 'U1' })).toMatchObject({ status: 403 });
    const asBot = await ask({ authorization: authorization(), 'x-tenkyo-person': bot });
    expect([asBot.status, JSON.parse(asBot.text)]).toEqual([
      403,
      expect.objectContaining({ error: 'bot_not_allowed' }),
    ]);
    expect(await send(at('local/faults'), { method: 'POST', body: '{}' })).toMatchObject({ status: 401 });
  });

  it('keeps other sites out', async () => {
    const { host } = new URL(bench.playground.url);
    const headers = { authorization: authorization(), 'x-tenkyo-person': hanako.id };
    const rebound = { ...headers, host: 'evil.example' };
    for (const path of ['', 'local/bootstrap', 'api/auth.test']) {
      expect(await send(at(path), { headers: rebound })).toMatchObject({ status: 403 });
    }
    const bootstrap = (origin: string) => send(at('local/bootstrap'), { headers: { ...headers, origin } });
    expect(await bootstrap('https://evil.example')).toMatchObject({ status: 403 });
    expect(await bootstrap('null')).toMatchObject({ status: 403 });
    expect(await bootstrap(`http://${host}`)).toMatchObject({ status: 200 });
    expect(
      await send(at('local/bootstrap'), { headers: { ...headers, host: `localhost:${host.split(':')[1]}` } }),
    ).toMatchObject({ status: 200 });

    const live = (token: string, options: object) => {
      const address = at(`local/live?person=${hanako.id}&token=${token}`).replace('http', 'ws');
      return new Promise<string>((resolve) => {
        const socket = new WebSocket(address, options);
        socket.once('error', ({ message }) => resolve(message));
        socket.once('open', () => {
          socket.terminate();
          resolve('open');
        });
      });
    };
    const { pageToken } = bench.playground;
    expect(await live(pageToken, {})).toBe('open');
    expect(await live('x', {})).toMatch(/401/);
    expect(await live(pageToken, { origin: 'https://evil.example' })).toMatch(/403/);
    expect(await live(pageToken, { headers: { host: 'evil.example' } })).toMatch(/403/);
  });

  it('serves the built page with what it must know, and nothing beside it', async () => {
    const index = await send(at(''));
    expect(index.headers['content-security-policy']).toContain("default-src 'self'");
    expect(index.headers['cache-control']).toBe('no-store');
    const [, seed] = /<script type="application\/json" id="tenkyo">(.*)<\/script><\/head>/.exec(index.text) ?? [];
    expect(JSON.parse(seed ?? '')).toEqual({ token: bench.playground.pageToken, defaultPerson: hanako.id });
    expect((await send(at('channels/playground'))).text).toBe(index.text);
    expect(await send(at('assets/main-1.js'))).toMatchObject({
      status: 200,
      headers: { 'content-type': expect.stringContaining('javascript'), 'x-content-type-options': 'nosniff' },
    });
    for (const path of [
      '../secret.txt',
      '%2e%2e/secret.txt',
      '..%2fsecret.txt',
      'link.txt',
      'none.js',
      '%00.js',
      '%zz.js',
    ]) {
      const { status, text } = await send(at(path));
      expect([path, status, text.includes('secret')]).toEqual([path, expect.any(Number), false]);
      expect(status).toBeGreaterThanOrEqual(400);
    }
  });

  it('takes a message with the key of its sender, and turns @name of a bot into a mention', async () => {
    const bot = (await bench.bootstrap()).people.find(({ name }) => name === 'demo-model')?.id;
    const sent = await hanako.post('local/messages', { channel, text: '@demo-model地震は？', clientKey: 'k1' });
    expect(sent).toMatchObject({ text: `<@${bot}>地震は？`, user: hanako.id, clientKey: 'k1', threadTs: null });
    const messages = await eventually(
      () => alex.seen.flatMap((event) => (event.type === 'message' ? [event.message] : [])),
      'the message',
    );
    expect(messages).toEqual([sent]);
  });

  it('says what is wrong with a message', async () => {
    const { ts } = await hanako.say(channel, 'x');
    expect(await refusal({ channel, text: 'x'.repeat(POST_TEXT + 1) })).toEqual([400, 'invalid_body']);
    expect(await refusal({ channel, text: ' ' })).toEqual([400, 'invalid_body']);
    expect(await refusal({ text: 'x' })).toEqual([400, 'invalid_body']);
    expect(await refusal({ channel: 'C1', text: 'x' })).toEqual([404, 'channel_not_found']);
    expect(await refusal({ channel, text: 'x', threadTs: '1.000000' })).toEqual([404, 'message_not_found']);
    expect(await refusal({ channel, ts, name: 'a b', on: true }, 'local/reactions')).toEqual([400, 'invalid_body']);
    expect(await refusal({ channel, command: '/none', text: '' }, 'local/commands')).toEqual([404, 'unknown_command']);
    expect(await refusal({ with: 'U1' }, 'local/directs')).toEqual([404, 'person_not_found']);
    const headers = { authorization: authorization(), 'x-tenkyo-person': hanako.id };
    const announced = { ...headers, 'content-length': String(2 << 20) };
    const large = await send(at('local/messages'), { method: 'POST', headers: announced, body: null });
    expect([large.status, JSON.parse(large.text).error]).toEqual([413, 'too_large']);
    const garbled = await send(at('local/messages'), { method: 'POST', headers, body: '{' });
    expect([garbled.status, JSON.parse(garbled.text)]).toEqual([
      400,
      { error: 'invalid_json', message: 'The body must be JSON.' },
    ]);
    expect(await send(at('local/none'), { headers })).toMatchObject({ status: 404 });
    expect((await hanako.ask('GET', `local/messages?channel=${channel}&limit=0`)).status).toBe(400);
  });

  it('shows the direct messages of two to these two only', async () => {
    const direct = (await hanako.channel('demo-model')).id;
    const { ts } = await hanako.say(direct, 'between us');
    expect((await alex.ask('GET', `local/messages?channel=${direct}`)).status).toBe(404);
    expect((await alex.ask('POST', 'local/messages', { channel: direct, text: 'x' })).status).toBe(404);
    const reaction = { channel: direct, ts, name: 'mag', on: true };
    expect((await alex.ask('POST', 'local/reactions', reaction)).status).toBe(404);
    await hanako.say(channel, 'to all');
    await eventually(() => alex.seen.some((event) => event.type === 'message'), 'the message to all');
    expect(JSON.stringify(alex.seen)).not.toContain('between us');
  });

  it('lets only its person press the buttons of an ephemeral message', async () => {
    const blocks = [
      {
        type: 'actions',
        block_id: 'b',
        elements: [{ type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'Press' } }],
      },
    ];
    const answer = await bench.api('chat.postEphemeral', { channel, user: hanako.id, text: 'psst', blocks });
    const use = {
      container: { type: 'message', channel, ts: answer.message_ts },
      action: { type: 'button', action_id: 'a', block_id: 'b' },
    };
    expect((await alex.ask('POST', 'local/actions', use)).status).toBe(404);
    expect((await hanako.ask('POST', 'local/actions', use)).status).toBe(200);
    const foreign = { ...use, action: { ...use.action, action_id: 'other' } };
    expect((await hanako.ask('POST', 'local/actions', foreign)).body).toMatchObject({ error: 'element_not_found' });
    expect(JSON.stringify(alex.seen)).not.toContain('psst');
  });

  it('pages back through a channel and through a thread', async () => {
    const { ts: root } = await hanako.say(channel, 'root 0');
    for (let index = 1; index < 5; index += 1) await hanako.say(channel, `root ${index}`);
    for (let index = 0; index < 5; index += 1) await hanako.say(channel, `reply ${index}`, root);
    const read = async (query: string) => {
      const { messages, hasMore } = await hanako.get<MessagePage>(`local/messages?channel=${channel}&limit=2${query}`);
      return { texts: messages.map(({ text }) => text), hasMore, oldest: messages[0]?.ts, next: messages[1]?.ts };
    };
    const last = await read('');
    expect(last).toMatchObject({ texts: ['root 3', 'root 4'], hasMore: true });
    expect(await read(`&before=${last.oldest}`)).toMatchObject({ texts: ['root 1', 'root 2'], hasMore: true });
    const thread = await read(`&thread=${root}`);
    expect(thread).toMatchObject({ texts: ['root 0', 'reply 3', 'reply 4'], hasMore: true });
    expect(await read(`&thread=${root}&before=${thread.next}`)).toMatchObject({
      texts: ['root 0', 'reply 1', 'reply 2'],
      hasMore: true,
    });
  });

  it('knows what a person has read', async () => {
    const { ts } = await hanako.say(channel, 'news');
    expect((await hanako.channel('playground')).unread).toBe(false);
    expect((await alex.channel('playground')).unread).toBe(true);
    await alex.post('local/read', { channel, ts });
    expect((await alex.channel('playground')).unread).toBe(false);
    await alex.post('local/read', { channel, ts: '1000000000.000000' });
    expect((await alex.channel('playground')).unread).toBe(false);
  });

  it('opens direct messages, and tells the app that its home is open', async () => {
    const opened: unknown[] = [];
    await bench.bolt((app) => {
      app.event('app_home_opened', async ({ event }) => {
        opened.push(event);
      });
    });
    const bot = (await bench.bootstrap()).people.find(({ name }) => name === 'demo-model');
    await eventually(
      () => hanako.seen.some((event) => event.type === 'person' && event.person.id === bot?.id && event.person.online),
      'the bot to be shown as online',
    );
    const direct = await hanako.post<{ id: string }>('local/directs', { with: bot?.id });
    expect(direct).toMatchObject({ kind: 'im', with: bot?.id, name: 'demo-model' });
    await eventually(() => opened.length === 1, 'the event');
    expect(opened[0]).toMatchObject({ user: hanako.id, channel: direct.id, tab: 'messages' });
  });
});
