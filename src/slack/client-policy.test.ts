import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../clock.ts';
import { createLogger } from '../telemetry/log.ts';
import { createSlackClient, type SlackClient } from './client-policy.ts';

const logger = createLogger({ directory: null, level: 'silent' });

describe('the Slack client', () => {
  let server: Server;
  let client: SlackClient;
  let seen: { method: string; at: number }[];
  let answer: (method: string, response: ServerResponse) => void;

  const ok = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"ok":true,"ts":"1.1"}');
  };
  beforeEach(async () => {
    seen = [];
    answer = (_, response) => ok(response);
    server = createServer((request, response) => {
      const method = request.url?.split('/').at(-1) ?? '';
      seen.push({ method, at: Date.now() });
      request.resume();
      request.on('end', () => answer(method, response));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = createSlackClient({
      token: 'xoxb-test',
      slackApiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
      clock: systemClock,
      logger,
      timeoutMs: 300,
    });
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const post = () => client.call('chat.postMessage', async () => ({ channel: 'C1', text: 'x' }), { channel: 'C1' });
  const update = () => client.call('chat.update', async () => ({ channel: 'C1', ts: '1.1', text: 'x' }));

  it('waits as long as Slack says, for that method alone, and sends again', async () => {
    let refusals = 1;
    answer = (method, response) => {
      if (method !== 'chat.update' || refusals-- <= 0) return ok(response);
      response.writeHead(429, { 'retry-after': '1' });
      response.end();
    };
    const began = Date.now();
    const [updated, posted] = await Promise.all([update(), post()]);
    expect(updated.ok && posted.ok).toBe(true);
    expect(seen.filter(({ method }) => method === 'chat.update')).toHaveLength(2);
    const postedAt = seen.find(({ method }) => method === 'chat.postMessage')?.at ?? 0;
    expect(postedAt - began).toBeLessThan(900);
    expect((seen.at(-1)?.at ?? 0) - began).toBeGreaterThanOrEqual(1_000);
  });

  it('does not wait longer than the caller will', async () => {
    answer = (_, response) => {
      response.writeHead(429, { 'retry-after': '30' });
      response.end();
    };
    const reply = await client.call('chat.update', async () => ({ channel: 'C', ts: '1', text: '' }), {
      patienceMs: 500,
    });
    expect(reply).toMatchObject({ ok: false, failure: { kind: 'rate_limited' } });
  });

  it('takes the arguments at the last moment, and sends nothing when there are none or the wait is over', async () => {
    expect(await client.call('chat.update', async () => null)).toMatchObject({ failure: { kind: 'withdrawn' } });
    const stopped = await client.call('chat.update', async () => ({ channel: 'C', ts: '1', text: '' }), {
      signal: AbortSignal.abort(),
    });
    expect(stopped).toMatchObject({ failure: { kind: 'withdrawn' } });
    expect(seen).toEqual([]);
  });

  it.each([
    ['a 500', (response: ServerResponse) => void response.writeHead(500).end(), 'ambiguous', 'http_500'],
    ['a 503', (response: ServerResponse) => void response.writeHead(503).end(), 'ambiguous', 'http_503'],
    ['a cut connection', (response: ServerResponse) => void response.socket?.destroy(), 'ambiguous', 'UND_ERR_SOCKET'],
    ['silence', () => {}, 'ambiguous', 'timeout'],
    ['a 404', (response: ServerResponse) => void response.writeHead(404).end(), 'refused', 'http_404'],
    [
      'a body that is cut',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"ok":tr');
        setTimeout(() => response.socket?.destroy(), 20);
      },
      'ambiguous',
      expect.any(String),
    ],
    [
      'a refusal',
      (response: ServerResponse) => void response.end('{"ok":false,"error":"channel_not_found"}'),
      'refused',
      'channel_not_found',
    ],
    [
      'trouble at Slack',
      (response: ServerResponse) => void response.end('{"ok":false,"error":"internal_error"}'),
      'ambiguous',
      'internal_error',
    ],
  ])('sends once and says what %s means', async (_, respond, kind, code) => {
    answer = (_method, response) => respond(response);
    expect(await post()).toEqual({ ok: false, failure: { kind, code } });
    expect(seen).toHaveLength(1);
  });

  it('knows that nothing was sent when there is no connection', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    const away = createSlackClient({
      token: 'xoxb-test',
      slackApiUrl: `http://127.0.0.1:${port}/api/`,
      clock: systemClock,
      logger,
    });
    const reply = await away.call('auth.test', async () => ({}));
    expect(reply).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
  });
});
