import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHandClock } from '../../../test/support/search-fakes.ts';
import { writeTinyEncoder } from '../../../test/support/tiny-encoder.ts';
import { createOnnxHost, type OnnxHost } from '../../onnx/host.ts';
import { createEmbeddingThreads } from './embedding-threads.ts';
import { createOnnxEmbedder } from './onnx-embedder.ts';

const demonstration = fileURLToPath(new URL('../../../demo/models/embedder', import.meta.url));
const texts = Array.from({ length: 300 }, (_, index) =>
  index % 50 === 7 ? '' : `地震は地下の岩盤がずれて起こる。${index}`.repeat(1 + (index % 5)),
);

let folder: string;
let host: OnnxHost;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-threads-'));
  await writeTinyEncoder(folder);
  host = createOnnxHost();
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

/** Hosts that are counted, and which of them are closed. */
const counted = () => {
  const facts = { made: 0, closed: 0, asked: 0 };
  const createHost = (): OnnxHost => {
    facts.made++;
    const inner = createOnnxHost();
    return {
      ...inner,
      embed: (...args) => {
        facts.asked++;
        return inner.embed(...args);
      },
      close: () => {
        facts.closed++;
        return inner.close();
      },
    };
  };
  return { facts, createHost };
};

describe('passages of a build on several threads', () => {
  const open = (workers: number, createHost = createOnnxHost, path = demonstration) => {
    const parallel = { workers, createHost, clock: createHandClock() };
    return createOnnxEmbedder({ host, path, queryPrefix: '', passagePrefix: '', parallel });
  };

  it('have the vectors that they have on one, to the byte', async () => {
    const { facts, createHost } = counted();
    const [one, three] = [await open(1), await open(3, createHost)];
    try {
      expect(one.textsAtOnce).toBeUndefined();
      expect(three.textsAtOnce! % 96).toBe(0);
      expect(three.fingerprint).toBe(one.fingerprint);
      const [alone, spread] = [await one.embed(texts, 'passage'), await three.embed(texts, 'passage')];
      expect(spread).toEqual(alone);
      expect(alone.flatMap((vector, index) => (vector === null ? [index] : []))).toEqual([7, 57, 107, 157, 207, 257]);
      expect(facts).toMatchObject({ made: 2, closed: 0 });
      expect(facts.asked).toBeGreaterThan(0);
      // A few texts, as a search has them, stay on the models' own thread.
      await three.embed(texts.slice(0, 20), 'passage');
      expect(facts.made).toBe(2);
    } finally {
      await three.close();
    }
    expect(facts.closed).toBe(2);
  });

  it('stop all at an abort or the first failure, and can be embedded afterwards', async () => {
    const embedder = await open(2);
    const reason = new Error('enough');
    const controller = new AbortController();
    const long = embedder.embed([...texts, ...texts, ...texts], 'passage', { signal: controller.signal });
    controller.abort(reason);
    await expect(long).rejects.toBe(reason);
    expect((await embedder.embed(texts.slice(0, 40), 'passage'))[0]).toHaveLength(256);
    await embedder.close();
    const broken = await open(2, () => {
      const { facts: _, createHost } = counted();
      return { ...createHost(), embed: () => Promise.reject(reason) };
    });
    await expect(broken.embed(texts, 'passage')).rejects.toBe(reason);
    await broken.close();
  });
});

describe('threads beside the models’ own', () => {
  it('end when there has been no work for a while, and come again', async () => {
    const clock = createHandClock();
    const { facts, createHost } = counted();
    const threads = createEmbeddingThreads({ host, workers: 2, createHost, clock });
    const used = new Set<OnnxHost>();
    const job = () =>
      threads.spread([0, 1, 2, 3], async (_, on) => {
        used.add(on);
        await on.embed({ path: folder, texts: ['地震'] });
      });
    await job();
    expect(used.size).toBe(2);
    clock.advance(20_000);
    await job();
    clock.advance(20_000);
    await new Promise(setImmediate);
    expect(facts).toMatchObject({ made: 1, closed: 0 });
    clock.advance(10_000);
    await new Promise(setImmediate);
    expect(facts).toMatchObject({ made: 1, closed: 1 });
    await job();
    expect(facts.made).toBe(2);
    await threads.close();
    expect(facts.closed).toBe(2);
  });

  it('take two jobs at once', async () => {
    const { facts, createHost } = counted();
    const threads = createEmbeddingThreads({ host, workers: 3, createHost, clock: createHandClock() });
    let done = 0;
    const job = () =>
      threads.spread([0, 1, 2, 3, 4, 5], async (_, on) => {
        await on.embed({ path: folder, texts: ['地震'] });
        done++;
      });
    await Promise.all([job(), job()]);
    expect(done).toBe(12);
    expect(facts.made).toBe(2);
    await threads.close();
  });
});
