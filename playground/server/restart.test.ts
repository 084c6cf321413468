import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { systemClock } from '../../src/clock.ts';
import { createPlayground } from './playground.ts';
import { eventually } from './testing/eventually.ts';
import { APPS, createWorkbench, type Workbench } from './testing/workbench.ts';

describe('a workspace that stops and starts', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench();
  });
  afterEach(() => bench.close());

  it('has everything as it was', async () => {
    const hanako = await bench.person('hanako');
    const { id } = await hanako.channel('playground');
    const question = await hanako.say(id, 'question');
    await hanako.say(id, 'follow-up', question.ts);
    await hanako.post('local/reactions', { channel: id, ts: question.ts, name: 'mag', on: true });
    const posted = await bench.api('chat.postMessage', {
      channel: id,
      thread_ts: question.ts,
      blocks: [{ type: 'divider', block_id: 'line' }],
      text: 'answer',
      metadata: { event_type: 'answer', event_payload: { key: 'k1' } },
    });
    const before = await hanako.thread(id, question.ts);
    const { pageToken } = bench.playground;
    const tokens = bench.playground.tokensOf('demo-model');

    await bench.restart();

    const again = await bench.person('hanako');
    expect(again.id).toBe(hanako.id);
    expect(await again.thread(id, question.ts)).toEqual(before);
    expect(before.map(({ text }) => text)).toEqual(['question', 'follow-up', 'answer']);
    expect(bench.playground.pageToken).toBe(pageToken);
    expect(bench.playground.tokensOf('demo-model')).toEqual(tokens);
    const replies = await bench.api('conversations.replies', {
      channel: id,
      ts: question.ts,
      include_all_metadata: true,
    });
    expect((replies.messages as { ts: string }[]).find(({ ts }) => ts === posted.ts)).toMatchObject({
      metadata: { event_type: 'answer', event_payload: { key: 'k1' } },
      blocks: [{ type: 'divider', block_id: 'line' }],
    });
  });

  it('keeps what was said while no bot was there, and delivers it once', async () => {
    const hanako = await bench.person('hanako');
    const { id } = await hanako.channel('playground');
    await hanako.say(id, 'first');
    await hanako.say(id, 'second');
    await bench.restart();
    const got: string[] = [];
    const listen = () =>
      bench.bolt((app) => {
        app.message(async ({ event }) => {
          if ('text' in event) got.push(event.text ?? '');
        });
      });
    await listen();
    await eventually(() => got.length >= 2, 'both messages');
    await bench.restart();
    await listen();
    await (await bench.person('hanako')).say(id, 'third');
    await eventually(() => got.includes('third'), 'the third message');
    expect(got).toEqual(['first', 'second', 'third']);
  });

  it('loses no event when Slack asks a bot to connect anew', async () => {
    const got: string[] = [];
    const { botToken, appToken } = bench.playground.tokensOf('demo-model');
    const clientOptions = { slackApiUrl: bench.playground.slackApiUrl, retryConfig: { retries: 0 } };
    const receiver = new SocketModeReceiver({
      appToken,
      clientPingTimeout: 300,
      logLevel: LogLevel.ERROR,
      installerOptions: { clientOptions },
    });
    const app = new App({ token: botToken, receiver, logLevel: LogLevel.ERROR, clientOptions });
    app.message(async ({ event }) => {
      if ('text' in event) got.push(event.text ?? '');
    });
    await app.start();
    const hanako = await bench.person('hanako');
    const { id } = await hanako.channel('playground');
    await hanako.say(id, 'before');
    await bench.fault({ order: 'disconnect', reason: 'refresh_requested' });
    for (const text of ['between', 'and after']) await hanako.say(id, text);
    await eventually(() => got.length === 3, 'all three');
    expect(got).toEqual(['before', 'between', 'and after']);
    await app.stop();
  });

  it('installs an app that came into the options, and shuts out one that left them', async () => {
    const { file } = bench;
    const { botToken } = bench.playground.tokensOf('demo-search');
    await bench.playground.close();
    const late = { name: 'late-comer', description: '', commands: [], shortcuts: [] };
    const [model] = APPS;
    const options = { file, host: '127.0.0.1', port: 0, suggestions: [], pageDirectory: null, clock: systemClock };
    const playground = await createPlayground({ ...options, apps: [...(model ? [model] : []), late] });
    const call = async (method: string, token: string) => {
      const response = await fetch(playground.slackApiUrl + method, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
      return (await response.json()) as Record<string, unknown>;
    };
    expect(await call('auth.test', botToken)).toEqual({ ok: false, error: 'account_inactive' });
    const { botToken: lateToken } = playground.tokensOf('late-comer');
    expect(await call('auth.test', lateToken)).toMatchObject({ ok: true, user: 'late-comer' });
    const joined = (await call('users.conversations', lateToken)).channels as { name: string }[];
    expect(joined.map(({ name }) => name)).toEqual(['playground']);
    expect(() => playground.tokensOf('demo-search')).toThrow(/no app named demo-search/);
    await playground.close();
    await bench.restart();
    expect(await bench.api('auth.test', {}, 'demo-search')).toMatchObject({ ok: true });
  });
});

describe('a workspace that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenkyo-killed-'));
  let child: ChildProcess | undefined;
  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('still has, and delivers, every message it answered for', async () => {
    const file = join(folder, 'workspace.sqlite');
    const source = `
      import { createPlayground } from './playground/server/playground.ts';
      import { systemClock } from './src/clock.ts';
      const playground = await createPlayground({ file: ${JSON.stringify(file)}, host: '127.0.0.1', port: 0,
        apps: ${JSON.stringify(APPS)}, suggestions: [], pageDirectory: null, clock: systemClock });
      console.log(JSON.stringify({ url: playground.url, token: playground.pageToken }));`;
    child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (!child.stdout) throw new Error('no output');
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url, token } = JSON.parse(line) as { url: string; token: string };
    const database = new DatabaseSync(file, { readOnly: true });
    const person = String(database.prepare("select id from people where name = 'alex'").get()?.id);
    const channel = String(database.prepare("select id from channels where name = 'playground'").get()?.id);
    database.close();
    const texts = Array.from({ length: 5 }, (_, index) => `message ${index}`);
    for (const text of texts) {
      const response = await fetch(`${url}local/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'x-tenkyo-person': person },
        body: JSON.stringify({ channel, text }),
      });
      expect(response.status).toBe(200);
    }
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;

    const bench = await createWorkbench({ file });
    const got: string[] = [];
    await bench.bolt((app) => {
      app.message(async ({ event }) => {
        if ('text' in event) got.push(event.text ?? '');
      });
    });
    await eventually(() => got.length === texts.length, 'all messages');
    expect(got).toEqual(texts);
    await bench.close();
  });
});

describe('a file that cannot be used', () => {
  const start = (file: string) =>
    createPlayground({
      file,
      host: '127.0.0.1',
      port: 0,
      apps: APPS,
      suggestions: [],
      pageDirectory: null,
      clock: systemClock,
    });
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-file-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is refused when it is no database', async () => {
    const file = join(folder, 'workspace.sqlite');
    writeFileSync(file, 'hello '.repeat(1_000));
    chmodSync(file, 0o600);
    await expect(start(file)).rejects.toMatchObject({ code: 'file_corrupt', where: file });
  });

  it('is refused when another version wrote it', async () => {
    const file = join(folder, 'workspace.sqlite');
    const database = new DatabaseSync(file);
    database.exec('pragma user_version = 99');
    database.close();
    await expect(start(file)).rejects.toMatchObject({ code: 'data_version', found: 'version 99' });
  });

  it('is readable by its owner alone', async () => {
    const file = join(folder, 'deep', 'workspace.sqlite');
    const playground = await start(file);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(statSync(`${file}-wal`).mode & 0o077).toBe(0);
    await playground.close();
  });

  it('lets a second workspace on the same port say so', async () => {
    const playground = await start(join(folder, 'one.sqlite'));
    const port = Number(new URL(playground.url).port);
    const second = createPlayground({
      file: join(folder, 'two.sqlite'),
      host: '127.0.0.1',
      port,
      apps: APPS,
      suggestions: [],
      pageDirectory: null,
      clock: systemClock,
    });
    await expect(second).rejects.toMatchObject({ code: 'port_in_use', where: `127.0.0.1:${port}` });
    await playground.close();
  });
});
