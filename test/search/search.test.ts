import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildIndex } from '../../indexers/build-index.ts';
import { systemClock } from '../../src/clock.ts';
import { TenkyoError } from '../../src/errors.ts';
import { openIndex } from '../../src/search/embedded/open-index.ts';
import type { ReadingLookup, SearchIndex } from '../../src/search/ports.ts';
import { createSearch, type SearchParts } from '../../src/search/search.ts';
import { createHandClock, createLetterEmbedder } from '../support/search-fakes.ts';

const catfish = '昔の人は、地面の下に大きなナマズがすんでいて、暴れると地震が起こると信じていた。';
const documents = {
  ja_folklore: [
    { id: 'f0', text: catfish, meta: { title: '大鯰と要石', lang: 'ja' } },
    { id: 'f1', text: `${catfish} `, meta: { title: '大鯰と要石', lang: 'ja' } },
    { id: 'f2', text: '狐は人を化かすと言われる。', meta: { lang: 'ja' } },
  ],
  ja_encyclopedia: [
    {
      id: 'e0',
      text: '地震は、地下の岩盤が急にずれて、その振動が地面に伝わる現象である。',
      meta: { title: '地震', lang: 'ja', url: 'https://example.com/jishin' },
    },
    {
      id: 'e1',
      text: `${'台風は熱帯低気圧のうち風の強いものをいう。'.repeat(30)}大雨に注意する。`,
      meta: { title: '台風', lang: 'ja' },
    },
  ],
  ja_notice: Array.from({ length: 12 }, (_, number) => ({
    id: `n${number}`,
    text: `無断での複製を固く禁じます。${number}`,
    meta: { lang: 'ja' },
  })),
};

/** Sequence n was read first in iteration 10n. */
const readings: ReadingLookup = {
  run: { name: 'demo', iterations: 100 },
  readingOf: async (source, sequence, checkpoint) => {
    if (source === 'ja_encyclopedia' && sequence === 1) throw new TenkyoError('not_found', 'no such document');
    if (sequence === 2) return { state: 'not_read', run: 'demo', lastIndex: 99 };
    const first = sequence * 10;
    return {
      state: 'read',
      run: 'demo',
      shown: checkpoint === null || first < checkpoint ? first : null,
      first,
      last: first,
      timesRead: 1,
      lastIndex: 99,
    };
  },
};

let folder: string;
let index: SearchIndex;
const embedder = createLetterEmbedder();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-search-'));
  for (const [source, lines] of Object.entries(documents)) {
    await writeFile(join(folder, `${source}.jsonl`), lines.map((line) => JSON.stringify(line)).join('\n'));
  }
  const directory = join(folder, 'index');
  await buildIndex({
    corpus: { name: 'small', documents: join(folder, '*.jsonl') },
    embedder,
    directory,
    clock: systemClock,
  });
  index = await openIndex({ directory, corpus: 'small', embedder: embedder.fingerprint, clock: systemClock });
});
afterAll(async () => {
  await index.close();
  await rm(folder, { recursive: true });
});

const searchWith = (parts: Partial<SearchParts> = {}) =>
  createSearch({ index, embedder, readings, clock: systemClock, ...parts });
const query = (text: string, question: string | null = null) => ({ text, question, model: null });

describe('search', () => {
  it('gives one list of hits with where they come from and when they were read', async () => {
    const result = await searchWith().search(query('地震の原因はナマズが暴れることですか？'));
    expect(result).toMatchObject({
      version: 1,
      corpus: 'small',
      run: { name: 'demo', iterations: 100 },
      model: null,
      minimumSpan: 8,
    });
    expect(result.index).toMatchObject({ documents: 17, fingerprint: index.facts.fingerprint });
    expect(result.engines.map(({ engine, status }) => `${engine} ${status}`)).toEqual([
      'exact ok',
      'keyword ok',
      'vector ok',
    ]);
    const [first] = result.hits;
    expect(first).toMatchObject({
      rank: 1,
      documentId: 'f0',
      source: 'ja_folklore',
      title: '大鯰と要石',
      text: catfish,
      offset: 0,
      band: null,
      duplicates: 1,
    });
    expect(first!.reading).toEqual({
      state: 'read',
      run: 'demo',
      shown: 0,
      first: 0,
      last: 0,
      timesRead: 1,
      lastIndex: 99,
    });
    expect(first!.engines).toContain('keyword');
    expect(first!.highlights.map(([start, end]) => first!.text.slice(start, end))).toContain('ナマズ');
    expect(result.hits.map(({ rank }) => rank)).toEqual(result.hits.map((_, at) => at + 1));
    expect(result.hits.map(({ documentId }) => documentId)).not.toContain('f1');
  });

  it('puts a verbatim passage first and says which characters of the message it holds', async () => {
    const result = await searchWith().search(
      query('いいえ。地下の岩盤が急にずれて、その振動が地面に伝わるのです、たぶん。'),
    );
    expect(result.spans).toEqual([
      expect.objectContaining({
        text: '地下の岩盤が急にずれて、その振動が地面に伝わる',
        start: 4,
        count: 1,
        documentCount: 1,
      }),
    ]);
    expect(result.spans[0]!.documents).toEqual([
      { documentId: 'e0', source: 'ja_encyclopedia', title: '地震', passageId: result.hits[0]!.passageId },
    ]);
    expect(result.hits[0]).toMatchObject({ documentId: 'e0', url: 'https://example.com/jishin' });
    expect(result.hits[0]!.engines[0]).toBe('exact');
    const [start, end] = result.hits[0]!.highlights.find(([from]) => from <= 4)!;
    expect(result.hits[0]!.text.slice(start, end)).toContain('地下の岩盤が急にずれて、その振動が地面に伝わる');
  });

  it('names at most ten documents of a span that stands in more', async () => {
    const { spans } = await searchWith().search(query('無断での複製を固く禁じます。'));
    expect(spans).toEqual([expect.objectContaining({ count: 12, documentCount: 12 })]);
    expect(spans[0]!.documents.length).toBe(10);
  });

  it('keeps to sources, to what was read before an iteration, and to one engine', async () => {
    const search = searchWith();
    const sources = await search.search(query('地震 ナマズ'), { sources: ['ja_encyclopedia'] });
    expect(new Set(sources.hits.map(({ source }) => source))).toEqual(new Set(['ja_encyclopedia']));
    const early = await search.search(query('地震 台風 ナマズ 狐'), { beforeIteration: 1 });
    expect(early.hits.map(({ documentId }) => documentId).toSorted()).toEqual(['e0', 'f0', 'n0']);
    const keyword = await search.search(query('狐'), { engine: 'keyword' });
    expect(keyword.engines.map(({ engine }) => engine)).toEqual(['keyword']);
    expect(keyword.hits.map(({ documentId }) => documentId)).toEqual(['f2']);
    expect((await search.search(query('地震'), { limit: 1 })).hits.length).toBe(1);
  });

  it('shows the reading before the model’s checkpoint, and unknown where the run knows nothing', async () => {
    const result = await searchWith().search(query('台風 大雨 狐'), { model: { name: 'early', checkpoint: 5 } });
    const readingOf = (id: string) => result.hits.find(({ documentId }) => documentId === id)!.reading;
    expect(readingOf('e1')).toEqual({ state: 'unknown' });
    expect(readingOf('f2')).toEqual({ state: 'not_read', run: 'demo', lastIndex: 99 });
    expect(result.model).toEqual({ name: 'early', checkpoint: 5 });
  });

  it('says when vectors are off, and why', async () => {
    const without = await searchWith({ embedder: null }).search(query('地震'));
    expect(without.engines.at(-1)).toEqual({
      engine: 'vector',
      status: 'off',
      tookMs: 0,
      hits: 0,
      reason: 'no_embedding_model',
    });
    const bare = await searchWith({ index: { ...index, vector: null } }).search(query('地震'));
    expect(bare.engines.at(-1)).toMatchObject({ status: 'off', reason: 'no_vectors' });
    expect(bare.hits[0]).toMatchObject({ engines: ['keyword'] });
  });

  it('names an engine that fails; the others answer', async () => {
    const failures: string[] = [];
    const broken = {
      ...index,
      keyword: { search: () => Promise.reject(new TenkyoError('file_corrupt', 'the index is damaged')) },
    };
    const onFailure = (what: string, error: TenkyoError) => failures.push(`${what} ${error.code}`);
    const result = await searchWith({ index: broken, onFailure }).search(query('地震の原因'));
    expect(result.engines[1]).toMatchObject({ engine: 'keyword', status: 'failed', reason: 'file_corrupt' });
    expect(result.hits.length).toBeGreaterThan(0);
    expect(failures).toEqual(['keyword file_corrupt']);
  });

  it('names an engine that is late, and does not wait for it', async () => {
    const clock = createHandClock();
    let told: AbortSignal | undefined;
    const slow: SearchIndex = {
      ...index,
      vector: {
        search: (_, { signal }) => {
          told = signal;
          clock.advance(1_500);
          return new Promise(() => undefined);
        },
      },
    };
    const result = await searchWith({ index: slow, clock }).search(query('地震の原因'));
    expect(result.engines.map(({ status }) => status)).toContain('late');
    expect(result.engines[2]).toMatchObject({ engine: 'vector', status: 'late', tookMs: 1_500 });
    expect(told?.aborted).toBe(true);
    expect(result.hits.length).toBeGreaterThan(0);
  });

  it('gives an empty result for a message that says nothing, and stops when told to', async () => {
    expect(await searchWith().search(query('<@U1> :mag:'))).toMatchObject({ text: '', hits: [], spans: [] });
    const signal = AbortSignal.abort(new TenkyoError('cancelled', 'stop'));
    await expect(searchWith().search(query('地震'), { signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('can fuse by rank', async () => {
    const result = await searchWith({ fusion: { method: 'rank' } }).search(query('狐は人を化かす'));
    expect(result.hits[0]).toMatchObject({ documentId: 'f2' });
  });
});

describe('a reranker', () => {
  const longFirst = {
    score: async (_: string, passages: readonly string[]) => passages.map(({ length }) => length),
  };
  const message = query('地震の原因はナマズが暴れることですか？', '地震とは何ですか？');
  const ids = ({ hits }: { hits: readonly { documentId: string }[] }) => hits.map(({ documentId }) => documentId);

  it('puts the first of the fused list in its order; those behind stay as they were, and engines asked alone', async () => {
    const fused = await searchWith().search(message);
    expect(fused).not.toHaveProperty('reranker');
    const asked: [string, readonly string[]][] = [];
    const reranker = {
      score: async (text: string, passages: readonly string[]) => {
        asked.push([text, passages]);
        return longFirst.score(text, passages);
      },
    };
    const search = searchWith({ reranking: { reranker, top: 3, deadlineMs: 1_000 } });
    const result = await search.search(message);
    expect(result.reranker).toMatchObject({ engine: 'reranker', status: 'ok', hits: 3 });
    expect(result.engines).toHaveLength(3);
    expect(asked[0]![0]).toBe('地震とは何ですか？\n地震の原因はナマズが暴れることですか？');
    expect(asked[0]![1]).toContainEqual(expect.stringMatching(/^大鯰と要石\n昔の人は/));
    const [best] = result.hits;
    expect(best!.reranked).toBe(Math.max(...asked[0]![1].map(({ length }) => length)));
    expect(best).toMatchObject({
      rank: 1,
      score: fused.hits.find(({ documentId }) => documentId === best!.documentId)!.score,
    });
    expect(ids(result).toSorted()).toEqual(ids(fused).toSorted());
    const behind = result.hits.filter(({ reranked }) => reranked === undefined);
    expect(behind.length).toBeGreaterThan(0);
    expect(ids({ hits: behind })).toEqual(ids(fused).filter((id) => ids({ hits: behind }).includes(id)));
    const alone = await search.search(message, { engine: 'keyword' });
    expect(alone).not.toHaveProperty('reranker');
    expect(ids(alone)).toEqual(ids(await searchWith().search(message, { engine: 'keyword' })));
  });

  it('is shown nothing that no result may show', async () => {
    const asked: string[] = [];
    const reranker = {
      score: async (_: string, passages: readonly string[]) => {
        asked.push(...passages);
        return passages.map(() => 0);
      },
    };
    const reranking = { reranker, top: 30, deadlineMs: 1_000 };
    const hidden = [{ source: 'ja_folklore', sequence: 0 }];
    const found = await searchWith({ reranking }).search(message, { hidden, beforeIteration: 1 });
    expect(asked.length).toBe(found.reranker!.hits);
    expect(asked.some((text) => text.includes(catfish))).toBe(false);
    expect(asked.some((text) => text.startsWith('台風'))).toBe(false);
  });

  it('is named when it is late or fails, and the hits stay as they were fused', async () => {
    const fused = await searchWith().search(message);
    const clock = createHandClock();
    let told: AbortSignal | undefined;
    const late = {
      score: (_: string, __: readonly string[], { signal }: { signal?: AbortSignal } = {}) => {
        told = signal;
        clock.advance(700);
        return new Promise<never>(() => undefined);
      },
    };
    const failures: string[] = [];
    const onFailure = (what: string, error: TenkyoError) => failures.push(`${what} ${error.code}`);
    const slow = await searchWith({
      clock,
      onFailure,
      reranking: { reranker: late, top: 30, deadlineMs: 700 },
    }).search(message);
    expect(slow.reranker).toEqual({ engine: 'reranker', status: 'late', tookMs: 700, hits: 0 });
    expect(told?.aborted).toBe(true);
    expect(ids(slow)).toEqual(ids(fused));
    const broken = { score: () => Promise.reject(new TenkyoError('model_failed', 'the thread ended')) };
    const failed = await searchWith({
      onFailure,
      reranking: { reranker: broken, top: 30, deadlineMs: 700 },
    }).search(message);
    expect(failed.reranker).toMatchObject({ status: 'failed', reason: 'model_failed', hits: 0 });
    expect(ids(failed)).toEqual(ids(fused));
    expect(failures).toEqual(['reranker engine_late', 'reranker model_failed']);
  });

  it('is not asked where there is nothing to put in order, and stops with the search', async () => {
    const reranking = { reranker: longFirst, top: 30, deadlineMs: 1_000 };
    expect(await searchWith({ reranking }).search(query('<@U1> :mag:'))).not.toHaveProperty('reranker');
    const stop = new AbortController();
    const stopped = new TenkyoError('cancelled', 'stop');
    const reranker = {
      score: () => {
        stop.abort(stopped);
        return new Promise<never>(() => undefined);
      },
    };
    const search = searchWith({ reranking: { ...reranking, reranker } });
    await expect(search.search(message, { signal: stop.signal })).rejects.toBe(stopped);
  });
});

describe('context', () => {
  it('shows a passage in its document, with its neighbours and what is marked', async () => {
    const search = searchWith();
    const { hits } = await search.search(query('大雨に注意する'), { sources: ['ja_encyclopedia'] });
    const hit = hits.find(({ documentId }) => documentId === 'e1')!;
    const shown = (await search.context(hit.passageId, {
      range: { before: 100, after: 100 },
      highlights: hit.highlights,
      spans: ['大雨に注意する'],
    }))!;
    expect(shown.text.slice(...shown.passage)).toBe(hit.text);
    expect(shown.passage[0]).toBe(100);
    expect(shown.cut).toEqual({ before: true, after: false });
    expect(shown.spans.map(([start, end]) => shown.text.slice(start, end))).toEqual(['大雨に注意する']);
    expect(shown.highlights.map(([start, end]) => shown.text.slice(start, end))).toEqual(
      expect.arrayContaining(['大雨', '注意']),
    );
    expect(shown.next).toBeNull();
    const whole = (await search.context(shown.previous!, { range: 'document' }))!;
    expect(whole.text).toBe(documents.ja_encyclopedia[1]!.text);
    expect(whole).toMatchObject({
      offset: 0,
      documentLength: whole.text.length,
      next: hit.passageId,
      cut: { before: false, after: false },
    });
    expect(whole.document).toMatchObject({ id: 'e1', title: '台風', source: 'ja_encyclopedia', sequence: 1 });
  });

  it('knows nothing of a passage that is gone', async () => {
    const search = searchWith();
    for (const id of ['none', 'ja_web:0:0-10', 'ja_folklore:0:0-9999']) {
      expect(await search.context(id, { range: 'document' })).toBeNull();
    }
  });
});
