import type { EngineName } from '../search/result.ts';
import { counted, createFormat } from './format.ts';
import { refusalsEn, refusalsJa, type SearchRefusals } from './search-refusals.ts';

/** A search and what it found. */
export interface SearchTexts {
  readonly searching: string;
  /** The search waits for the index; numbers of the step that is under way. */
  indexing(facts: { done: number; total: number }): string;
  readonly title: string;
  readonly engines: Readonly<Record<EngineName, string>>;
  /** Shorter, for the line of times. */
  readonly enginesShort: Readonly<Record<EngineName, string>>;
  /** What puts the first hits in order, where one is configured. */
  readonly reranker: string;
  readonly bands: Readonly<Record<'high' | 'medium' | 'low', string>>;
  /** Whose training: a model's or a run's; `checkpoint` when it is less than the whole run. */
  training(facts: { name: string; iterations: number; checkpoint: number | null }): string;
  readonly noRun: string;
  readonly spansTitle: string;
  noSpans(minimum: number): string;
  spanShare(facts: { own: boolean; share: number; covered: number; total: number }): string;
  spanPlaces(facts: { documents: number; times: number }): string;
  moreSpans(count: number): string;
  moreDocuments(count: number): string;
  relevance(band: string): string;
  /** `beyond`: some of the readings came after the model's checkpoint. */
  timesRead(facts: { times: number; first: number; last: number; beyond: boolean }): string;
  readonly neverRead: string;
  /** Read only after the model's checkpoint. */
  readLater(facts: { times: number; first: number; last: number }): string;
  readonly readingUnknown: string;
  /** What the model was tuned on, apart from what it was trained on. */
  readonly tuning: {
    readonly title: string;
    readonly kinds: Readonly<Record<'sft' | 'preference', string>>;
    /** How much of the message stands there word for word, in characters. */
    verbatim(facts: { covered: number; total: number }): string;
    /** It could not be searched. */
    failed(reason: string | null): string;
  };
  duplicates(count: number): string;
  readonly contextButton: string;
  readonly readingsButton: string;
  moreButton(count: number): string;
  engineTook(engine: string, milliseconds: number): string;
  engineLate(engine: string, milliseconds: number): string;
  engineFailed(engine: string, reason: string | null): string;
  engineOff(engine: string, reason: string): string;
  /** Codes that an engine gives for being off or failing. */
  readonly engineReasons: Readonly<Record<string, string>>;
  readonly engineOffUnknown: string;
  indexDate(date: string): string;
  nothingFound(facts: { documents: number; engines: readonly string[] }): string;
  readonly whatToTry: string;
  readonly disclaimer: string;
  /** For notifications, and where blocks are not drawn. */
  foundCount(count: number): string;
  /** For who talks to the search app. */
  readonly howTo: string;
  readonly refusals: SearchRefusals;
}

const ja = createFormat('ja');
const en = createFormat('en');

export const searchJa: SearchTexts = {
  searching: '学習データを調べています…',
  indexing: ({ done, total }) => `学習データの索引を作っています (${ja.number(done)}/${ja.number(total)})…`,
  title: '学習データに見つかったもの',
  engines: { exact: '完全一致', keyword: 'キーワード検索', vector: 'ベクトル検索' },
  enginesShort: { exact: '完全一致', keyword: 'キーワード', vector: 'ベクトル' },
  reranker: '並べ替え',
  bands: { high: '高', medium: '中', low: '低' },
  training: ({ name, iterations, checkpoint }) =>
    checkpoint === null
      ? `${name} の学習 (${ja.number(iterations)} 反復)`
      : `${name} の学習 (${ja.number(iterations)} 反復のうち ${ja.number(checkpoint)} まで)`,
  noRun: '学習の記録が設定されていないので、いつ読んだかは分かりません',
  spansTitle: '言葉どおりの一致',
  noSpans: (minimum) => `${ja.number(minimum)} 字以上の一致はありません`,
  spanShare: ({ own, share, covered, total }) =>
    `${own ? '答え' : 'メッセージ'}の ${ja.percent(share)} (${ja.number(covered)}/${ja.number(total)} 字)`,
  spanPlaces: ({ documents, times }) =>
    times > documents ? `${ja.number(documents)} 文書 (${ja.number(times)} か所)` : `${ja.number(documents)} 文書`,
  moreSpans: (count) => `ほか ${ja.number(count)} か所`,
  moreDocuments: (count) => `ほか ${ja.number(count)} 文書`,
  relevance: (band) => `関連度 ${band}`,
  timesRead: ({ times, first, last, beyond }) =>
    `${beyond ? '学習全体で ' : ''}${ja.number(times)} 回読んだ (最初 ${ja.number(first)}、最後 ${ja.number(last)})`,
  neverRead: '学習データにあるが、読まれなかった',
  readLater: ({ times, first, last }) =>
    `このモデルはまだ読んでいない。学習全体で ${ja.number(times)} 回 (最初 ${ja.number(first)}、最後 ${ja.number(last)})`,
  readingUnknown: 'いつ読んだかの記録なし',
  tuning: {
    title: 'チューニングデータ',
    kinds: { sft: '指示チューニング', preference: '選好データ' },
    verbatim: ({ covered, total }) => `${ja.number(covered)}/${ja.number(total)} 字がそのままあります`,
    failed: (reason) => `チューニングデータは検索できませんでした${reason ? ` (${reason})` : ''}`,
  },
  duplicates: (count) => `同じ文がほかに ${ja.number(count)} か所`,
  contextButton: '前後を見る',
  readingsButton: 'いつ読んだか',
  moreButton: (count) => `もっと見る (残り ${ja.number(count)} 件)`,
  engineTook: (engine, ms) => `${engine} ${ja.number(ms)} ms`,
  engineLate: (engine, ms) => `${engine}: 時間内に終わりませんでした (${ja.number(ms)} ms)`,
  engineFailed: (engine, reason) => (reason ? `${engine}: 失敗しました (${reason})` : `${engine}: 失敗しました`),
  engineOff: (engine, reason) => `${engine}: ${reason}`,
  engineReasons: {
    no_embedding_model: '埋め込みモデルが設定されていません',
    no_vectors: '索引にベクトルがありません',
    not_asked: '使っていません',
  },
  engineOffUnknown: '使われていません',
  indexDate: (date) => `索引 ${date}`,
  nothingFound: ({ documents, engines }) =>
    engines.length === 0
      ? '調べられませんでした。使える検索方法がありません。'
      : `見つかりませんでした。学習データ ${ja.number(documents)} 文書を、${engines.join('・')}で調べました。`,
  whatToTry: '別の言い方や、もう少し長い文で試してみてください。',
  disclaimer: '似ていることは、答えの原因であることも、正しいことも意味しません。',
  foundCount: (count) => `学習データに ${ja.number(count)} 件見つかりました`,
  howTo: '調べたいメッセージに 🔍 (:mag:) を付けてください。学習データから似た文章を探し、そのスレッドで答えます。',
  refusals: refusalsJa,
};

export const searchEn: SearchTexts = {
  searching: 'Searching the training data…',
  indexing: ({ done, total }) => `Building the index of the training data (${en.number(done)}/${en.number(total)})…`,
  title: 'Found in the training data',
  engines: { exact: 'Exact Match', keyword: 'Keyword Search', vector: 'Vector Search' },
  enginesShort: { exact: 'exact', keyword: 'keyword', vector: 'vector' },
  reranker: 'reranking',
  bands: { high: 'high', medium: 'medium', low: 'low' },
  training: ({ name, iterations, checkpoint }) =>
    checkpoint === null
      ? `training of ${name} (${counted(iterations, 'iteration', 'iterations', en.number(iterations))})`
      : `training of ${name} (${en.number(checkpoint)} of ${counted(iterations, 'iteration', 'iterations', en.number(iterations))})`,
  noRun: 'No training run is configured, so it is not known when any of it was read',
  spansTitle: 'Word for word',
  noSpans: (minimum) => `nothing of ${en.number(minimum)} characters or more`,
  spanShare: ({ own, share, covered, total }) =>
    `${en.percent(share)} of the ${own ? 'answer' : 'message'} (${en.number(covered)}/${en.number(total)} characters)`,
  spanPlaces: ({ documents, times }) => {
    const where = counted(documents, 'document', 'documents', en.number(documents));
    return times > documents ? `${where} (${en.number(times)} places)` : where;
  },
  moreSpans: (count) => `${en.number(count)} more`,
  moreDocuments: (count) => `${counted(count, 'more document', 'more documents', en.number(count))}`,
  relevance: (band) => `relevance ${band}`,
  timesRead: ({ times, first, last, beyond }) =>
    `read ${counted(times, 'time', 'times', en.number(times))}${beyond ? ' in the whole run' : ''} (first ${en.number(first)}, last ${en.number(last)})`,
  neverRead: 'in the training data, but never read',
  readLater: ({ times, first, last }) =>
    `not read by this model yet; ${counted(times, 'time', 'times', en.number(times))} in the whole run (first ${en.number(first)}, last ${en.number(last)})`,
  readingUnknown: 'no record of when it was read',
  tuning: {
    title: 'Tuning data',
    kinds: { sft: 'instruction tuning', preference: 'preference data' },
    verbatim: ({ covered, total }) => `${en.number(covered)}/${en.number(total)} characters stand in it word for word`,
    failed: (reason) => `Tuning data could not be searched${reason ? ` (${reason})` : ''}`,
  },
  duplicates: (count) => `the same text in ${counted(count, 'other place', 'other places', en.number(count))}`,
  contextButton: 'See in context',
  readingsButton: 'When was it read?',
  moreButton: (count) => `Show more (${en.number(count)} left)`,
  engineTook: (engine, ms) => `${engine} ${en.number(ms)} ms`,
  engineLate: (engine, ms) => `${engine}: did not finish in time (${en.number(ms)} ms)`,
  engineFailed: (engine, reason) => (reason ? `${engine}: failed (${reason})` : `${engine}: failed`),
  engineOff: (engine, reason) => `${engine}: ${reason}`,
  engineReasons: {
    no_embedding_model: 'no embedding model is configured',
    no_vectors: 'the index has no vectors',
    not_asked: 'not asked',
  },
  engineOffUnknown: 'not in use',
  indexDate: (date) => `index of ${date}`,
  nothingFound: ({ documents, engines }) =>
    engines.length === 0
      ? 'I could not search: no way of searching is available.'
      : `Nothing found. I looked through ${counted(documents, 'document', 'documents', en.number(documents))} of training data by ${en.list(engines)}.`,
  whatToTry: 'Try other words, or a longer text.',
  disclaimer: 'Resembling an answer is neither being its cause nor being true.',
  foundCount: (count) => `${counted(count, 'passage', 'passages', en.number(count))} found in the training data`,
  howTo: 'Put 🔍 (:mag:) on a message: I look for text like it in the training data, and answer in its thread.',
  refusals: refusalsEn,
};
