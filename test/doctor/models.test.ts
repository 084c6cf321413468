import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { diagnose } from '../../main/doctor/diagnose.ts';
import type { Finding } from '../../main/doctor/finding.ts';
import { loadConfig } from '../../src/config/load.ts';
import { type PacedServerOptions, startPacedServer } from '../support/paced/paced-server.ts';
import { startStubServer } from '../support/stub-server.ts';

describe('tenkyo doctor, of model servers', () => {
  let cwd: string;
  const closing: (() => Promise<unknown>)[] = [];
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'tenkyo-doctor-'));
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    rmSync(cwd, { recursive: true, force: true });
  });

  /** What is found of a model's servers. `settings`: further ones of the model, YAML. */
  const findingsOf = async (urls: readonly string[], settings = 'apiModel: served-model'): Promise<Finding[]> => {
    const list = urls.map((url) => `"${url}"`).join(', ');
    writeFileSync(
      join(cwd, 'tenkyo.yaml'),
      `apps: [{ name: bot, roles: [model], model: big }]
models: [{ name: big, provider: openai, baseUrls: [${list}], ${settings} }]
`,
    );
    const load = async () =>
      loadConfig({ demonstration: resolve('demo/tenkyo.yaml'), cwd, env: { BIG_API_KEY: 'sk-marked' } });
    const findings = await diagnose(load, { port: 0 });
    expect(JSON.stringify(findings)).not.toContain('marked');
    return findings.filter(({ what }) => what.startsWith('model big at'));
  };
  const paced = async (options: PacedServerOptions) => {
    const server = await startPacedServer(options);
    closing.push(server.close);
    return server;
  };
  const json = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const stub = async (answer: Parameters<typeof startStubServer>[0]): Promise<string> => {
    const server = await startStubServer(answer);
    closing.push(server.close);
    return `${server.url}v1`;
  };

  it.each(['vllm', 'llama.cpp'] as const)(
    'finds nothing where %s answers, and asks it for no more than a token',
    async (dialect) => {
      const server = await paced({ dialect });
      const findings = await findingsOf([server.url]);
      const { host } = new URL(server.url);
      expect(findings).toMatchObject([
        { what: `model big at ${host}`, state: 'ok', found: 'served-model answers' },
        { what: `model big at ${host}: context`, state: 'ok', found: '4096 tokens' },
      ]);
      expect(server.requests).toMatchObject([
        { authorization: 'Bearer sk-marked', body: { max_tokens: 1 }, end: 'done' },
      ]);
    },
  );

  it('finds a server that nobody reaches, beside one that answers', async () => {
    const server = await paced({ dialect: 'vllm' });
    const gone = await startStubServer(() => undefined);
    await gone.close();
    const [first, , last] = await findingsOf([server.url, `${gone.url}v1`]);
    expect(first?.state).toBe('ok');
    expect(last).toMatchObject({
      state: 'fault',
      found: expect.stringContaining('ECONNREFUSED'),
      remedy: 'Start the server, or correct baseUrls of big.',
    });
  });

  it('finds a key that is refused: by the list of models, or only by the first question', async () => {
    const refusal = { error: 'Unauthorized' };
    const all = await stub((_, response) => json(response, 401, refusal));
    const question = await stub((request, response) =>
      request.url === '/v1/models'
        ? json(response, 200, { data: [{ id: 'model.gguf', owned_by: 'llamacpp' }] })
        : json(response, 401, refusal),
    );
    for (const url of [all, question]) {
      expect(await findingsOf([url])).toMatchObject([
        { state: 'fault', found: expect.stringContaining('key'), remedy: 'Set BIG_API_KEY in .env.' },
      ]);
    }
  });

  it('finds a model that the server does not have, and says which it has', async () => {
    const server = await paced({ dialect: 'vllm' });
    const [finding] = await findingsOf([server.url], 'apiModel: other');
    expect(finding).toMatchObject({
      state: 'fault',
      found: expect.stringMatching(/served-model.*"other"/),
      remedy: expect.stringContaining('apiModel'),
    });
    expect(server.requests).toEqual([]);
  });

  it('finds an address that is wrong: without /v1, or of another program', async () => {
    const server = await paced({ dialect: 'vllm' });
    const [without] = await findingsOf([`${server.url.replace(/\/v1$/, '')}/api`]);
    expect(without).toMatchObject({ state: 'fault', remedy: expect.stringContaining('/v1') });
    const page = await stub((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>It works!</html>'),
    );
    expect(await findingsOf([page])).toMatchObject([
      { state: 'fault', found: expect.stringContaining('no model server'), remedy: expect.stringContaining('/v1') },
    ]);
  });

  it('finds one that is still loading: a note, no fault', async () => {
    const url = await stub((_, response) => json(response, 503, { error: { message: 'Loading model' } }));
    expect(await findingsOf([url])).toMatchObject([
      { state: 'warning', found: expect.stringContaining('Loading model') },
    ]);
  });

  it('finds one that does not write while it thinks up an answer', async () => {
    const server = await paced({ dialect: 'vllm' });
    server.misbehave({ kind: 'page' });
    expect(await findingsOf([server.url])).toMatchObject([
      { state: 'fault', found: expect.stringContaining('text/event-stream') },
    ]);
  });

  it('finds more context declared than there is, none told, and none left for a question', async () => {
    const small = await paced({ dialect: 'llama.cpp', contextLength: 512 });
    const context = async (settings: string) =>
      (await findingsOf([small.url], `apiModel: served-model, ${settings}`))[1];
    expect(await context('contextLength: 8192, maxTokens: 256')).toMatchObject({
      state: 'fault',
      found: '8192 tokens declared, the server reads 512',
    });
    expect(await context('maxTokens: 512')).toMatchObject({
      state: 'fault',
      found: expect.stringContaining('no room for a question'),
      remedy: expect.stringContaining('maxTokens'),
    });
    expect(await context('maxTokens: 256')).toMatchObject({ state: 'ok', found: '512 tokens' });
    const answering = await paced({ dialect: 'vllm' });
    const silent = await stub(async (request, response, body) => {
      if (request.url === '/v1/models') return json(response, 200, { data: [{ id: 'served-model' }] });
      if (request.url === '/props') return json(response, 404, {});
      const reply = await fetch(new URL(request.url ?? '', answering.url), { method: 'POST', body });
      response.writeHead(reply.status, { 'content-type': 'text/event-stream' }).end(await reply.text());
    });
    const [, told] = await findingsOf([silent]);
    expect(told).toMatchObject({ state: 'warning', remedy: 'Declare contextLength of big.' });
  });
});
