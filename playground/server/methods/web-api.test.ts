import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogLevel, WebClient } from '@slack/web-api';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { createWorkbench, type TestPerson, type Workbench } from '../testing/workbench.ts';

type Json = Record<string, unknown>;

describe('calling the Web API', () => {
  let clock: ManualClock;
  let bench: Workbench;
  let hanako: TestPerson;
  let channel: string;

  beforeEach(async () => {
    clock = createManualClock();
    bench = await createWorkbench({ clock });
    hanako = await bench.person('hanako');
    channel = (await hanako.channel('playground')).id;
  });
  afterEach(() => bench.close());

  const page = async (ts: string) => (await hanako.thread(channel, ts))[0];

  describe('access', () => {
    const raw = async (method: string, init: RequestInit) =>
      (await fetch(bench.playground.slackApiUrl + method, { method: 'POST', ...init })).json();

    it('wants a token that it knows, of the right kind', async () => {
      const { botToken, appToken } = bench.playground.tokensOf('demo-model');
      const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
      expect(await raw('auth.test', {})).toEqual({ ok: false, error: 'not_authed' });
      expect(await raw('auth.test', bearer('xoxb-no'))).toEqual({ ok: false, error: 'invalid_auth' });
      expect(await raw('auth.test', bearer(appToken))).toEqual({ ok: false, error: 'not_allowed_token_type' });
      expect(await raw('apps.connections.open', bearer(botToken))).toMatchObject({ error: 'not_allowed_token_type' });
      expect(await raw('auth.test', { body: new URLSearchParams({ token: botToken }) })).toMatchObject({ ok: true });
      expect(await raw('chat.scheduleMessage', bearer(botToken))).toEqual({ ok: false, error: 'unknown_method' });
      expect(await raw('constructor', bearer(botToken))).toEqual({ ok: false, error: 'unknown_method' });
    });

    it('reads JSON and forms alike', async () => {
      const { botToken } = bench.playground.tokensOf('demo-model');
      const blocks = [{ type: 'divider', block_id: 'line' }];
      const form = new URLSearchParams({ token: botToken, channel, text: 'form', blocks: JSON.stringify(blocks) });
      const answer = (await raw('chat.postMessage', { body: form })) as Json;
      expect(await page(String(answer.ts))).toMatchObject({ text: 'form', blocks });
      const headers = { authorization: `Bearer ${botToken}`, 'content-type': 'application/json' };
      expect(await raw('chat.postMessage', { headers, body: '{' })).toEqual({ ok: false, error: 'invalid_json' });
      expect(await raw('chat.postMessage', { headers, body: '[]' })).toEqual({ ok: false, error: 'json_not_object' });
    });
  });

  describe('on a bad day', () => {
    const client = () =>
      new WebClient(bench.playground.tokensOf('demo-model').botToken, {
        slackApiUrl: bench.playground.slackApiUrl,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        logLevel: LogLevel.ERROR,
      });
    const call = (fault: Json, times = 1) => bench.fault({ order: 'call', method: 'chat.postMessage', times, fault });
    const texts = async () =>
      (await hanako.get<{ messages: { text: string }[] }>(`local/messages?channel=${channel}`)).messages.map(
        ({ text }) => text,
      );

    it('limits the rate', async () => {
      await call({ kind: 'rate_limited', retryAfter: 7 }, 2);
      for (let count = 0; count < 2; count += 1) {
        await expect(client().chat.postMessage({ channel, text: 'x' })).rejects.toMatchObject({ retryAfter: 7 });
      }
      await client().chat.postMessage({ channel, text: 'third' });
      expect(await texts()).toEqual(['third']);
    });

    it('does what it was asked and then fails', async () => {
      await call({ kind: 'apply_then_500' });
      await expect(client().chat.postMessage({ channel, text: 'one' })).rejects.toMatchObject({ statusCode: 500 });
      await call({ kind: 'apply_then_drop' });
      await expect(client().chat.postMessage({ channel, text: 'two' })).rejects.toMatchObject({
        code: 'slack_webapi_request_error',
      });
      await call({ kind: 'error', error: 'fatal_error' });
      await expect(client().chat.postMessage({ channel, text: 'three' })).rejects.toMatchObject({
        data: { error: 'fatal_error' },
      });
      expect(await texts()).toEqual(['one', 'two']);
    });
  });
});
