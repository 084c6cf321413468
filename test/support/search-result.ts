import type { Hit, SearchResult } from '../../src/search/result.ts';

/** A hit as the demonstration gives one; what matters to a test is passed in. */
export const makeHit = (facts: Partial<Hit> = {}): Hit => ({
  rank: 1,
  passageId: 'p1',
  documentId: 'w1-ja_encyclopedia-001',
  source: 'ja_encyclopedia',
  title: '地震の起こるしくみ',
  url: null,
  lang: 'ja',
  text: '地震は、地下の岩盤が急にずれて、その振動が地面に伝わる現象である。',
  offset: 0,
  highlights: [
    [7, 9],
    [12, 14],
  ],
  engines: ['keyword', 'vector'],
  scores: { keyword: 12.3, vector: 0.61 },
  score: 0.9,
  band: 'high',
  duplicates: 0,
  reading: { state: 'read', run: 'demo', shown: 1012, first: 65, last: 1012, timesRead: 27, lastIndex: 1039 },
  ...facts,
});

export const makeResult = (facts: Partial<SearchResult> = {}): SearchResult => ({
  version: 1,
  corpus: 'demo',
  index: { fingerprint: 'f', builtAt: '2026-11-23T12:00:00.000Z', documents: 600, passages: 812 },
  run: { name: 'demo', iterations: 1040 },
  model: { name: 'demo-3m-finetuned', checkpoint: 1040 },
  text: 'いいえ。地震は地下の岩盤がずれて起こります。',
  spans: [],
  minimumSpan: 8,
  hits: [makeHit()],
  engines: [
    { engine: 'exact', status: 'ok', tookMs: 12, hits: 0 },
    { engine: 'keyword', status: 'ok', tookMs: 9, hits: 20 },
    { engine: 'vector', status: 'ok', tookMs: 14, hits: 20 },
  ],
  tookMs: 40,
  ...facts,
});
