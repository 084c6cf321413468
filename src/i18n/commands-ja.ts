import type { CommandTexts } from './commands.ts';
import { createFormat } from './format.ts';

const ja = createFormat('ja');
const orNone = (value: number | null): string => (value === null ? '制限なし' : ja.number(value));

export const commandsJa: CommandTexts = {
  helpTitle: '使えるコマンド',
  what: {
    help: 'この一覧',
    status: 'モデル、検索、キューの状態',
    find: '学習データから探す (結果はあなただけに見えます)',
    jobs: '待っている答えと書いている答え',
    cancel: '答えを止める',
    'model list': 'モデルの一覧',
    'model pause': 'モデルを止める',
    'model resume': 'モデルを再開する',
    'model settings': 'ここで最後に質問したスレッドの、モデルへの聞き方を決める',
    'channel allow': 'チャンネルで使えるようにする',
    'channel deny': 'チャンネルで使えないようにする',
    'channel model': 'チャンネルで答えるモデルを決める',
    'quota show': '1 人の上限と使った量',
    'quota set': '1 人の上限を決める',
    'user ban': '人の質問と検索を止める',
    'user unban': '止めた人を元に戻す',
    'corpus list': '学習データの一覧',
    hide: '文書をすべての結果から外す',
    unhide: '外した文書を戻す',
    audit: '操作の記録',
    announce: 'すべてのチャンネルに知らせる',
  },
  unknown: (given, nearest) =>
    nearest === null
      ? `「${given}」というコマンドはありません。`
      : `「${given}」というコマンドはありません。${nearest} でしょうか？`,
  usage: (usage) => `使い方: ${usage}`,
  onlyAdmins: (admins, reason) =>
    [
      'このコマンドは管理者だけが使えます。',
      admins.length > 0 ? `管理者: ${admins.join('、')} に頼んでください。` : '管理者が見つかりません。',
      reason === null ? '' : `あなたが管理者かどうかを確かめられませんでした (${reason})。`,
    ].join(''),
  otherWorkspace: 'このコマンドは、アプリがインストールされたワークスペースの人だけが使えます。',
  confirmButton: '実行する',
  dismissButton: 'やめる',
  dismissed: 'やめました。何も変わっていません。',
  stale: {
    unknown: 'この確認は見つかりません。何も変わっていません。',
    used: 'この確認はもう使われました。もう一度は実行しません。',
    expired: 'この確認は期限切れです。もう一度コマンドを実行してください。',
    another_person: 'この確認はほかの人のものです。何も変わっていません。',
  },
  groups: {
    everybody: 'だれでも使えるもの',
    answers: '答え',
    models: 'モデル',
    channels: 'チャンネル',
    people: '人',
    data: '学習データ',
    record: '記録とお知らせ',
  },
  wasSo: 'もうそうなっています。',
  nothing: 'ありません。',
  everybody: '全員',
  notInUse: '使われていません',
  pausedBy: (person) => `⏸ ${person} が停止`,
  jobsTitle: '待っている答えと書いている答え',
  modelsTitle: 'モデル',
  corporaTitle: '学習データ',
  quotaTitle: '1 人の上限 (24 時間)',
  auditTitle: '操作の記録',
  states: { queued: '待ち', running: '実行中', done: '完了', failed: '失敗', cancelled: '停止' },
  outcomes: { denied: '拒否', failed: '失敗' },
  otherActions: { confirm: '確認のボタン', unknown: '知らないコマンド' },
  reasons: {
    'no admin': '管理者ではありません',
    'another workspace': 'ほかのワークスペースの人です',
    'confirmation: unknown': 'その確認はありません',
    'confirmation: used': 'その確認はもう使われています',
    'confirmation: expired': 'その確認は期限切れです',
    'confirmation: another_person': 'その確認はほかの人のものです',
    begun: '始めました',
    'ended before': 'その前に終わっていました',
  },
  values: {
    paused: '停止',
    notPaused: '動作',
    denied: '使えない',
    allowed: '使える',
    ownModel: 'アプリのモデル',
    notSet: '設定なし',
    banned: '止められている',
    notBanned: '止められていない',
    hidden: '結果に出ない',
    shown: '結果に出る',
    channels: (count) => `${count} のチャンネルへ`,
  },
  seconds: (count) => `${ja.number(count)} 秒`,
  quota: ({ questions, tokens, atOnce }) =>
    `質問 ${orNone(questions)} · トークン ${orNone(tokens)} · 同時 ${orNone(atOnce)}`,
  used: ({ questions, tokens, atOnce }) =>
    `使った量: 質問 ${ja.number(questions)} · トークン ${ja.number(tokens)} · 同時 ${ja.number(atOnce)}`,
  corpusFacts: ({ seenBy, runs, hidden }) =>
    `見える人: ${seenBy.join('、') || 'なし'} · 学習: ${runs.join('、') || 'なし'} · 外した文書 ${ja.number(hidden)}`,
  noAnswer: (id) => `「${id}」という答えはありません。\`/tenkyo jobs\` で id を確かめてください。`,
  endedAlready: (id) => `答え ${id} はもう終わっています。`,
  noModel: (given, models) => `「${given}」というモデルはありません。あるのは ${models.join('、')} です。`,
  noChannel: (given) => `「${given}」というチャンネルが見つかりません。#名前 か id で指定してください。`,
  noPerson: (given) => `「${given}」という人が見つかりません。@名前 で指定してください。`,
  noDocument: (given) => `「${given}」という文書が見つかりません。文書の id で指定してください。`,
  severalDocuments: '同じ id の文書がいくつかあります。どれかを選んで、もう一度実行してください。',
  tooLong: (most) => `長すぎます。${most} 字までにしてください。`,
  did: {
    cancel: (model, person, was) =>
      was === 'queued'
        ? `✓ ${person} への ${model} の答えを、書き始める前に止めました。`
        : `✓ ${person} への ${model} の答えを止めました。ここまでの文は残ります。`,
    pause: (model) =>
      `✓ ${model} を止めました。新しい質問には「止めています」と答えます。再開: \`/tenkyo model resume ${model}\``,
    resume: (model) => `✓ ${model} を再開しました。`,
    allow: (channel) => `✓ ${channel} で使えるようにしました。`,
    deny: (channel) => `✓ ${channel} で使えないようにしました。`,
    channelModel: (channel, model) =>
      model === null
        ? `✓ ${channel} では、それぞれのアプリのモデルが答えます。`
        : `✓ ${channel} では、どのアプリに聞いても ${model} が答えます。`,
    quota: (whose, after) => `✓ ${whose} の上限を変えました。\n今: ${after ?? '全員と同じ (全員なら設定ファイルの値)'}`,
    ban: (person) => `✓ ${person} の質問と検索を止めました。`,
    unban: (person) => `✓ ${person} はまた質問と検索ができます。`,
    hide: (document, messages) =>
      `✓ 文書 ${document} をすべての結果から外しました。${messages > 0 ? `すでに出ていた結果 ${ja.number(messages)} 件も書き直します。` : ''}`,
    unhide: (document, messages) =>
      `✓ 文書 ${document} を結果に戻しました。${messages > 0 ? `すでに出ていた結果 ${ja.number(messages)} 件も書き直します。` : ''}`,
  },
  announced: ({ sent, failed, unsure, before }) =>
    [
      `✓ ${ja.number(sent)} のチャンネルに知らせました。`,
      ...(before > 0 ? [`前に知らせてあった ${ja.number(before)} のチャンネルには送っていません。`] : []),
      ...(failed.length > 0
        ? [`送れなかったチャンネル: ${failed.join('、')}。同じ文でもう一度実行すると、そこだけに送ります。`]
        : []),
      ...(unsure.length > 0 ? [`届いたか分からないチャンネル: ${unsure.join('、')}。見て確かめてください。`] : []),
    ].join('\n'),
  announcedBefore: (channels, unsure) =>
    [
      `同じ文を 24 時間以内に ${ja.number(channels)} のチャンネルに知らせてあり、残りはありません。`,
      ...(unsure.length > 0 ? [`届いたか分からないチャンネル: ${unsure.join('、')}。見て確かめてください。`] : []),
    ].join('\n'),
  confirm: {
    cancel: (model, person) =>
      `${person} への ${model} の答えを止めますか？ ここまでの文は「停止しました」と付けて残ります。`,
    pause: (model) => `${model} を止めますか？ 新しい質問には「止めています」と答えます。待っている質問には答えます。`,
    resume: (model) => `${model} を再開しますか？`,
    allow: (channel) => `${channel} で使えるようにしますか？`,
    deny: (channel) => `${channel} で使えないようにしますか？ チャンネルには一度だけ知らせます。`,
    channelModel: (channel, model) =>
      model === null
        ? `${channel} では、それぞれのアプリのモデルが答えるようにしますか？`
        : `${channel} では、どのアプリに聞いても ${model} が答えるようにしますか？`,
    quota: (whose, before, after) =>
      `${whose}の上限を変えますか？\n今: ${before}\n後: ${after ?? '全員と同じ (全員なら設定ファイルの値)'}`,
    ban: (person) => `${person} の質問と検索を止めますか？ 本人にはそう伝えます。`,
    unban: (person) => `${person} がまた質問と検索をできるようにしますか？`,
    hide: (document) => `文書 ${document} をすべての結果から外しますか？ すでに出ている結果からも消えます。`,
    unhide: (document) => `文書 ${document} を結果に戻しますか？`,
    announce: (channels, before) =>
      before > 0
        ? `この文は途中まで知らせてあります (${ja.number(before)} のチャンネル)。残りの ${ja.number(channels)} のチャンネルに知らせますか？`
        : `${ja.number(channels)} のチャンネルに、次の文を知らせますか？`,
  },
};
