import type { PersonalCounts } from '../store/feedback-records.ts';
import { counted, createFormat } from './format.ts';

/** The Home tab of an app. Names given to these functions are mrkdwn already. */
export interface HomeTexts {
  readonly howTitle: string;
  /** What one does with an app of this role; `bot` is a mention. */
  readonly how: {
    model(bot: string): readonly string[];
    search(bot: string): readonly string[];
    admin(command: string): readonly string[];
  };
  readonly mineTitle: string;
  mine(counts: PersonalCounts, verdicts: { up: number; down: number }): string;
  /** What is recorded, and how one has it removed; `command` as one types it. */
  recorded(command: string): string;
  readonly modelsTitle: string;
  readonly noModels: string;
  model(name: string, state: string, speed: string | null): string;
  readonly statusTitle: string;
  readonly refresh: string;
}

const ja = createFormat('ja');
const en = createFormat('en');

export const homeJa: HomeTexts = {
  howTitle: '使い方',
  how: {
    model: (bot) => [
      `• チャンネルで ${bot} に続けて質問を書くか、ここの「メッセージ」に書いてください。続きはスレッドに書けます。`,
      '• 答えの 👍 👎 は次の学習に役立ちます。👎 には、もっと良い答えを書けます。',
    ],
    search: () => [
      '• 投稿に 🔍 を付けると、モデルが学習で何を読んだかをスレッドに出します。',
      '• 投稿のメニュー (⋮) の「Find in training data」でも調べられます。',
    ],
    admin: (command) => [
      `• \`${command} find 言葉\` で学習データを探し、\`${command} compare 質問\` で 2 つの答えを名前を隠して比べます。`,
      `• \`${command} help\` で使えるコマンドの一覧を見られます。`,
    ],
  },
  mineTitle: 'あなたの記録',
  mine: ({ answers, searches, comparisons, votes, flags }, { up, down }) =>
    `質問 ${ja.number(answers)} · 検索 ${ja.number(searches)} · 👍 ${ja.number(up)} · 👎 ${ja.number(down)} · 比較 ${ja.number(comparisons)} · 投票 ${ja.number(votes)} · 報告 ${ja.number(flags)}`,
  recorded: (command) =>
    `質問、答え、評価は記録され、モデルの改良に使われることがあります。\`${command}\` で自分の記録を消せます。`,
  modelsTitle: 'モデル',
  noModels: 'モデルが設定されていません。',
  model: (name, state, speed) => [`*${name}*`, state, ...(speed === null ? [] : [speed])].join(' · '),
  statusTitle: 'ここから下は管理者だけに見えます',
  refresh: '更新',
};

export const homeEn: HomeTexts = {
  howTitle: 'How to use it',
  how: {
    model: (bot) => [
      `• Write a question after ${bot} in a channel, or here under Messages. Go on in the thread.`,
      '• 👍 and 👎 help the next training. With 👎 you can write the better answer.',
    ],
    search: () => [
      '• Put 🔍 on a message: the thread shows what the model read about it in training.',
      '• Or choose “Find in training data” in the menu (⋮) of a message.',
    ],
    admin: (command) => [
      `• \`${command} find WORDS\` searches the training data; \`${command} compare QUESTION\` compares two answers blind.`,
      `• \`${command} help\` lists the commands that you can use.`,
    ],
  },
  mineTitle: 'Yours',
  mine: ({ answers, searches, comparisons, votes, flags }, { up, down }) =>
    [
      counted(answers, 'question', 'questions', en.number(answers)),
      counted(searches, 'search', 'searches', en.number(searches)),
      `👍 ${en.number(up)}`,
      `👎 ${en.number(down)}`,
      counted(comparisons, 'comparison', 'comparisons', en.number(comparisons)),
      counted(votes, 'vote', 'votes', en.number(votes)),
      counted(flags, 'report', 'reports', en.number(flags)),
    ].join(' · '),
  recorded: (command) =>
    `Questions, answers and ratings are recorded and may be used to improve models. \`${command}\` removes what is recorded of you.`,
  modelsTitle: 'Models',
  noModels: 'No model is configured.',
  model: (name, state, speed) => [`*${name}*`, state, ...(speed === null ? [] : [speed])].join(' · '),
  statusTitle: 'Only admins see what follows',
  refresh: 'Refresh',
};
