import type { FeedbackTag } from '../store/feedback-records.ts';

/** 👍 and 👎 under an answer. Titles and buttons of modals ≤ 24 characters. */
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
}

export const feedbackJa: FeedbackTexts = {
  good: '良い答え',
  bad: '良くない答え',
  recordedGood: '👍 を記録しました。',
  notice:
    'ℹ️ 質問、答え、評価、書いてくれた文は記録され、モデルの改良に使われることがあります。このお知らせは一度だけ表示します。',
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
};

export const feedbackEn: FeedbackTexts = {
  good: 'Good answer',
  bad: 'Bad answer',
  recordedGood: '👍 recorded.',
  notice:
    'ℹ️ Questions, answers, ratings and what you write are recorded and may be used to improve models. This notice is shown once.',
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
};
