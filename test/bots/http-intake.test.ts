import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Bot, createBot } from '../../bots/bot.ts';
import { createHttpIntake, type HttpIntake } from '../../bots/http-intake.ts';
import { describeApp } from '../../bots/local-app.ts';
import type { Playground } from '../../playground/server/options.ts';
import { createPlayground } from '../../playground/server/playground.ts';
import { systemClock } from '../../src/clock.ts';
import { createLogger } from '../../src/telemetry/log.ts';

const app = { name: 'demo-model', roles: ['model'] } as const;
const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
const bodyLimit = 16_384;

describe('requests from Slack by HTTP', () => {
  let directory: string;
  let playground: Playground;
  let intake: HttpIntake;
  let bot: Bot;
  let url: string;
  let seen: string[];
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tenkyo-http-'));
    seen = [];
    const logger = createLogger({ directory: null, level: 'silent' });
    const shared = { clock: systemClock, logger };
    playground = await createPlayground({
      file: join(directory, 'workspace.sqlite'),
      host: '127.0.0.1',
      port: 0,
      apps: [describeApp(app)],
      suggestions: [],
      pageDirectory: null,
      clock: systemClock,
    });
    intake = createHttpIntake({ listen: { host: '127.0.0.1', port: 0 }, bodyLimit, ...shared });
    bot = createBot({
      app,
      tokens: { ...playground.tokensOf(app.name), appToken: null, signingSecret },
      intake,
      slackApiUrl: playground.slackApiUrl,
      roles: [
        ({ bolt }) => {
          bolt.event('app_mention', async ({ event }) => void seen.push(event.text));
          bolt.command('/tenkyo', async ({ ack, command }) => ack(`heard ${command.text}`));
          bolt.action('press', async ({ ack }) => {
            seen.push('pressed');
            await ack();
          });
        },
      ],
      admins: { users: [], userGroup: null },
      ...shared,
    });
    url = `${await intake.open()}/slack/demo-model/events`;
    await bot.start();
  });
  afterEach(async () => {
    await bot.stop();
    await intake.close();
    await playground.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const now = (): number => Math.floor(Date.now() / 1_000);
  const sign = (body: string, stamp: number, secret = signingSecret): Record<string, string> => ({
    'x-slack-request-timestamp': String(stamp),
    'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex')}`,
  });
  const post = (body: string, headers: Record<string, string>, to = url): Promise<Response> =>
    fetch(to, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const mention = (text: string): string =>
    JSON.stringify({
      type: 'event_callback',
      team_id: 'T1',
      api_app_id: 'A1',
      event_id: 'Ev1',
      event_time: now(),
      event: { type: 'app_mention', user: 'U1', channel: 'C1', text, ts: '1.000001', event_ts: '1.000001' },
      authorizations: [
        { enterprise_id: null, team_id: 'T1', user_id: 'U1', is_bot: true, is_enterprise_install: false },
      ],
    });

  it('hands signed events, commands and buttons to the handlers', async () => {
    const body = mention('hello');
    expect((await post(body, sign(body, now()))).status).toBe(200);

    const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const command = form({ command: '/tenkyo', text: 'status', user_id: 'U1', team_id: 'T1', channel_id: 'C1' });
    const answered = await post(command, { ...sign(command, now()), ...type });
    expect([answered.status, await answered.text()]).toEqual([200, 'heard status']);

    const payload = {
      type: 'block_actions',
      user: { id: 'U1' },
      team: { id: 'T1' },
      actions: [{ type: 'button', action_id: 'press', block_id: 'b', value: '1', action_ts: '1.0' }],
    };
    const press = form({ payload: JSON.stringify(payload) });
    expect((await post(press, { ...sign(press, now()), ...type })).status).toBe(200);
    expect(seen.toSorted()).toEqual(['hello', 'pressed']);
  });

  it('answers the challenge only of those who can sign', async () => {
    const body = JSON.stringify({ type: 'url_verification', token: 'x', challenge: '3eZbrw1aB' });
    const answer = await post(body, sign(body, now()));
    expect([answer.status, await answer.json()]).toEqual([200, { challenge: '3eZbrw1aB' }]);
    expect((await post(body, sign(body, now(), 'another secret'))).status).toBe(401);
  });

  it.each([
    [
      'no signature',
      (body: string) => ({ 'x-slack-request-timestamp': sign(body, now())['x-slack-request-timestamp']! }),
    ],
    ['no timestamp', (body: string) => ({ 'x-slack-signature': sign(body, now())['x-slack-signature']! })],
    ['a signature of another secret', (body: string) => sign(body, now(), 'not ours')],
    ['a signature of another body', (body: string) => sign(`${body} `, now())],
    [
      'a signature of another time',
      (body: string) => ({ ...sign(body, now() - 60), 'x-slack-request-timestamp': String(now()) }),
    ],
    ['a replay after the window', (body: string) => sign(body, now() - 301)],
    ['a timestamp in the future', (body: string) => sign(body, now() + 320)],
    ['a timestamp that is none', (body: string) => ({ ...sign(body, now()), 'x-slack-request-timestamp': 'NaN' })],
  ])('refuses %s', async (_, headers) => {
    const body = mention('forged');
    const response = await post(body, headers(body));
    expect([response.status, await response.text()]).toEqual([401, '']);
    expect(seen).toEqual([]);
  });

  it('refuses other paths, methods and apps', async () => {
    const body = mention('elsewhere');
    expect((await post(body, sign(body, now()), new URL('/slack/events', url).href)).status).toBe(404);
    expect((await post(body, sign(body, now()), new URL('/slack/other/events', url).href)).status).toBe(404);
    expect((await fetch(url)).status).toBe(405);
    expect(seen).toEqual([]);
  });

  it('reads no more of a huge body than the limit, whether its length is told or not', async () => {
    const body = mention('x'.repeat(bodyLimit));
    expect((await post(body, sign(body, now()))).status).toBe(413);

    // Chunked and endless: the sender is cut off, not listened to.
    const { status, sent } = await new Promise<{ status: number; sent: number }>((done, fail) => {
      let sentBytes = 0;
      const chunk = 'y'.repeat(8_192);
      const sending = request(url, {
        method: 'POST',
        headers: { ...sign('', now()), 'content-type': 'application/json' },
      });
      const timer = setInterval(() => {
        sending.write(chunk);
        sentBytes += chunk.length;
      }, 1);
      let code = 0;
      const end = () => {
        clearInterval(timer);
        if (code === 0) fail(new Error('cut off without an answer'));
        else done({ status: code, sent: sentBytes });
      };
      sending.on('response', (response) => {
        code = response.statusCode ?? 0;
        response.resume();
      });
      sending.on('error', end);
      sending.on('close', end);
    });
    expect(status).toBe(413);
    expect(sent).toBeLessThan(64 * bodyLimit);
    expect(seen).toEqual([]);
  });

  it('takes no more once the bot has stopped', async () => {
    await bot.stop();
    const body = mention('late');
    expect((await post(body, sign(body, now()))).status).toBe(404);
    await bot.start();
  });

  it('says which port is taken', async () => {
    const second = createHttpIntake({
      listen: { host: '127.0.0.1', port: Number(new URL(url).port) },
      bodyLimit,
      clock: systemClock,
      logger: createLogger({ directory: null, level: 'silent' }),
    });
    await expect(second.open()).rejects.toMatchObject({
      code: 'port_in_use',
      remedy: expect.stringContaining('SLACK_LISTEN'),
    });
  });
});
