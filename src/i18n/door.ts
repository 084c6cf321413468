import type { OverLimit } from '../store/limits.ts';
import { counted, createFormat } from './format.ts';

/** Why a question or a search is not taken. */
export interface DoorTexts {
  readonly banned: string;
  readonly channelDenied: string;
  paused(model: string): string;
  /** `frees` is a moment in the reader's own time, or null. */
  overQuota(over: Exclude<OverLimit, { limit: 'waiting' }>, frees: string | null): string;
  queueFull(facts: { model: string; waiting: number; seconds: number | null }): string;
  readonly nothingVisible: string;
  /** `place`: 1 is next; `own`: earlier questions of the same person that it waits for. */
  inQueue(facts: { place: number; seconds: number | null; own: number }): string;
}

const ja = createFormat('ja');
const en = createFormat('en');

const aboutJa = (seconds: number): string =>
  seconds < 60 ? `約 ${ja.number(Math.max(1, seconds))} 秒` : `約 ${ja.number(Math.ceil(seconds / 60))} 分`;
const aboutEn = (seconds: number): string => {
  if (seconds < 60) return `about ${counted(Math.max(1, Math.ceil(seconds)), 'second', 'seconds')}`;
  const minutes = Math.ceil(seconds / 60);
  return `about ${counted(minutes, 'minute', 'minutes', en.number(minutes))}`;
};

export const doorJa: DoorTexts = {
  banned: '管理者により、あなたからの質問と検索は止められています。理由は管理者に聞いてください。',
  channelDenied:
    'このチャンネルでは使えないように管理者が設定しています。ほかのチャンネルか、ダイレクトメッセージで使ってください。',
  paused: (model) => `⏸ ${model} は今、管理者が止めています。再開したあとでもう一度質問してください。`,
  overQuota: ({ limit, most }, frees) => {
    if (limit === 'atOnce') {
      return `同時に待てる質問は 1 人 ${ja.number(most)} 件までです。前の答えが終わってからもう一度質問してください。`;
    }
    const what =
      limit === 'questions'
        ? `24 時間に 1 人 ${ja.number(most)} 件までの質問`
        : `24 時間に 1 人 ${ja.number(most)} トークンまでの利用`;
    return frees === null
      ? `${what}と決められているので、答えられません。`
      : `${what}を使い切りました。${frees} にまた使えます。`;
  },
  queueFull: ({ model, waiting, seconds }) =>
    `${model} の順番待ちがいっぱいです (${ja.number(waiting)} 人${seconds === null ? '' : `、待ち時間は${aboutJa(seconds)}`})。しばらくしてもう一度質問してください。`,
  nothingVisible: 'ここで見せてよい学習データがないので、調べられません。管理者に聞いてください。',
  inQueue: ({ place, seconds, own }) =>
    own > 0
      ? `先に聞いた ${ja.number(own)} 件のあとで答えます`
      : `順番待ち: ${ja.number(place)} 人目${seconds === null ? '' : ` (${aboutJa(seconds)})`}`,
};

export const doorEn: DoorTexts = {
  banned: 'An admin has stopped your questions and searches. Ask an admin why.',
  channelDenied: 'An admin has switched me off in this channel. Use another channel, or write to me directly.',
  paused: (model) => `⏸ ${model} is paused by an admin. Ask again when it has been resumed.`,
  overQuota: ({ limit, most }, frees) => {
    if (limit === 'atOnce') {
      return `One person may have ${counted(most, 'question', 'questions', en.number(most))} waiting at once. Ask again when an earlier answer is done.`;
    }
    const what =
      limit === 'questions'
        ? counted(most, 'question', 'questions', en.number(most))
        : counted(most, 'token', 'tokens', en.number(most));
    return frees === null
      ? `The limit for one person is ${what} in 24 hours, so I cannot answer.`
      : `You have used all of your ${what} for 24 hours. There is room again ${frees}.`;
  },
  queueFull: ({ model, waiting, seconds }) =>
    `The queue of ${model} is full (${en.number(waiting)} waiting${seconds === null ? '' : `, ${aboutEn(seconds)}`}). Please ask again in a while.`,
  nothingVisible: 'None of the training data may be shown here, so I cannot search. Ask an admin.',
  inQueue: ({ place, seconds, own }) =>
    own > 0
      ? `Waiting for your ${counted(own, 'earlier question', 'earlier questions', en.number(own))}`
      : `In the queue: number ${en.number(place)}${seconds === null ? '' : ` (${aboutEn(seconds)})`}`,
};
