import { counted, createFormat } from './format.ts';

/** `/tenkyo`. */
export interface AdminTexts {
  readonly looking: string;
  readonly statusTitle: string;
  readonly modelsLabel: string;
  readonly corporaLabel: string;
  readonly queuesLabel: string;
  readonly modelStates: Readonly<Record<'up' | 'starting' | 'down', string>>;
  running(count: number): string;
  waiting(count: number): string;
  tokensPerSecond(rate: number): string;
  documents(documents: number, passages: number): string;
  readonly engines: Readonly<Record<'exact' | 'keyword' | 'vector', string>>;
  indexOf(when: string): string;
  building(done: number, total: number): string;
  readonly noIndex: string;
  failedLastHour(count: number): string;
  /** The one line that everybody gets. */
  brief(facts: { models: readonly string[]; admins: string }): string;
  modelIs(name: string, state: string): string;
  /** `admins` are mentions. */
  admins(admins: readonly string[]): string;
  readonly noAdmins: string;
  /** It could not be found out whether the person is an admin. */
  unsure(reason: string): string;
  readonly workersLabel: string;
  /** How long the one has waited that waits longest, in seconds. */
  longest(seconds: number): string;
  workersAlive(count: number): string;
  readonly paused: string;
}

const ja = createFormat('ja');
const en = createFormat('en');

export const adminJa: AdminTexts = {
  looking: '調べています…',
  statusTitle: 'Tenkyo の状態',
  modelsLabel: 'モデル',
  corporaLabel: '検索',
  queuesLabel: 'キュー',
  modelStates: { up: '稼働中', starting: '準備中', down: '停止中' },
  running: (count) => `実行 ${ja.number(count)}`,
  waiting: (count) => `待ち ${ja.number(count)}`,
  tokensPerSecond: (rate) => `${ja.number(rate)} トークン/秒`,
  documents: (documents, passages) => `${ja.number(documents)} 文書 / ${ja.number(passages)} 節`,
  engines: { exact: '完全一致', keyword: 'キーワード', vector: 'ベクトル' },
  indexOf: (when) => `索引 ${when}`,
  building: (done, total) => (total > 0 ? `索引を作成中 ${ja.number(done)}/${ja.number(total)}` : '索引を作成中'),
  noIndex: '索引がありません',
  failedLastHour: (count) => `直近 1 時間の失敗 ${ja.number(count)}`,
  brief: ({ models, admins }) => `${models.join(' · ')}。${admins}`,
  modelIs: (name, state) => `${name} は${state}です`,
  admins: (admins) => `管理者: ${admins.join('、')}`,
  noAdmins: '管理者が見つかりません。',
  unsure: (reason) => `管理者かどうかを確かめられませんでした (${reason})。`,
  workersLabel: 'ワーカー',
  longest: (seconds) => `最長 ${ja.number(seconds)} 秒`,
  workersAlive: (count) => `${ja.number(count)} 稼働中`,
  paused: '⏸ 停止させています',
};

export const adminEn: AdminTexts = {
  looking: 'Looking…',
  statusTitle: 'State of Tenkyo',
  modelsLabel: 'Models',
  corporaLabel: 'Search',
  queuesLabel: 'Queues',
  modelStates: { up: 'up', starting: 'starting', down: 'down' },
  running: (count) => `${en.number(count)} running`,
  waiting: (count) => `${en.number(count)} waiting`,
  tokensPerSecond: (rate) => `${en.number(rate)} tokens/s`,
  documents: (documents, passages) =>
    `${counted(documents, 'document', 'documents', en.number(documents))} / ${counted(passages, 'passage', 'passages', en.number(passages))}`,
  engines: { exact: 'exact', keyword: 'keyword', vector: 'vector' },
  indexOf: (when) => `index of ${when}`,
  building: (done, total) =>
    total > 0 ? `building the index ${en.number(done)}/${en.number(total)}` : 'building the index',
  noIndex: 'no index',
  failedLastHour: (count) => `${counted(count, 'failure', 'failures', en.number(count))} in the last hour`,
  brief: ({ models, admins }) => `${models.join(' · ')}. ${admins}`,
  modelIs: (name, state) => `${name} is ${state}`,
  admins: (admins) => `Admins: ${admins.join(', ')}`,
  noAdmins: 'No admin was found.',
  unsure: (reason) => `I could not find out whether you are an admin (${reason}).`,
  workersLabel: 'Workers',
  longest: (seconds) => `longest ${en.number(seconds)} s`,
  workersAlive: (count) => `${en.number(count)} alive`,
  paused: '⏸ paused',
};
