import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type EmbeddingReply,
  type EmbeddingRequest,
  startEmbeddingServer,
} from '../../../test/support/embedding-server.ts';
import { refusalOf } from '../../../test/support/refusals.ts';
import { createOpenAiEmbedder, type OpenAiEmbedderOptions } from './openai-embedder.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

/** A vector that tells a text by its length and first character, not of length 1. */
const vectorOf = (text: string): number[] => [text.length, text.codePointAt(0) ?? 0, 2];

const inOrder = ({ body }: EmbeddingRequest): EmbeddingReply => ({
  status: 200,
  body: { data: body.input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) })) },
});

const base64 = (values: readonly number[]): string => Buffer.from(Float32Array.from(values).buffer).toString('base64');

const start = async (
  reply: (request: EmbeddingRequest, number: number) => EmbeddingReply = inOrder,
  change: Partial<OpenAiEmbedderOptions> = {},
) => {
  const server = await startEmbeddingServer(reply);
  running.push(server);
  const waits: number[] = [];
  const embedder = createOpenAiEmbedder({
    baseUrl: server.url,
    model: 'm',
    apiKey: null,
    dimensions: 3,
    queryPrefix: '',
    passagePrefix: '',
    clock: { now: () => Date.UTC(2026, 10, 23), sleep: async (ms) => void waits.push(ms) },
    random: () => 1,
    ...change,
  });
  return { server, embedder, waits };
};

const unit = (text: string): number[] => {
  const vector = vectorOf(text);
  return vector.map((value) => value / Math.hypot(...vector));
};

const expectVectors = (found: readonly (Float32Array | null)[], texts: readonly (string | null)[]): void => {
  expect(found).toHaveLength(texts.length);
  for (const [index, text] of texts.entries()) {
    if (text === null) expect(found[index]).toBeNull();
    else for (const [k, value] of unit(text).entries()) expect(found[index]![k]).toBeCloseTo(value, 6);
  }
};

describe('vectors', () => {
  it('come in the order of the texts, at length 1; an empty text has none and is not sent', async () => {
    const { server, embedder } = await start();
    expectVectors(await embedder.embed(['地震', '', ' \n', 'quake'], 'passage'), ['地震', null, null, 'quake']);
    expect(server.seen.map(({ body }) => body.input)).toEqual([['地震', 'quake']]);
    expect(await embedder.embed([], 'query')).toEqual([]);
    expect(await embedder.embed([''], 'query')).toEqual([null]);
    expect(server.seen).toHaveLength(1);
  });

  it('are read as base64 too, and put in order by their index', async () => {
    const { server, embedder } = await start(({ body }) => ({
      status: 200,
      body: {
        data: body.input.map((text, index) => ({ index, embedding: base64(vectorOf(text)) })).toReversed(),
      },
    }));
    expectVectors(await embedder.embed(['a', 'bb', 'ccc'], 'query'), ['a', 'bb', 'ccc']);
    expect(server.seen[0]!.body.encoding_format).toBe('base64');
  });

  it('of zeros are none', async () => {
    const { embedder } = await start(() => ({ status: 200, body: { data: [{ index: 0, embedding: [0, 0, 0] }] } }));
    expect(await embedder.embed(['x'], 'query')).toEqual([null]);
  });

  it('are asked for in batches by count and by size, some at once', async () => {
    const { server, embedder } = await start(inOrder, { batchSize: 10, concurrency: 3, maxCharacters: 30_000 });
    const texts = Array.from({ length: 33 }, (_, index) => 'x'.repeat(index + 1));
    expectVectors(await embedder.embed(texts, 'passage'), texts);
    expect(server.seen.map(({ body }) => body.input.length).toSorted((a, b) => b - a)).toEqual([10, 10, 10, 3]);
    await embedder.embed(['y'.repeat(30_000), 'z'.repeat(30_000), 'w'], 'passage');
    expect(
      server.seen
        .slice(4)
        .map(({ body }) => body.input.length)
        .toSorted(),
    ).toEqual([1, 2]);
  });
});

describe('what is sent', () => {
  it('names the model, the key, the prefix of the role, and the role where the server puts the prefix', async () => {
    const prefixes = { queryPrefix: 'query: ', passagePrefix: 'passage: ' };
    const { server, embedder } = await start(inOrder, { ...prefixes, apiKey: 'secret', inputType: true });
    await embedder.embed(['a'], 'query');
    await embedder.embed(['a'], 'passage');
    expect(server.seen).toEqual([
      {
        path: '/v1/embeddings',
        authorization: 'Bearer secret',
        body: { model: 'm', input: ['query: a'], encoding_format: 'base64', input_type: 'query' },
      },
      {
        path: '/v1/embeddings',
        authorization: 'Bearer secret',
        body: { model: 'm', input: ['passage: a'], encoding_format: 'base64', input_type: 'passage' },
      },
    ]);
  });

  it('says neither role nor dimensions to a server that was not said to take them', async () => {
    const plain = await start(inOrder, { encoding: 'float' });
    await plain.embedder.embed(['a'], 'query');
    expect(plain.server.seen[0]!.body).toEqual({ model: 'm', input: ['a'], encoding_format: 'float' });
    const cut = await start(inOrder, { requestDimensions: true });
    await cut.embedder.embed(['a'], 'query');
    expect(cut.server.seen[0]!.body.dimensions).toBe(3);
  });

  it('is cut to what the model takes, between characters, and is well-formed', async () => {
    const { server, embedder } = await start(inOrder, { maxCharacters: 5 });
    await embedder.embed(['abcd𠮷野家', 'a\ud800b'], 'query');
    expect(server.seen[0]!.body.input).toEqual(['abcd', 'a\ufffdb']);
  });
});

describe('the fingerprint', () => {
  it('changes with whatever changes the vectors, and not with where the server is', async () => {
    const { embedder } = await start();
    const of = async (change: Partial<OpenAiEmbedderOptions>): Promise<string> =>
      (await start(inOrder, change)).embedder.fingerprint;
    expect(await of({ apiKey: 'x', concurrency: 4, batchSize: 3, encoding: 'float' })).toBe(embedder.fingerprint);
    const others = await Promise.all(
      [
        { model: 'n' },
        { revision: '2' },
        { dimensions: 4 },
        { queryPrefix: 'q' },
        { passagePrefix: 'p' },
        { inputType: true },
        { maxCharacters: 9 },
      ].map(of),
    );
    expect(new Set([embedder.fingerprint, ...others]).size).toBe(8);
  });
});

describe('a server in trouble', () => {
  const failing =
    (times: number, reply: EmbeddingReply) =>
    (request: EmbeddingRequest, number: number): EmbeddingReply =>
      number <= times ? reply : inOrder(request);

  it('is waited for, longer each time', async () => {
    for (const reply of [{ status: 429, body: '' }, { status: 503, body: 'loading' }, 'reset'] as const) {
      const { embedder, waits } = await start(failing(4, reply));
      expectVectors(await embedder.embed(['a'], 'passage'), ['a']);
      expect(waits).toEqual([250, 500, 1_000, 2_000]);
    }
  });

  it('is waited for as long as it asks, by seconds or by a date', async () => {
    const date = new Date(Date.UTC(2026, 10, 23) + 9_000).toUTCString();
    for (const [value, wait] of [
      ['7', 7_000],
      [date, 9_000],
      ['86400', 30_000],
    ] as const) {
      const { embedder, waits } = await start(failing(1, { status: 429, headers: { 'retry-after': value }, body: '' }));
      await embedder.embed(['a'], 'passage');
      expect(waits).toEqual([wait]);
    }
  });

  it('is given up after a while; for a query soon', async () => {
    const { server, embedder } = await start(() => ({ status: 503, body: { error: { message: 'no GPU' } } }));
    const error = await refusalOf(embedder.embed(['a'], 'query'));
    expect(error).toMatchObject({ code: 'embedding_unavailable', found: 'status 503: no GPU' });
    expect(server.seen).toHaveLength(2);
    await refusalOf(embedder.embed(['a'], 'passage'));
    expect(server.seen).toHaveLength(2 + 7);
  });

  it.each([
    [
      400,
      { error: { message: "'input' must not be empty", type: 'invalid_request_error', code: null } },
      "'input' must not be empty",
      'embedding.model',
    ],
    [401, { error: { message: 'Incorrect API key' } }, 'Incorrect API key', 'EMBEDDING_API_KEY'],
    [
      404,
      { object: 'error', message: 'The model `m` does not exist.', code: 404 },
      'does not exist',
      'embedding.baseUrl',
    ],
    [413, '<html><h1>413 Request Entity Too Large</h1></html>', '413 Request Entity Too Large', 'maxCharacters'],
  ])('status %i is not tried again, and says what to do', async (status, body, said, remedy) => {
    const { server, embedder } = await start(() => ({ status, body }));
    expect(await refusalOf(embedder.embed(['a'], 'passage'))).toMatchObject({
      code: 'embedding_unavailable',
      where: `${server.url}/embeddings`,
      found: expect.stringContaining(said),
      remedy: expect.stringContaining(remedy),
    });
    expect(server.seen).toHaveLength(1);
  });

  it.each([
    ['nobody listens', null, 'ECONNREFUSED'],
    ['it takes the request and is silent', 'silence', 'nothing'],
    ['it begins an answer and stops', 'half', 'nothing'],
  ] as const)('%s: an end, with the address', async (_, reply, found) => {
    const { server, embedder } = await start(() => reply ?? 'reset', { timeoutMs: 150 });
    if (reply === null) await server.close();
    const error = await refusalOf(embedder.embed(['a'], 'query'));
    expect(error).toMatchObject({ code: 'embedding_unavailable', expected: 'an answer within 150 ms', found });
    expect(error.where).toBe(`${server.url}/embeddings`);
  });

  it.each([
    ['HTML', '<!doctype html><p>Sign in</p>', '<!doctype html>'],
    ['nothing', '', 'nothing'],
    ['JSON of another shape', { embeddings: [[1, 2, 3]] }, '{"embeddings"'],
    ['too few vectors', { data: [] }, '0'],
    ['an index twice', { data: [0, 0].map((index) => ({ index, embedding: [1, 2, 3] })) }, 'index 0'],
    [
      'numbers that are none',
      { data: [0, 1].map((index) => ({ index, embedding: base64([1, Number.NaN, 3]) })) },
      'NaN',
    ],
  ])('an answer that is %s is refused', async (_, body, found) => {
    const { embedder } = await start(() => ({ status: 200, body }));
    expect(await refusalOf(embedder.embed(['a', 'b'], 'query'))).toMatchObject({
      code: 'embedding_unavailable',
      found: expect.stringContaining(found),
    });
  });

  it('vectors of another length are refused with both numbers', async () => {
    const { embedder } = await start(inOrder, { dimensions: 384 });
    expect(await refusalOf(embedder.embed(['a'], 'query'))).toMatchObject({
      code: 'config_invalid',
      where: 'embedding.dimensions',
      expected: '384 dimensions',
      found: expect.stringContaining('3 dimensions'),
    });
  });

  it("an abort ends it at once with the signal's reason, also between two tries", async () => {
    const reason = new Error('late');
    const stop = new AbortController();
    const { server, embedder } = await start(() => {
      stop.abort(reason);
      return 'silence';
    });
    await expect(embedder.embed(['a'], 'query', { signal: stop.signal })).rejects.toBe(reason);
    await expect(embedder.embed(['a'], 'query', { signal: stop.signal })).rejects.toBe(reason);
    expect(server.seen).toHaveLength(1);
  });

  it('one batch that fails for good ends the others', async () => {
    const { server, embedder } = await start(
      (request) => (request.body.input[0] === 'bad' ? { status: 400, body: 'no' } : inOrder(request)),
      { batchSize: 1, concurrency: 2 },
    );
    const texts = ['bad', ...Array.from({ length: 50 }, (_, index) => `t${index}`)];
    await refusalOf(embedder.embed(texts, 'passage'));
    expect(server.seen.length).toBeLessThan(20);
  });
});
