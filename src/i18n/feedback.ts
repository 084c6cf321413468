import type { FeedbackTag } from '../store/feedback-records.ts';
import { createFormat } from './format.ts';

/** 👍 and 👎 under an answer, and flags under a passage. Titles and buttons of modals ≤ 24 characters. */
export interface FeedbackTexts {
  readonly good: string;
  readonly bad: string;
  readonly recordedGood: string;
  /** Shown once a person, before anything of theirs is used. */
  readonly notice: string;
  readonly form: {
    readonly title: string;
    readonly submit: string;
    readonly close: string;
    readonly question: string;
    readonly answer: string;
    readonly recorded: string;
    readonly tagsLabel: string;
    readonly tags: Readonly<Record<FeedbackTag, string>>;
    readonly commentLabel: string;
    readonly betterLabel: string;
    readonly betterHint: string;
    readonly betterPlaceholder: string;
  };
  readonly flag: {
    readonly good: string;
    readonly bad: string;
    readonly reportButton: string;
    readonly recordedGood: string;
    readonly recordedBad: string;
    readonly title: string;
    readonly label: string;
    readonly placeholder: string;
    readonly submit: string;
  };
  readonly home: {
    readonly answersTitle: string;
    readonly everybody: string;
    readonly yours: string;
    readonly none: string;
    counts(up: number, down: number): string;
    readonly rankingTitle: string;
    readonly rankingNone: string;
    readonly rankingNote: string;
    rank(facts: { rank: number; name: string; rating: number; low: number; high: number; votes: number }): string;
    readonly openTitle: string;
    readonly openNone: string;
    readonly dataTitle: string;
    readonly data: string;
  };
}

const ja = createFormat('ja');
const en = createFormat('en');

export const feedbackJa: FeedbackTexts = {
  good: '良い答え',
  bad: '良くない答え',
  recordedGood: '👍 を記録しました。',
  notice:
    'ℹ️ 質問、答え、評価、書いてくれた文は記録され、モデルの改良のために (名前を伏せて) 書き出されることがあります。`/tenkyo forget-me` でいつでも消せます。このお知らせは一度だけ表示します。',
  form: {
    title: '答えの評価',
    submit: '送る',
    close: '閉じる',
    question: '質問',
    answer: '答え',
    recorded: '👎 を記録しました。よければ理由も教えてください。あとから変えられます。',
    tagsLabel: '何が良くなかったですか',
    tags: {
      wrong_fact: '事実と違う',
      off_topic: '聞いたことと違う',
      unnatural: '日本語が不自然',
      unsafe: '安全でない',
      repeats: '同じことを繰り返す',
      other: 'その他',
    },
    commentLabel: 'コメント',
    betterLabel: 'もっと良い答え',
    betterHint: 'そのまま、次の学習の手本になります。',
    betterPlaceholder: 'こう答えてほしかった、という文',
  },
  flag: {
    good: '👍',
    bad: '👎',
    reportButton: '報告',
    recordedGood: 'この一節に 👍 を記録しました。',
    recordedBad: 'この一節に 👎 を記録しました。',
    title: '一節を報告',
    label: 'この一節の何が問題ですか',
    placeholder: '例: 個人情報が含まれている、文字が化けている',
    submit: '報告する',
  },
  home: {
    answersTitle: '答えへの評価',
    everybody: 'みんな',
    yours: 'あなた',
    none: 'まだ評価はありません。答えの下の 👍 と 👎 で評価できます。',
    counts: (up, down) => `👍 ${ja.number(up)}  👎 ${ja.number(down)}`,
    rankingTitle: '目隠し比較の順位',
    rankingNone: 'まだ投票がありません。`/tenkyo compare 質問` で比べられます。',
    rankingNote: 'Bradley–Terry による強さ (Elo の目盛り、平均 1,000) と 95 % 区間 (ブートストラップ)。',
    rank: ({ rank, name, rating, low, high, votes }) =>
      `${rank}. *${name}*  ${ja.number(rating)}  (${ja.number(low)} – ${ja.number(high)})  ${ja.number(votes)} 票`,
    openTitle: '新しい比較',
    openNone: '比較はまだありません。',
    dataTitle: 'あなたの記録',
    data: '`/tenkyo forget-me` で、あなたの質問、評価、投票の記録を消せます。',
  },
};

export const feedbackEn: FeedbackTexts = {
  good: 'Good answer',
  bad: 'Bad answer',
  recordedGood: '👍 recorded.',
  notice:
    'ℹ️ Questions, answers, ratings and what you write are recorded and may be exported (without names) to improve models. `/tenkyo forget-me` removes them at any time. This notice is shown once.',
  form: {
    title: 'Rate the answer',
    submit: 'Send',
    close: 'Close',
    question: 'Question',
    answer: 'Answer',
    recorded: '👎 recorded. If you like, say why. You can change it later.',
    tagsLabel: 'What was wrong?',
    tags: {
      wrong_fact: 'Wrong fact',
      off_topic: 'Not what I asked',
      unnatural: 'Unnatural Japanese',
      unsafe: 'Unsafe',
      repeats: 'Repeats itself',
      other: 'Other',
    },
    commentLabel: 'Comment',
    betterLabel: 'A better answer',
    betterHint: 'It becomes an example for the next training as it is.',
    betterPlaceholder: 'The answer as it should have been',
  },
  flag: {
    good: '👍',
    bad: '👎',
    reportButton: 'Report',
    recordedGood: '👍 recorded for this passage.',
    recordedBad: '👎 recorded for this passage.',
    title: 'Report a passage',
    label: 'What is wrong with this passage?',
    placeholder: 'For example: it names a private person, its characters are broken',
    submit: 'Report',
  },
  home: {
    answersTitle: 'Ratings of answers',
    everybody: 'Everybody',
    yours: 'You',
    none: 'No ratings yet. Rate an answer with 👍 and 👎 below it.',
    counts: (up, down) => `👍 ${en.number(up)}  👎 ${en.number(down)}`,
    rankingTitle: 'Blind comparisons',
    rankingNone: 'No votes yet. Compare with `/tenkyo compare QUESTION`.',
    rankingNote: 'Bradley–Terry strength (on the Elo scale, mean 1,000) with its 95 % interval (bootstrap).',
    rank: ({ rank, name, rating, low, high, votes }) =>
      `${rank}. *${name}*  ${en.number(rating)}  (${en.number(low)} – ${en.number(high)})  ${votes === 1 ? '1 vote' : `${en.number(votes)} votes`}`,
    openTitle: 'New comparisons',
    openNone: 'There are no comparisons yet.',
    dataTitle: 'Your records',
    data: '`/tenkyo forget-me` removes the records of your questions, ratings and votes.',
  },
};
