import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { TenkyoError } from '../../src/errors.ts';
import type { GenerationPart, GenerationRequest, Prompt } from '../../src/generation/generator.ts';
import {
  createOpenAiGenerator,
  type OpenAiGenerator,
  type OpenAiGeneratorOptions,
} from '../../src/generation/openai/openai-generator.ts';
import {
  type Misbehaviour,
  type PacedServer,
  type PacedServerOptions,
  startPacedServer,
} from '../support/paced/paced-server.ts';
import { eventually } from '../support/person.ts';

const question = '地震の原因は何ですか？𠮷野家👨‍👩‍👧';
const answer = `あなたの質問は「${question}」でした🌋。`;
const texts: readonly (readonly [string, Prompt])[] = [
  ['completions', question],
  ['chat completions', [{ role: 'user', content: question }]],
];

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

const serve = async (options: PacedServerOptions): Promise<PacedServer> => {
  const server = await startPacedServer(options);
  running.push(server);
  return server;
};
const open = (servers: readonly PacedServer[], options: Partial<OpenAiGeneratorOptions> = {}): OpenAiGenerator => {
  const generator = createOpenAiGenerator({
    name: 'our-model',
    apiModel: 'served-model',
    apiKey: 'key',
    baseUrls: servers.map(({ url }) => url),
    tokenizer: null,
    contextLength: null,
    stop: [],
    reasoning: 'server',
    firstTokenMs: 5_000,
    idleMs: 300,
    firstWaitMs: 5,
    clock: systemClock,
    random: () => 0.5,
    log: { warn: () => {} },
    ...options,
  });
  running.push(generator);
  return generator;
};
const request = (prompt: Prompt, settings: Partial<GenerationRequest> = {}): GenerationRequest => ({
  prompt,
  maxTokens: 200,
  temperature: 0,
  topP: 1,
  signal: new AbortController().signal,
  ...settings,
});

interface Written {
  readonly text: string;
  readonly reasoning: string;
  readonly end: Extract<GenerationPart, { type: 'end' }> | null;
  /** null: it ended well. */
  readonly error: unknown;
}
const write = async (
  generator: OpenAiGenerator,
  prompt: Prompt,
  settings: Partial<GenerationRequest> = {},
): Promise<Written> => {
  const said = { text: '', reasoning: '' };
  let end: Written['end'] = null;
  try {
    for await (const part of generator.generate(request(prompt, settings))) {
      expect(end).toBeNull();
      if (part.type === 'end') end = part;
      else said[part.type] += part.text;
    }
    return { ...said, end, error: null };
  } catch (error) {
    return { ...said, end, error };
  }
};
const codeOf = ({ error }: Written): unknown => (error instanceof TenkyoError ? error.code : error);

describe.each(['llama.cpp', 'vllm'] as const)('a generator on a server that speaks as %s', (dialect) => {
  it.each(texts)('writes the answer with its usage: %s', async (_, prompt) => {
    const server = await serve({ dialect });
    const { text, end, error } = await write(open([server]), prompt);
    expect(error).toBeNull();
    expect(text).toBe(answer);
    expect(end).toMatchObject({
      finish: 'stop',
      usage: { promptTokens: (question.match(/.{1,2}/gsu) ?? []).length },
    });
    expect(end?.usage.completionTokens).toBe((answer.match(/.{1,2}/gsu) ?? []).length);
    expect(server.requests[0]).toMatchObject({ authorization: 'Bearer key', body: { stream: true } });
  });

  it.each(texts)('says that the answer was cut at the token limit: %s', async (_, prompt) => {
    const { text, end } = await write(open([await serve({ dialect })]), prompt, { maxTokens: 3 });
    expect(text).toBe(answer.slice(0, 6));
    expect(end).toMatchObject({ finish: 'length', usage: { completionTokens: 3 } });
  });

  it('keeps thinking apart', async () => {
    const server = await serve({ dialect, reasoning: ['考え', '中。'] });
    expect(await write(open([server]), texts[1]?.[1] as Prompt)).toMatchObject({ text: answer, reasoning: '考え中。' });
  });

  it('puts characters together that are cut between bytes', async () => {
    const server = await serve({ dialect });
    server.misbehave({ kind: 'split' });
    expect(await write(open([server]), question)).toMatchObject({ text: answer, error: null });
  });

  it('frees the slot of the server within a second of an abort, and tells the reason', async () => {
    const server = await serve({ dialect, tokensPerSecond: 20, answer: () => Array<string>(500).fill('あ、') });
    const stop = new AbortController();
    const reason = new TenkyoError('cancelled', 'stopped');
    const writing = write(open([server]), question, { signal: stop.signal });
    await eventually(() => server.busy() === 1);
    stop.abort(reason);
    expect((await writing).error).toBe(reason);
    await eventually(() => server.busy() === 0, { withinMs: 1_000 });
    expect(server.requests).toMatchObject([{ end: 'client left' }]);
  });

  it('frees the slot when the loop over the answer is left', async () => {
    const server = await serve({ dialect, tokensPerSecond: 50, answer: () => Array<string>(500).fill('あ、') });
    for await (const part of open([server]).generate(request(question))) if (part.type === 'text') break;
    await eventually(() => server.busy() === 0, { withinMs: 1_000 });
  });

  it('counts tokens as the server does and learns its context', async () => {
    const generator = open([await serve({ dialect, contextLength: 777 })]);
    expect(await generator.count('あいう')).toBe(2);
    expect(await generator.contextLength()).toBe(777);
    expect(generator.countedBy()).toBe('server');
  });

  it('estimates tokens, never too few, where the server counts none', async () => {
    const generator = open([await serve({ dialect, counts: false })]);
    expect(await generator.count('あいう')).toBeGreaterThanOrEqual(3);
    expect(generator.countedBy()).toBe('estimate');
  });

  it('says that a question is too long, with both numbers, and does not ask again', async () => {
    const server = await serve({ dialect, contextLength: 4 });
    const written = await write(open([server]), question);
    expect(codeOf(written)).toBe('prompt_too_long');
    expect(written.error).toMatchObject({ expected: 'at most 4 tokens' });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    { kind: 'hang', after: 5 },
    { kind: 'drop', after: 5 },
    { kind: 'no-finish', after: 5 },
    { kind: 'garbage', after: 5 },
    { kind: 'error-chunk', after: 5 },
    { kind: 'gives-up', after: 5 },
  ] as Misbehaviour[])('ends with one clear error, asking once, when it fails half-way: %o', async (how) => {
    // At a pace, so that what is written before the failure arrives before it.
    const server = await serve({ dialect, tokensPerSecond: 100 });
    server.misbehave(how, 'always');
    const written = await write(open([server]), question);
    expect(written.end).toBeNull();
    expect(answer.startsWith(written.text) && written.text.length > 0).toBe(true);
    expect(['model_failed', 'model_unavailable']).toContain(codeOf(written));
    expect(written.error).toMatchObject({ where: server.url, remedy: expect.any(String) });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    { kind: 'drop', after: 0 },
    { kind: 'no-finish', after: 0 },
    { kind: 'garbage', after: 0 },
    { kind: 'error-chunk', after: 0 },
    { kind: 'gives-up', after: 0 },
    { kind: 'status', status: 503 },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
    { kind: 'page' },
  ] as Misbehaviour[])('asks again while nothing was written, and answers once: %o', async (how) => {
    const server = await serve({ dialect });
    server.misbehave(how);
    expect(await write(open([server]), question)).toMatchObject({ text: answer, error: null });
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    [{ kind: 'status', status: 503 }, 'model_busy'],
    [{ kind: 'status', status: 502 }, 'model_unavailable'],
    [{ kind: 'status', status: 429 }, 'model_busy'],
    [{ kind: 'no-finish', after: 0 }, 'model_failed'],
  ] as [Misbehaviour, string][])('gives up a server that goes on failing, after three tries: %o', async (how, code) => {
    const server = await serve({ dialect });
    server.misbehave(how, 'always');
    expect(codeOf(await write(open([server]), question))).toBe(code);
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    [400, 'model_refused'],
    [422, 'model_refused'],
  ])('does not ask again what was refused with %s', async (status, code) => {
    const server = await serve({ dialect });
    server.misbehave({ kind: 'status', status });
    expect(codeOf(await write(open([server]), question))).toBe(code);
    expect(server.requests).toHaveLength(1);
  });

  it('names the variable of the key that is not accepted, and never the key', async () => {
    const server = await serve({ dialect });
    server.misbehave({ kind: 'status', status: 401 }, 'always');
    const { error } = await write(open([server], { apiKey: 'sk-hunter2' }), question);
    expect(error).toMatchObject({ code: 'config_invalid', remedy: expect.stringContaining('OUR_MODEL_API_KEY') });
    expect(String((error as Error).stack) + JSON.stringify(error)).not.toContain('hunter2');
  });

  it('waits longer for the first token than between two, and not for ever', async () => {
    const server = await serve({ dialect });
    server.misbehave({ kind: 'slow-first', ms: 600 });
    expect(await write(open([server], { idleMs: 200 }), question)).toMatchObject({ text: answer, error: null });
    server.misbehave({ kind: 'slow-first', ms: 5_000 }, 'always');
    const written = await write(open([server], { firstTokenMs: 200 }), question);
    expect(codeOf(written)).toBe('model_late');
    await eventually(() => server.busy() === 0, { withinMs: 1_000 });
  });
});

describe('several servers of one model', () => {
  it('share the work', async () => {
    const servers = [
      await serve({ dialect: 'vllm', tokensPerSecond: 200 }),
      await serve({ dialect: 'llama.cpp', tokensPerSecond: 200 }),
    ];
    const generator = open(servers);
    const all = await Promise.all(Array.from({ length: 8 }, () => write(generator, question)));
    expect(all.map(({ text }) => text)).toEqual(Array(8).fill(answer));
    expect(servers.map(({ requests }) => requests.length)).toEqual([4, 4]);
  });

  it('stand in for one that is down, which is then left alone until it is back', async () => {
    const [first, second] = [await serve({ dialect: 'vllm' }), await serve({ dialect: 'vllm' })];
    const generator = open([first, second]);
    first.misbehave({ kind: 'status', status: 503 });
    for (let asked = 0; asked < 4; asked++) expect((await write(generator, question)).text).toBe(answer);
    expect([first.requests.length, second.requests.length]).toEqual([1, 4]);
    expect(generator.endpoints()).toMatchObject([{ well: false }, { well: true }]);
    await generator.check();
    for (let asked = 0; asked < 2; asked++) expect((await write(generator, question)).text).toBe(answer);
    expect([first.requests.length, second.requests.length]).toEqual([2, 5]);
  });

  it('are unreachable with one clear error where none is there', async () => {
    const server = await serve({ dialect: 'vllm' });
    await server.close();
    const generator = open([server]);
    expect(await generator.check()).toBe(false);
    const written = await write(generator, question);
    expect(codeOf(written)).toBe('model_unavailable');
    expect(written.error).toMatchObject({ where: server.url, remedy: expect.stringContaining('our-model') });
  });
});

it('a generator that is closed ends its answers and gives no more', async () => {
  const server = await serve({ dialect: 'vllm', tokensPerSecond: 20 });
  const generator = open([server]);
  const writing = write(generator, question);
  await eventually(() => server.busy() === 1);
  await generator.close();
  expect(codeOf(await writing)).toBe('model_unavailable');
  expect(codeOf(await write(generator, question))).toBe('model_unavailable');
  expect(server.requests).toHaveLength(1);
});
