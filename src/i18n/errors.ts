import type { ErrorCode } from '../errors.ts';

/** What a person reads of an error: one sentence each, without its full stop. */
export interface ErrorTexts {
  readonly reasons: Readonly<Record<ErrorCode, string>>;
  answerFailed(reason: string, id: string): string;
  searchFailed(reason: string, id: string): string;
  /** A click or a command that came to nothing. */
  actionFailed(reason: string, id: string): string;
}

export const errorsJa: ErrorTexts = {
  reasons: {
    usage: '使い方が正しくありません',
    config_invalid: '設定に誤りがあります',
    node_too_old: 'Node.js が古すぎます',
    port_in_use: 'ポートが使用中です',
    data_locked: 'データを別のプロセスが使っています',
    data_version: 'データの版が合いません',
    file_missing: '必要なファイルがありません',
    file_corrupt: 'ファイルが壊れています',
    index_missing: '索引がまだありません',
    index_mismatch: '索引の作り方が今の設定と合いません',
    not_found: '見つかりません',
    model_unavailable: 'モデルに接続できません',
    model_busy: 'モデルのサーバーが混み合っているか、準備中です',
    model_late: 'モデルが時間内に書き始めませんでした',
    model_refused: 'モデルのサーバーがこの質問を受け付けませんでした',
    model_failed: 'モデルが途中で止まりました',
    prompt_too_long: '質問が長すぎて、このモデルでは読めません。短くしてもう一度送ってください',
    embedding_unavailable: '埋め込みモデルが使えません',
    engine_late: '検索が時間内に終わりませんでした',
    engine_unavailable: '検索エンジンのサーバーが使えません',
    server_unreachable: 'サーバーに接続できません',
    slack_refused: 'Slack に断られました',
    slack_unreachable: 'Slack に接続できません',
    cancelled: '取り消されました',
    lock_lost: '処理が中断されました',
    shutdown: '停止のため中断されました',
    internal: '内部のエラーです',
  },
  answerFailed: (reason, id) =>
    `⚠️ 答えられませんでした: ${reason}。しばらくしてもう一度試すか、管理者に id を伝えてください。(id: ${id})`,
  searchFailed: (reason, id) =>
    `⚠️ 調べられませんでした: ${reason}。しばらくしてもう一度試すか、管理者に id を伝えてください。(id: ${id})`,
  actionFailed: (reason, id) =>
    `⚠️ うまくいきませんでした: ${reason}。続くときは管理者に id を伝えてください。(id: ${id})`,
};

export const errorsEn: ErrorTexts = {
  reasons: {
    usage: 'that is not how it is used',
    config_invalid: 'the configuration is wrong',
    node_too_old: 'Node.js is too old',
    port_in_use: 'the port is in use',
    data_locked: 'another process is using the data',
    data_version: 'the data has another version',
    file_missing: 'a file that is needed is missing',
    file_corrupt: 'a file is damaged',
    index_missing: 'there is no index yet',
    index_mismatch: 'the index was made with other settings than today’s',
    not_found: 'it was not found',
    model_unavailable: 'the model cannot be reached',
    model_busy: 'the model’s server is busy or still starting',
    model_late: 'the model wrote nothing in the time it has',
    model_refused: 'the model’s server did not accept this question',
    model_failed: 'the model stopped half-way',
    prompt_too_long: 'the question is too long for this model; make it shorter and send it again',
    embedding_unavailable: 'the embedding model is not available',
    engine_late: 'the search did not finish in time',
    engine_unavailable: "the search engine's server is not available",
    server_unreachable: 'a server cannot be reached',
    slack_refused: 'Slack refused it',
    slack_unreachable: 'Slack cannot be reached',
    cancelled: 'it was cancelled',
    lock_lost: 'the work was interrupted',
    shutdown: 'it was interrupted by a shutdown',
    internal: 'an internal error',
  },
  answerFailed: (reason, id) =>
    `⚠️ I could not answer: ${reason}. Try again in a while, or tell an admin the id. (id: ${id})`,
  searchFailed: (reason, id) =>
    `⚠️ I could not search: ${reason}. Try again in a while, or tell an admin the id. (id: ${id})`,
  actionFailed: (reason, id) => `⚠️ That did not work: ${reason}. If it goes on, tell an admin the id. (id: ${id})`,
};
