import { afterEach, describe, expect, test } from '@jest/globals';
import {
  type Misbehaviour,
  type PacedServer,
  type PacedServerOptions,
  startPacedServer,
  tokensOf,
} from '../../../test/support/paced/paced-server.ts';
import { startStubServer } from '../../../test/support/stub-server.ts';
import { systemClock } from '../../clock.ts';
import type { GenerationPart, GenerationRequest, Prompt } from '../generator.ts';
import { createOpenAiGenerator, type OpenAiGenerator, type OpenAiGeneratorOptions } from './openai-generator.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
const text = 'いいえ。地震は地下の岩盤がずれて起こります。😀';
const serve = async (options: Partial<PacedServerOptions> = {}): Promise<PacedServer> => {
  const server = await startPacedServer({ dialect: 'vllm', answer: () => tokensOf(text), ...options });
  opened.push(server);
  return server;
};
const told: { facts: object; message: string }[] = [];
const connect = (servers: readonly { url: string }[], options: Partial<OpenAiGeneratorOptions> = {}): OpenAiGenerator =>
  createOpenAiGenerator({
    name: 'our-model',
    apiModel: 'served-model',
    apiKey: null,
    baseUrls: servers.map(({ url }) => url),
    tokenizer: null,
    contextLength: null,
    stop: [],
    reasoning: 'server',
    firstTokenMs: 10_000,
    idleMs: 5_000,
    firstWaitMs: 1,
    clock: systemClock,
    random: () => 0.5,
    log: { warn: (facts, message) => void told.push({ facts, message }) },
    ...options,
  });
const write = async (
  model: OpenAiGenerator,
  settings: Partial<GenerationRequest> = {},
): Promise<{ text: string; reasoning: string; end: Extract<GenerationPart, { type: 'end' }> }> => {
  const request = { prompt: 'なぜ?', maxTokens: 400, temperature: 0, topP: 1, signal: new AbortController().signal };
  const parts = await Array.fromAsync(model.generate({ ...request, ...settings }));
  const said = (type: string): string =>
    parts.flatMap((part) => ('text' in part && part.type === type ? [part.text] : [])).join('');
  const end = parts.at(-1);
  if (end?.type !== 'end') throw new Error('no end');
  return { text: said('text'), reasoning: said('reasoning'), end };
};
const chat: Prompt = [{ role: 'user', content: 'なぜ?' }];
const dialects = ['vllm', 'llama.cpp'] as const;
const faults = {
  reset: { kind: 'drop', after: 0 },
  loading: { kind: 'status', status: 503, message: 'Loading model' },
  busy: { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
  failing: { kind: 'status', status: 502 },
  unauthorised: { kind: 'status', status: 401 },
  refusing: { kind: 'status', status: 400, message: 'temperature must be non-negative' },
  'unknown-model': { kind: 'status', status: 404, message: 'The model `x` does not exist.' },
  page: { kind: 'page' },
  drop: { kind: 'drop', after: 3 },
  'no-finish': { kind: 'no-finish', after: 3 },
  'error-event': { kind: 'error-chunk', after: 3 },
  'bad-json': { kind: 'garbage', after: 3 },
  'gave-up': { kind: 'gives-up', after: 3 },
  hang: { kind: 'hang', after: 3 },
  'hang-first': { kind: 'hang', after: 0 },
  'slow-first': { kind: 'slow-first', ms: 600 },
  'no-finish-first': { kind: 'no-finish', after: 0 },
  'error-event-first': { kind: 'error-chunk', after: 0 },
  'bad-json-first': { kind: 'garbage', after: 0 },
  'gave-up-first': { kind: 'gives-up', after: 0 },
  unprocessable: { kind: 'status', status: 422, message: 'top_p must be positive' },
  bytewise: { kind: 'split' },
  'no-usage': { kind: 'no-usage' },
} as const satisfies Record<string, Misbehaviour>;
type Fault = keyof typeof faults;

describe.each(dialects)('in the dialect of %s', (dialect) => {
  test('it sends what the model needs, always as a stream', async () => {
    const server = await serve({ dialect });
    const model = connect([server], { apiKey: 'secret', stop: ['a', 'b', 'c', 'd', 'e'] });
    await write(model, { temperature: 0.7, topP: 0.9, seed: 3, maxTokens: 99 });
    await write(model, { prompt: chat });
    expect(server.requests[0]?.body).toEqual({
      model: 'served-model',
      prompt: 'なぜ?',
      max_tokens: 99,
      temperature: 0.7,
      top_p: 0.9,
      seed: 3,
      stop: ['a', 'b', 'c', 'd'],
      stream: true,
      stream_options: { include_usage: true, continuous_usage_stats: true },
    });
    expect(server.requests[1]?.body).toMatchObject({ messages: chat, stream: true });
    expect(server.requests[1]?.body).not.toHaveProperty('prompt');
    expect(server.requests.map(({ authorization }) => authorization)).toEqual(['Bearer secret', 'Bearer secret']);
  });

  test.each<Fault>(['bytewise', 'no-usage'])('%s: the answer is whole all the same', async (fault) => {
    const server = await serve({ dialect });
    server.misbehave(faults[fault]);
    const { text: written, end } = await write(connect([server]), { prompt: chat });
    expect(written).toBe(text);
    expect(end).toMatchObject({ finish: 'stop', usage: { completionTokens: tokensOf(text).length } });
  });

  test.each<[Fault, string]>([
    ['reset', 'model_unavailable'],
    ['loading', 'model_busy'],
    ['busy', 'model_busy'],
    ['failing', 'model_unavailable'],
    ['page', 'model_failed'],
    ['no-finish-first', 'model_failed'],
    ['error-event-first', 'model_unavailable'],
    ['bad-json-first', 'model_failed'],
    ['gave-up-first', 'model_failed'],
  ])('%s before the first token: tried again, and said when it stays so', async (fault, code) => {
    const server = await serve({ dialect });
    server.misbehave(faults[fault]);
    expect((await write(connect([server]))).text).toBe(text);
    expect(server.requests).toHaveLength(2);
    server.misbehave(faults[fault], 3);
    await expect(write(connect([server]))).rejects.toMatchObject({ name: 'TenkyoError', code, where: server.url });
    expect(server.requests).toHaveLength(5);
  });

  test.each<Fault>(['drop', 'no-finish', 'error-event', 'bad-json', 'gave-up'])(
    '%s in the middle of an answer: an error, and no second request',
    async (fault) => {
      const server = await serve({ dialect });
      server.misbehave(faults[fault]);
      await expect(write(connect([server]))).rejects.toMatchObject({
        name: 'TenkyoError',
        code: fault === 'error-event' ? 'model_unavailable' : 'model_failed',
      });
      expect(server.requests).toHaveLength(1);
    },
  );

  test('silence in the middle of an answer is not waited for, and frees the slot', async () => {
    const server = await serve({ dialect });
    server.misbehave(faults.hang);
    await expect(write(connect([server], { idleMs: 80 }))).rejects.toMatchObject({
      code: 'model_failed',
      expected: 'a token within 0.08 s',
    });
    while (server.busy() > 0) await systemClock.sleep(5);
  });

  test('silence before the first token: another server is asked; where there is none, it is said', async () => {
    const servers = [await serve({ dialect }), await serve({ dialect })] as const;
    servers[0].misbehave(faults['hang-first'], 2);
    const settings = { firstTokenMs: 1_500 };
    await expect(write(connect([servers[0]], settings))).rejects.toMatchObject({ code: 'model_late' });
    expect(servers[0].requests).toHaveLength(1);
    expect((await write(connect(servers, settings))).text).toBe(text);
    expect(servers.map(({ requests }) => requests.length)).toEqual([2, 1]);
  });

  test('the first token is waited for longer than the next ones', async () => {
    const server = await serve({ dialect });
    server.misbehave(faults['slow-first']);
    expect((await write(connect([server], { idleMs: 200 }))).text).toBe(text);
    expect(server.requests).toHaveLength(1);
  });

  test.each<Fault>(['refusing', 'unprocessable'])('%s: the request is not sent again', async (fault) => {
    const server = await serve({ dialect });
    server.misbehave(faults[fault]);
    await expect(write(connect([server]))).rejects.toMatchObject({ code: 'model_refused' });
    expect(server.requests).toHaveLength(1);
  });

  test('where no server is there: one error that says which model and where', async () => {
    const server = await serve({ dialect });
    await server.close();
    const model = connect([server]);
    expect(await model.check()).toBe(false);
    await expect(write(model)).rejects.toMatchObject({
      code: 'model_unavailable',
      where: server.url,
      remedy: expect.stringContaining('our-model'),
    });
  });

  test('a wrong model, key, address, setting: told apart, with what to do', async () => {
    const server = await serve({ dialect });
    const refusal = async (fault: Fault): Promise<unknown> => {
      server.misbehave(faults[fault]);
      return write(connect([server], { tries: 1 })).catch((error: unknown) => error);
    };
    expect(await refusal('unknown-model')).toMatchObject({
      code: 'config_invalid',
      message: 'the server has no such model',
      expected: 'one of its models: served-model',
    });
    expect(await refusal('refusing')).toMatchObject({
      code: 'model_refused',
      found: 'status 400: temperature must be non-negative',
    });
    const other = await serve({ dialect });
    other.misbehave(faults.unauthorised);
    await expect(write(connect([other], { tries: 1 }))).rejects.toMatchObject({
      code: 'config_invalid',
      remedy: 'Set OUR_MODEL_API_KEY in .env.',
    });
    await expect(write(connect([{ url: other.url.replace('/v1', '/v2') }], { tries: 1 }))).rejects.toMatchObject({
      code: 'config_invalid',
      message: "nothing is at the address of the model's server",
    });
  });

  test('too long a prompt is told with both numbers', async () => {
    const server = await serve({ dialect, contextLength: 100 });
    await expect(write(connect([server]), { prompt: 'あ'.repeat(600) })).rejects.toMatchObject({
      code: 'prompt_too_long',
      expected: 'at most 100 tokens',
      found: '300 tokens',
    });
    expect(server.requests).toHaveLength(1);
  });

  test('tokens are counted as the server does, for texts and for messages', async () => {
    const server = await serve({ dialect, contextLength: 512 });
    const model = connect([server]);
    expect(await model.contextLength()).toBe(512);
    expect(await model.count('あいうえお')).toBe(3);
    expect(await model.count([{ role: 'user', content: 'あいうえお' }])).toBe(
      tokensOf('[{"role":"user","content":"あいうえお"}]').length,
    );
    await server.close();
    expect(await model.count('あいうえお')).toBe(3);
    expect(model.countedBy()).toBe('server');
  });

  test('where the server counts no tokens, the tokenizer does, or they are estimated and that is said', async () => {
    const server = await serve({ dialect, counts: false });
    const local = connect([server], { tokenizer: async (prompt) => 2 * String(prompt).length });
    expect(await local.count('あい')).toBe(4);
    expect(local.countedBy()).toBe('tokenizer');
    told.length = 0;
    const none = connect([server]);
    expect(await none.count('あい ab')).toBeGreaterThanOrEqual(5);
    expect(none.countedBy()).toBe('estimate');
    expect(told).toHaveLength(1);
    expect(told[0]?.message).toContain('estimated');
  });
});

test('what a model thinks is kept apart: in fields, in channels, in marks', async () => {
  const field = await serve({ reasoning: ['まず', '考える'] });
  expect(await write(connect([field]), { prompt: chat })).toMatchObject({ text, reasoning: 'まず考える' });

  const channels = `<|channel|>analysis<|message|>まず考える<|end|><|start|>assistant<|channel|>final<|message|>${text}<|return|>`;
  const harmony = await serve({ answer: () => tokensOf(channels) });
  expect(await write(connect([harmony], { reasoning: 'harmony' }), { prompt: chat })).toMatchObject({
    text,
    reasoning: 'まず考える',
  });
  expect(harmony.requests[0]?.body).toMatchObject({ skip_special_tokens: false });

  const marks = await serve({ answer: () => tokensOf(`<think>まず考える</think>\n\n${text}`) });
  expect(await write(connect([marks], { reasoning: 'think' }))).toMatchObject({ text, reasoning: 'まず考える' });
});

test('a model that thinks without end is cut as a loop', async () => {
  const server = await serve({ reasoning: Array<string>(500).fill('うーん、') });
  const { text: written, end } = await write(connect([server]), { prompt: chat });
  expect(written).toBe('');
  expect(end.finish).toBe('loop');
});

test('requests go where the fewest are, and around a server that failed until it is back', async () => {
  const servers = [await serve({ tokensPerSecond: 400 }), await serve({ tokensPerSecond: 400 })] as const;
  const model = connect(servers);
  await Promise.all(Array.from({ length: 6 }, () => write(model)));
  expect(servers.map(({ requests }) => requests.length)).toEqual([3, 3]);

  let now = 1_000;
  const clock = { ...systemClock, now: () => now };
  const watched = connect(servers, { clock });
  servers[0].misbehave(faults.reset);
  await write(watched);
  expect(watched.endpoints().map(({ well }) => well)).toEqual([false, true]);
  for (let asked = 0; asked < 3; asked++) await write(watched);
  expect(servers.map(({ requests }) => requests.length)).toEqual([4, 7]);

  // Its time is over, but its health isn't good: no question pays for that.
  servers[0].setHealth(503);
  now += 1_500;
  await write(watched);
  while (servers[0].healthAsked() === 0) await systemClock.sleep(2);
  expect(servers[0].requests).toHaveLength(4);
  servers[0].setHealth(200);
  now += 60_000;
  await write(watched);
  while (!watched.endpoints().every(({ well }) => well)) await systemClock.sleep(2);
  await Promise.all([write(watched), write(watched)]);
  expect(servers[0].requests).toHaveLength(5);
});

test('a redirect is not followed', async () => {
  const target = await serve();
  const stub = await startStubServer((_, response) => {
    response.writeHead(307, { location: `${target.url}/completions` }).end();
  });
  opened.push(stub);
  await expect(write(connect([{ url: `${stub.url}v1` }], { tries: 1 }))).rejects.toMatchObject({
    code: 'model_unavailable',
  });
  expect(target.requests).toEqual([]);
});

test('the key is in no message and no log', async () => {
  const server = await serve();
  server.misbehave(faults.unauthorised, 'always');
  told.length = 0;
  const error = await write(connect([server], { apiKey: 'sesame-7', tries: 2 })).catch((one: unknown) => one);
  expect(error).toMatchObject({ code: 'config_invalid' });
  expect(JSON.stringify([error, told, String((error as Error).stack)])).not.toContain('sesame-7');
});
