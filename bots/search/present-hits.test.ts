import { expect, it } from '@jest/globals';
import { textsFor } from '../../src/i18n/texts.ts';
import type { SearchResult } from '../../src/search/result.ts';
import { readBlocks } from '../../test/support/read-blocks.ts';
import { makeHit, makeResult } from '../../test/support/search-result.ts';
import { presentHits } from './present-hits.ts';

const everything = { context: true, readings: true };
const seen = (result: SearchResult, locale: 'ja' | 'en' = 'ja', controls = everything): string =>
  readBlocks(presentHits('s1', result, textsFor(locale), controls).blocks);

it('shows a result in Japanese', () => {
  expect(seen(makeResult())).toBe(`*学習データに見つかったもの*
demo-3m-finetuned の学習 (1,040 反復)
*言葉どおりの一致*   8 字以上の一致はありません
──
Search engine: Keyword Search + Vector Search | Rank: 1 | Source: ja_encyclopedia | Iteration: 1,012/1,039
*地震の起こるしくみ* · 関連度 高 · 27 回読んだ (最初 65、最後 1,012)
> 地震は、地下の*岩盤*が急に*ずれ*て、その振動が地面に伝わる現象である。
[前後を見る] [いつ読んだか]
完全一致 12 ms · キーワード 9 ms · ベクトル 14 ms · 索引 2026-11-23
似ていることは、答えの原因であることも、正しいことも意味しません。`);
});

it('shows the same result in English, its line unchanged', () => {
  const hit = makeHit({ title: 'Earthquakes', text: 'It *is* the shaking of the ground.', highlights: [[12, 19]] });
  expect(seen(makeResult({ hits: [hit] }), 'en')).toBe(`*Found in the training data*
training of demo-3m-finetuned (1,040 iterations)
*Word for word*   nothing of 8 characters or more
──
Search engine: Keyword Search + Vector Search | Rank: 1 | Source: ja_encyclopedia | Iteration: 1,012/1,039
*Earthquakes* · relevance high · read 27 times (first 65, last 1,012)
> It *is* the *shaking* of the ground.
[See in context] [When was it read?]
exact 12 ms · keyword 9 ms · vector 14 ms · index of 2026-11-23
Resembling an answer is neither being its cause nor being true.`);
});

it('shows what the model was tuned on below and apart', () => {
  const text = 'いいえ。地震は地下の岩盤がずれて起こります。';
  const { index } = makeResult();
  const example = { source: 'demo_sft', kind: 'sft', title: '地震の原因は？', reading: { state: 'unknown' } } as const;
  const document = { documentId: 'd', source: 'demo_sft', title: null, passageId: 'p' };
  const span = { start: 0, end: text.length, text, count: 1, documents: [document], documentCount: 1 };
  const hits = [
    makeHit({ ...example, text, highlights: [], engines: ['exact'] }),
    makeHit({ ...example, text: 'a', band: 'low' }),
    makeHit({ ...example, text: 'b', kind: 'preference', highlights: [] }),
    makeHit({ ...example, text: 'c' }),
  ].map((hit, at) => ({ ...hit, rank: at + 1 }));
  const tuning = { index, spans: [span], hits };
  const lines = seen(makeResult({ text, tuning })).split('\n');
  expect(lines.slice(3, 5)).toEqual(['──', expect.stringContaining('Source: ja_encyclopedia')]);
  expect(lines.slice(8, -2)).toEqual([
    '──',
    '*チューニングデータ*   22/22 字がそのままあります',
    'Search engine: Exact Match | Rank: 1 | Source: demo_sft | Iteration: unknown',
    expect.stringMatching(/^\*地震の原因は？\* · 関連度 高 · .+ · 指示チューニング$/),
    '> いいえ。地震は地下の岩盤がずれて起こります。',
    '[前後を見る]',
    'Search engine: Keyword Search + Vector Search | Rank: 3 | Source: demo_sft | Iteration: unknown',
    expect.stringMatching(/選好データ$/),
    '> b',
    '[前後を見る]',
  ]);
  const without = { index, spans: [], hits: [] };
  expect(seen(makeResult({ tuning: without }))).toBe(seen(makeResult()));
});

it('marks what stands word for word, with its share of the answer and where it stands', () => {
  const text = 'いいえ。抗生物質は細菌の薬なので、かぜには効きません。十分に休み、水分をとることが基本です。';
  const document = { documentId: 'd', source: 'ja_encyclopedia', title: 'かぜ', passageId: 'p' };
  const span = { start: 4, end: 46, text: text.slice(4), count: 1, documents: [document], documentCount: 1 };
  const blocks = seen(makeResult({ text, spans: [span] })).split('\n');
  expect(blocks.slice(2, 5)).toEqual([
    '*言葉どおりの一致*   答えの 91 % (42/46 字)',
    'いいえ。*①抗生物質は細菌の薬なので、かぜには効きません。十分に休み、水分をとることが基本です。*',
    '① 1 文書  ja_encyclopedia (かぜ)',
  ]);
});

it('counts overlapping spans once, and of a long text shows the spans alone', () => {
  const text = 'あ'.repeat(900);
  const at = (start: number, end: number) => ({
    start,
    end,
    text: text.slice(start, end),
    count: 9,
    documents: [],
    documentCount: 3,
  });
  const lines = seen(makeResult({ text, spans: [at(0, 20), at(10, 40), at(100, 110)] }), 'en').split('\n');
  expect(lines[2]).toBe('*Word for word*   6 % of the answer (50/900 characters)');
  expect(lines.slice(3, 7)).toEqual([
    `*①${'あ'.repeat(30)}*`,
    `*②${'あ'.repeat(10)}*`,
    '① 3 documents (9 places)',
    '② 3 documents (9 places)',
  ]);
});

it.each([
  [{ state: 'unknown' }, 'Iteration: unknown', 'いつ読んだかの記録なし'],
  [{ state: 'not_read', run: 'demo', lastIndex: 1039 }, 'Iteration: not read', '学習データにあるが、読まれなかった'],
  [
    { state: 'read', run: 'demo', shown: null, first: 300, last: 900, timesRead: 5, lastIndex: 1039 },
    'Iteration: not read',
    'このモデルはまだ読んでいない。学習全体で 5 回 (最初 300、最後 900)',
  ],
  [
    { state: 'read', run: 'demo', shown: 0, first: 0, last: 900, timesRead: 5, lastIndex: 1039 },
    'Iteration: 0/1,039',
    '学習全体で 5 回読んだ (最初 0、最後 900)',
  ],
] as const)('says when it was read: %j', (reading, line, words) => {
  const text = seen(makeResult({ hits: [makeHit({ reading })] }));
  expect(text).toContain(`Source: ja_encyclopedia | ${line}\n`);
  expect(text).toContain(words);
});

it('shows five hits and a way to the rest', () => {
  const hits = Array.from({ length: 12 }, (_, index) => makeHit({ rank: index + 1 }));
  const text = seen(makeResult({ hits }));
  expect(text.match(/Rank: \d+/g)).toHaveLength(5);
  expect(text).toContain('[もっと見る (残り 7 件)]');
});

it('shows no control that does nothing', () => {
  expect(seen(makeResult(), 'ja', { context: false, readings: false })).not.toContain('[');
});

it('names the engines that are off, late or failed, and says when nothing was found', () => {
  const result = makeResult({
    hits: [],
    run: null,
    model: null,
    engines: [
      { engine: 'exact', status: 'ok', tookMs: 12, hits: 0 },
      { engine: 'keyword', status: 'late', tookMs: 2000, hits: 0 },
      { engine: 'vector', status: 'off', tookMs: 0, hits: 0, reason: 'no_embedding_model' },
    ],
  });
  const text = seen(result);
  expect(text).toContain('見つかりませんでした。学習データ 600 文書を、完全一致で調べました。');
  expect(text).toContain(
    '完全一致 12 ms · キーワード検索: 時間内に終わりませんでした (2,000 ms) · ベクトル検索: 埋め込みモデルが設定されていません',
  );
  expect(text).toContain('学習の記録が設定されていない');
});

it('says how long the reranker took, and what kept it from its work', () => {
  const report = { engine: 'reranker', status: 'ok', tookMs: 210, hits: 30 } as const;
  expect(seen(makeResult({ reranker: report }))).toContain(' · 並べ替え 210 ms');
  expect(seen(makeResult({ reranker: { ...report, status: 'late', tookMs: 1_500 } }), 'en')).toContain(
    ' · reranking: did not finish in time (1,500 ms)',
  );
  expect(seen(makeResult({ reranker: { ...report, status: 'failed', reason: 'model_failed' } }), 'en')).toMatch(
    / · reranking: failed \(.+\)/,
  );
  expect(seen(makeResult())).not.toContain('並べ替え');
});

it("says how far the model's training went when it is not the whole run", () => {
  expect(seen(makeResult({ model: { name: 'demo-3m-early', checkpoint: 261 } }))).toContain(
    'demo-3m-early の学習 (1,040 反復のうち 261 まで)',
  );
});

it('links a document only to web addresses, and shows the host', () => {
  const line = (url: string): string => seen(makeResult({ hits: [makeHit({ url })] })).split('\n')[5] ?? '';
  expect(line('https://example.org/a?b=1&c=|')).toContain(' · <https://example.org/a?b=1&amp;c=%7C|example.org>');
  expect(line('javascript:alert(1)')).not.toContain('<');
  expect(line('https://bank.example@evil.example/')).not.toContain('<');
});
