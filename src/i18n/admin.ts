import { counted, createFormat } from './format.ts';

/** `/tenkyo status`. Names given to these functions are mrkdwn already. */
export interface AdminTexts {
  readonly looking: string;
  readonly statusTitle: string;
  readonly modelsTitle: string;
  readonly corporaTitle: string;
  readonly workersTitle: string;
  readonly allWell: string;
  readonly lookAt: string;
  readonly modelStates: Readonly<Record<'up' | 'partly' | 'starting' | 'idle' | 'down', string>>;
  running(count: number): string;
  /** `seconds`: how long the one has waited that waits longest; null: none waits. */
  waiting(count: number, seconds: number | null): string;
  searching(count: number): string;
  tokensPerSecond(rate: number): string;
  /** What computes a local model. */
  readonly devices: Readonly<Record<'cpu' | 'cuda', string>>;
  servers(servers: readonly string[]): string;
  readonly noWorker: string;
  noWorkerFor(what: string): string;
  serversDown(down: readonly string[], of: number): string;
  readonly noWorkers: string;
  readonly queuesSilent: string;
  unlisted(models: readonly string[]): string;
  /** A model that admins paused and that is not configured any more. */
  readonly notConfigured: string;
  documents(documents: number, passages: number): string;
  readonly engines: Readonly<Record<'exact' | 'keyword' | 'vector', string>>;
  indexOf(when: string): string;
  building(done: number, total: number): string;
  readonly noIndex: string;
  indexFailed(reason: string): string;
  failedLastHour(count: number): string;
  /** The worker's process on its machine, and what it does. */
  worker(host: string, pid: number, does: readonly string[]): string;
  answersOf(models: readonly string[]): string;
  readonly searches: string;
  readonly indexing: string;
  seen(when: string): string;
  more(count: number): string;
  /** The one line that everybody gets. */
  brief(facts: { models: readonly string[]; admins: string }): string;
  modelIs(name: string, state: string): string;
  /** `admins` are mentions. */
  admins(admins: readonly string[]): string;
  readonly noAdmins: string;
  readonly paused: string;
  pausedBy(person: string, when: string): string;
}

const ja = createFormat('ja');
const en = createFormat('en');

const longJa = (seconds: number): string =>
  seconds < 60
    ? `${ja.number(seconds)} 秒`
    : seconds < 3_600
      ? `${ja.number(Math.round(seconds / 60))} 分`
      : `${ja.number(Math.round(seconds / 3_600))} 時間`;
const longEn = (seconds: number): string =>
  seconds < 60
    ? `${en.number(seconds)} s`
    : seconds < 3_600
      ? `${en.number(Math.round(seconds / 60))} min`
      : `${en.number(Math.round(seconds / 3_600))} h`;

export const adminJa: AdminTexts = {
  looking: '調べています…',
  statusTitle: 'Tenkyo の状態',
  modelsTitle: 'モデル',
  corporaTitle: '検索',
  workersTitle: 'ワーカー',
  allWell: '🟢 すべて動いています。',
  lookAt: '⚠️ *気を付けること*',
  modelStates: {
    up: '稼働中',
    partly: '一部のサーバーで稼働中',
    starting: '準備中',
    idle: '最初の質問で読み込みます',
    down: '停止中',
  },
  running: (count) => `書いている ${ja.number(count)}`,
  waiting: (count, seconds) => `待ち ${ja.number(count)}${seconds === null ? '' : ` (最長 ${longJa(seconds)})`}`,
  searching: (count) => `調べている ${ja.number(count)}`,
  tokensPerSecond: (rate) => `${ja.number(rate)} トークン/秒`,
  devices: { cpu: 'CPU (ONNX)', cuda: 'GPU (ONNX, CUDA)' },
  servers: (servers) => `サーバー ${servers.join('、')}`,
  noWorker: '答えるワーカーがありません',
  noWorkerFor: (what) => `${what}のワーカーがありません`,
  serversDown: (down, of) =>
    down.length === of
      ? `サーバーに接続できません (${down.join('、')})`
      : `${ja.number(of)} 台のうち ${ja.number(down.length)} 台のサーバーに接続できません (${down.join('、')})`,
  noWorkers: 'ワーカーが 1 つも動いていません',
  queuesSilent: '順番待ちのサーバーが応答しません',
  unlisted: (models) => `アプリのないモデル: ${models.join('、')}`,
  notConfigured: '設定ファイルにありません',
  documents: (documents, passages) => `${ja.number(documents)} 文書 / ${ja.number(passages)} 節`,
  engines: { exact: '完全一致', keyword: 'キーワード', vector: 'ベクトル' },
  indexOf: (when) => `索引 ${when}`,
  building: (done, total) => (total > 0 ? `索引を作成中 ${ja.number(done)}/${ja.number(total)}` : '索引を作成中'),
  noIndex: '索引がありません',
  indexFailed: (reason) => `索引を開けません (${reason})`,
  failedLastHour: (count) => `直近 1 時間の失敗 ${ja.number(count)}`,
  worker: (host, pid, does) => `${host} (プロセス ${pid}): ${does.join(' · ')}`,
  answersOf: (models) => `${models.join('、')} の答え`,
  searches: '検索',
  indexing: '索引作り',
  seen: (when) => `${when} に確認`,
  more: (count) => `ほかに ${ja.number(count)}`,
  brief: ({ models, admins }) => `${models.join(' · ')}。${admins}`,
  modelIs: (name, state) => `${name} は${state}です`,
  admins: (admins) => `管理者: ${admins.join('、')}`,
  noAdmins: '管理者が見つかりません。',
  paused: '⏸ 停止させています',
  pausedBy: (person, when) => `${person} が ${when} に停止させました`,
};

export const adminEn: AdminTexts = {
  looking: 'Looking…',
  statusTitle: 'State of Tenkyo',
  modelsTitle: 'Models',
  corporaTitle: 'Search',
  workersTitle: 'Workers',
  allWell: '🟢 Everything is running.',
  lookAt: '⚠️ *To look at*',
  modelStates: {
    up: 'up',
    partly: 'up on some servers',
    starting: 'starting',
    idle: 'loads with its first question',
    down: 'down',
  },
  running: (count) => `${en.number(count)} being written`,
  waiting: (count, seconds) => `${en.number(count)} waiting${seconds === null ? '' : ` (longest ${longEn(seconds)})`}`,
  searching: (count) => `${en.number(count)} being searched`,
  tokensPerSecond: (rate) => `${en.number(rate)} tokens/s`,
  devices: { cpu: 'CPU (ONNX)', cuda: 'GPU (ONNX, CUDA)' },
  servers: (servers) => `${servers.length === 1 ? 'server' : 'servers'} ${servers.join(', ')}`,
  noWorker: 'no worker answers',
  noWorkerFor: (what) => `no worker for: ${what}`,
  serversDown: (down, of) =>
    down.length === of
      ? `cannot be reached (${down.join(', ')})`
      : `${en.number(down.length)} of ${en.number(of)} servers cannot be reached (${down.join(', ')})`,
  noWorkers: 'no worker is alive',
  queuesSilent: 'the server of the queues does not answer',
  unlisted: (models) => `Models without an app: ${models.join(', ')}`,
  notConfigured: 'not configured',
  documents: (documents, passages) =>
    `${counted(documents, 'document', 'documents', en.number(documents))} / ${counted(passages, 'passage', 'passages', en.number(passages))}`,
  engines: { exact: 'exact', keyword: 'keyword', vector: 'vector' },
  indexOf: (when) => `index of ${when}`,
  building: (done, total) =>
    total > 0 ? `building the index ${en.number(done)}/${en.number(total)}` : 'building the index',
  noIndex: 'no index',
  indexFailed: (reason) => `the index cannot be opened (${reason})`,
  failedLastHour: (count) => `${counted(count, 'failure', 'failures', en.number(count))} in the last hour`,
  worker: (host, pid, does) => `${host} (process ${pid}): ${does.join(' · ')}`,
  answersOf: (models) => `answers of ${models.join(', ')}`,
  searches: 'search',
  indexing: 'building indexes',
  seen: (when) => `as of ${when}`,
  more: (count) => `${en.number(count)} more`,
  brief: ({ models, admins }) => `${models.join(' · ')}. ${admins}`,
  modelIs: (name, state) => `${name} is ${state}`,
  admins: (admins) => `Admins: ${admins.join(', ')}`,
  noAdmins: 'No admin was found.',
  paused: '⏸ paused',
  pausedBy: (person, when) => `paused by ${person}, ${when}`,
};
