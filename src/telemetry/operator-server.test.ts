import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../clock.ts';
import { createHealth } from './health.ts';
import { createMetrics } from './metrics.ts';
import { type OperatorServer, openOperatorServer } from './operator-server.ts';

const listen = { host: '127.0.0.1', port: 0 };
const shared = { listen, metrics: createMetrics(), queues: [] };
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

describe("the operator's port without a password", () => {
  let server: OperatorServer;
  beforeEach(async () => {
    const health = createHealth({ queues: async () => Promise.reject(new Error('gone')) }, systemClock);
    server = await openOperatorServer({ ...shared, health, password: null, boardWrites: true });
  });
  afterEach(() => server.close());

  it('has metrics and no board', async () => {
    expect((await fetch(`${server.url}/metrics`)).status).toBe(200);
    expect((await fetch(`${server.url}/board`)).status).toBe(404);
    expect((await fetch(`${server.url}/board/api/queues`)).status).toBe(404);
  });

  it('lives while it is not ready', async () => {
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    const response = await fetch(`${server.url}/readyz`);
    expect([response.status, await response.json()]).toMatchObject([
      503,
      { ready: false, parts: { queues: { ready: false } } },
    ]);
  });

  it('says which port is taken', async () => {
    const port = Number(new URL(server.url).port);
    const health = createHealth({}, systemClock);
    await expect(
      openOperatorServer({ ...shared, listen: { ...listen, port }, health, password: null, boardWrites: false }),
    ).rejects.toMatchObject({ code: 'port_in_use', remedy: expect.stringContaining('OPERATOR_LISTEN') });
  });
});

describe("the operator's port with a password", () => {
  let server: OperatorServer;
  beforeEach(async () => {
    server = await openOperatorServer({
      ...shared,
      health: createHealth({}, systemClock),
      password: 'twelve letters',
      boardWrites: false,
    });
  });
  afterEach(() => server.close());

  it.each([
    ['nobody', {}],
    ['another password', basic('operator', 'twelve letterz')],
    ['another name', basic('admin', 'twelve letters')],
    ['a password that begins the same', basic('operator', 'twelve')],
    ['nonsense', { authorization: 'Basic ???' }],
  ])('keeps out %s', async (_, headers) => {
    for (const path of ['/metrics', '/board', '/board/', '/board/api/queues', '/board/static/x']) {
      const { status } = await fetch(`${server.url}${path}`, { headers: headers as Record<string, string> });
      expect([path, [400, 401].includes(status)]).toEqual([path, true]);
    }
  });

  it('lets in the operator, who changes nothing on a read-only board', async () => {
    const headers = basic('operator', 'twelve letters');
    expect((await fetch(`${server.url}/metrics`, { headers })).status).toBe(200);
    expect((await fetch(`${server.url}/board`, { headers })).status).toBe(200);
    const button = `${server.url}/board/api/queues/search/pause`;
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const own = { ...headers, origin: server.url };
      expect((await fetch(button, { method, headers: own })).status).toBe(405);
      // Another page, in the browser of somebody who is logged in.
      const foreign = { ...headers, origin: 'https://elsewhere.example' };
      expect((await fetch(button, { method, headers: foreign })).status).toBe(403);
    }
  });
});
