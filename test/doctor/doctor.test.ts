import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { describeApp } from '../../bots/local-app.ts';
import { botScopes } from '../../bots/manifest/needs.ts';
import { checkNode } from '../../main/doctor/check-process.ts';
import { diagnose } from '../../main/doctor/diagnose.ts';
import type { Finding } from '../../main/doctor/finding.ts';
import { createPlayground } from '../../playground/server/playground.ts';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config/load.ts';
import { lockDirectory } from '../../src/store/pglite/directory-lock.ts';
import { runTenkyo } from '../support/running-tenkyo.ts';
import { type StubServer, startStubServer } from '../support/stub-server.ts';

const finder = { name: 'finder', roles: ['search'] } as const;
const yaml = 'apps: [{ name: finder, roles: [search] }]\n';
const tokens = { FINDER_BOT_TOKEN: 'xoxb-marked-1', FINDER_APP_TOKEN: 'xapp-marked-2' };

describe('tenkyo doctor', () => {
  let cwd: string;
  const closing: (() => Promise<unknown>)[] = [];
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'tenkyo-doctor-'));
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    rmSync(cwd, { recursive: true, force: true });
  });

  const examine = (declared: string, env: Record<string, string> = {}): Promise<Finding[]> => {
    writeFileSync(join(cwd, 'tenkyo.yaml'), declared);
    return diagnose(async () => loadConfig({ demonstration: resolve('demo/tenkyo.yaml'), cwd, env }), { port: 0 });
  };
  const about = (findings: readonly Finding[], what: string): Finding | undefined =>
    findings.find((finding) => finding.what === what);
  const stub = async (answer: Parameters<typeof startStubServer>[0]): Promise<StubServer> => {
    const server = await startStubServer(answer);
    closing.push(server.close);
    return server;
  };

  /** A Slack that says what it is told to: the reply of each method, the scopes, the first word on the socket. */
  const slackThat = async ({
    auth = { ok: true, team: 'Lab', user: 'finder', bot_id: 'B1' },
    open = { ok: true },
    scopes = botScopes(finder.roles, { admins: { userGroup: null }, corpora: [] }).map(({ scope }) => scope),
    word = { type: 'hello' },
    app = 'A1',
    channels = [{ id: 'C1' }],
  }: {
    auth?: object;
    open?: object;
    scopes?: readonly string[] | null;
    word?: object | null;
    app?: string;
    channels?: readonly object[];
  } = {}): Promise<string> => {
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(sockets, 'listening');
    sockets.on('connection', (socket) => {
      if (word !== null) socket.send(JSON.stringify(word));
      else socket.terminate();
    });
    closing.push(() => new Promise((done) => sockets.close(done)));
    const url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`;
    const { url: address } = await stub((request, response) => {
      const method = request.url?.split('/').at(-1);
      const replies: Record<string, object> = {
        'auth.test': auth,
        'bots.info': { ok: true, bot: { app_id: app } },
        'users.conversations': { ok: true, channels },
      };
      const reply = replies[method ?? ''] ?? { url, ...open };
      response.writeHead(200, {
        'content-type': 'application/json',
        ...(scopes !== null && { 'x-oauth-scopes': scopes.join(',') }),
      });
      response.end(JSON.stringify(reply));
    });
    return `${address}api/`;
  };
  const inSlack = async (options: Parameters<typeof slackThat>[0], env: Record<string, string> = tokens) =>
    examine(yaml, { ...env, SLACK_API_URL: await slackThat(options) });

  it('finds nothing against a Slack where all is right', async () => {
    const findings = await inSlack({});
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(about(findings, 'finder: bot token')?.found).toBe('finder in Lab');
    expect(about(findings, 'finder: Socket Mode')?.found).toBe('connected');
  });

  it.each([
    [
      'a token that was revoked',
      { auth: { ok: false, error: 'token_revoked' } },
      'finder: bot token',
      'Install the app',
    ],
    [
      'a token that is none',
      { auth: { ok: false, error: 'invalid_auth' } },
      'finder: bot token',
      'Copy the token again',
    ],
    [
      'an app that was removed',
      { auth: { ok: false, error: 'account_inactive' } },
      'finder: bot token',
      'Install the app',
    ],
    ['a missing scope', { scopes: ['chat:write', 'users:read'] }, 'finder: scopes', 'tenkyo manifest finder'],
    [
      'an app token without its scope',
      { open: { ok: false, error: 'missing_scope' } },
      'finder: Socket Mode',
      'connections:write',
    ],
    [
      'an app token of another kind',
      { open: { ok: false, error: 'not_allowed_token_type' } },
      'finder: Socket Mode',
      'xapp-',
    ],
    [
      'Socket Mode that is off',
      { word: { type: 'disconnect', reason: 'link_disabled' } },
      'finder: Socket Mode',
      'Turn Socket Mode on',
    ],
    ['a firewall before the socket', { word: null }, 'finder: Socket Mode', 'wss://'],
    [
      'the tokens of two apps',
      { word: { type: 'hello', connection_info: { app_id: 'A2' } } },
      'finder: Socket Mode',
      'of one app',
    ],
  ])('finds %s', async (_, slack, what, remedy) => {
    const findings = await inSlack(slack);
    expect(about(findings, what)).toMatchObject({ state: 'fault', remedy: expect.stringContaining(remedy) });
    expect(JSON.stringify(findings)).not.toMatch(/marked/);
  });

  it('names the scopes that are missing, and asks no socket of those who take HTTP', async () => {
    const findings = await examine(`${yaml}slack: { receive: http, publicUrl: "https://bots.example.org" }`, {
      FINDER_BOT_TOKEN: 'xoxb-1',
      FINDER_SIGNING_SECRET: 's',
      SLACK_LISTEN: '0',
      SLACK_API_URL: await slackThat({ scopes: ['chat:write'] }),
    });
    expect(about(findings, 'finder: scopes')?.found).toContain('reactions:read');
    expect(about(findings, 'finder: Socket Mode')).toBeUndefined();
  });

  it('finds an app that nobody has invited, and one token given to two apps', async () => {
    const alone = await inSlack({ channels: [], word: { type: 'hello', connection_info: { app_id: 'A1' } } });
    expect(alone.filter(({ state }) => state !== 'ok')).toMatchObject([
      { what: 'finder: channels', state: 'warning', remedy: 'Write `/invite @finder` in a channel.' },
    ]);
    const twice = await examine('apps: [{ name: finder, roles: [search] }, { name: twin, roles: [admin] }]\n', {
      ...tokens,
      TWIN_BOT_TOKEN: tokens.FINDER_BOT_TOKEN,
      TWIN_APP_TOKEN: 'xapp-marked-3',
      SLACK_API_URL: await slackThat(),
    });
    expect(about(twice, 'twin: tokens')).toMatchObject({ state: 'fault', found: 'the same bot token as finder' });
    expect(JSON.stringify(twice)).not.toMatch(/marked/);
  });

  it('finds a Slack that nobody reaches', async () => {
    const server = await startStubServer(() => undefined);
    await server.close();
    const findings = await examine(yaml, { ...tokens, SLACK_API_URL: `${server.url}api/` });
    expect(about(findings, 'finder: bot token')).toMatchObject({ state: 'fault', found: 'ECONNREFUSED' });
  });

  it('says that scopes are unknown where the server does not tell them: the local workspace', async () => {
    const playground = await createPlayground({
      file: join(cwd, 'workspace.sqlite'),
      host: '127.0.0.1',
      port: 0,
      apps: [describeApp(finder)],
      suggestions: [],
      pageDirectory: null,
      clock: systemClock,
    });
    closing.push(playground.close);
    const { botToken, appToken } = playground.tokensOf('finder');
    const findings = await examine(yaml, {
      FINDER_BOT_TOKEN: botToken,
      FINDER_APP_TOKEN: appToken,
      SLACK_API_URL: playground.slackApiUrl,
    });
    expect(about(findings, 'finder: bot token')?.state).toBe('ok');
    expect(about(findings, 'finder: Socket Mode')?.state).toBe('ok');
    expect(about(findings, 'finder: scopes')?.state).toBe('warning');
  });

  it('finds mixed-up tokens before anything is asked', async () => {
    const findings = await examine(yaml, { FINDER_BOT_TOKEN: 'xapp-marked', FINDER_APP_TOKEN: 'xoxb-marked' });
    expect(about(findings, 'configuration')).toMatchObject({ state: 'fault' });
    expect(about(findings, 'configuration')?.found).toMatch(
      /FINDER_BOT_TOKEN: found an app-level token.*FINDER_APP_TOKEN: found a bot token/s,
    );
    expect(JSON.stringify(findings)).not.toMatch(/marked/);
  });

  it('finds servers that are down, too old, or not what they should be', async () => {
    const gone = await startStubServer(() => undefined);
    await gone.close();
    const old = await stub((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' });
      response.end(JSON.stringify({ version: { number: '8.17.0' }, tagline: 'You Know, for Search' }));
    });
    const down = await examine(yaml, { ELASTICSEARCH_URL: gone.url, QDRANT_URL: gone.url });
    expect(about(down, 'Elasticsearch')).toMatchObject({ state: 'fault', remedy: expect.any(String) });
    expect(about(down, 'Qdrant')).toMatchObject({ state: 'fault', remedy: expect.any(String) });
    const aged = await examine(yaml, { ELASTICSEARCH_URL: old.url, QDRANT_URL: old.url });
    expect(about(aged, 'Elasticsearch')?.found).toContain('8.17.0');
    expect(about(aged, 'Qdrant')?.state).toBe('fault');
  });

  it('finds Elasticsearch without the plugin that the configuration wants', async () => {
    const server = await stub((request, response) => {
      const analyze = request.url?.includes('_analyze') === true;
      response.writeHead(analyze ? 400 : 200, {
        'content-type': 'application/json',
        'x-elastic-product': 'Elasticsearch',
      });
      response.end(
        JSON.stringify(
          analyze ? { error: { type: 'illegal_argument_exception' }, status: 400 } : { version: { number: '9.5.1' } },
        ),
      );
    });
    const findings = await examine(yaml, { ELASTICSEARCH_URL: server.url, ELASTICSEARCH_KUROMOJI: 'true' });
    expect(about(findings, 'Elasticsearch')?.found).toContain('analysis-kuromoji');
  });

  it('finds an embedding server that refuses the key, and vectors of another length', async () => {
    const embedding = (address: string) =>
      `${yaml}embedding: { provider: openai, baseUrl: "${address}v1", model: m, dimensions: 3, encoding: float }`;
    const refusing = await stub((_, response) => response.writeHead(401).end('{}'));
    expect(about(await examine(embedding(refusing.url)), 'embedding server')?.state).toBe('fault');
    const short = await stub((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ data: [{ index: 0, embedding: [1, 0] }], model: 'm' }));
    });
    expect(about(await examine(embedding(short.url)), 'embedding server')).toMatchObject({
      state: 'fault',
      found: expect.stringMatching(/\b2\b/),
    });
  });

  it('finds missing files', async () => {
    const findings = await examine(`${yaml}
models: [{ name: m, provider: onnx, path: no-model }]
runs: [{ name: r, file: no-run.json }]
corpora: [{ name: c, documents: "no/*.jsonl" }]
embedding: { provider: onnx, path: no-embedder }`);
    for (const what of ['model m', 'embedding model', 'run r', 'corpus c']) {
      expect(about(findings, what)).toMatchObject({ state: 'fault', remedy: expect.any(String) });
    }
    expect(about(findings, 'index of c')).toMatchObject({
      state: 'warning',
      remedy: expect.stringContaining('tenkyo index c'),
    });
  });

  it('finds an index that was made with another embedding model', async () => {
    const declared = (embedder: string) => `${yaml}
corpora: [{ name: c, documents: "c.jsonl" }]
embedding: { provider: onnx, path: "${embedder}", queryPrefix: "${embedder === '' ? '' : 'q: '}" }`;
    writeFileSync(join(cwd, 'c.jsonl'), `${JSON.stringify({ id: '1', text: '鯰が地震を起こすという。' })}\n`);
    const embedder = resolve('demo/models/embedder');
    writeFileSync(join(cwd, 'tenkyo.yaml'), declared(embedder).replace('q: ', ''));
    expect(await runTenkyo(['index'], { cwd })).toMatchObject({ code: 0 });
    const fine = await examine(declared(embedder).replace('q: ', ''));
    expect(about(fine, 'index of c')?.state).toBe('ok');
    expect(about(await examine(declared(embedder)), 'index of c')).toMatchObject({
      state: 'fault',
      remedy: expect.stringContaining('tenkyo index'),
    });
  });

  it('finds a data directory that is no folder, one of another version, and one that somebody has', async () => {
    writeFileSync(join(cwd, 'file'), '');
    expect(about(await examine(yaml, { TENKYO_DATA: 'file/data' }), 'data directory')).toMatchObject({
      state: 'fault',
      remedy: expect.stringContaining('TENKYO_DATA'),
    });
    mkdirSync(join(cwd, 'newer'));
    writeFileSync(join(cwd, 'newer', 'version'), '99\n');
    expect(about(await examine(yaml, { TENKYO_DATA: 'newer' }), 'data directory')?.found).toContain('version 99');
    const lock = lockDirectory(join(cwd, 'locked', 'database'));
    const locked = await examine(yaml, { TENKYO_DATA: 'locked' });
    lock.release();
    expect(about(locked, 'data directory')).toMatchObject({
      state: 'fault',
      remedy: expect.stringContaining(`process ${process.pid}`),
    });
  });

  it('finds a port that another program uses', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    closing.push(() => new Promise((done) => other.close(done)));
    const { port } = other.address() as AddressInfo;
    const findings = await examine(yaml, { OPERATOR_LISTEN: String(port) });
    expect(about(findings, 'port of the operator')).toMatchObject({
      state: 'fault',
      remedy: expect.stringContaining('OPERATOR_LISTEN'),
    });
    expect(about(findings, 'port of the local workspace')?.state).toBe('ok');
  });

  it('finds an old Node', async () => {
    expect(await checkNode('22.1.0')).toMatchObject({ state: 'fault', remedy: expect.stringContaining('Node 24') });
  });

  it('prints a table and exits 1 on a fault, or one JSON document', async () => {
    writeFileSync(join(cwd, 'tenkyo.yaml'), `${yaml}runs: [{ name: r, file: lost.json }]`);
    const table = await runTenkyo(['doctor', '--port', '0'], { cwd });
    expect(table.code).toBe(1);
    expect(table.stdout).toMatch(/FAULT {2}run r/);
    expect(table.stdout).toContain('→ ');
    writeFileSync(join(cwd, 'tenkyo.yaml'), yaml);
    const { code, stdout } = await runTenkyo(['doctor', '--port', '0', '--json'], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      findings: expect.arrayContaining([expect.objectContaining({ what: 'Node', state: 'ok' })]),
    });
  });
});
