import { counted, createFormat } from './format.ts';

/** Around a model's answer. */
export interface AnswerTexts {
  readonly thinking: string;
  /** While the end of a long answer does not fit the message yet. */
  readonly moreComing: string;
  readonly cutByLimit: string;
  readonly cutByLoop: string;
  readonly stopped: string;
  readonly stopButton: string;
  /** Somebody else pressed Stop. `admins` are mentions. */
  stopNotYours(admins: readonly string[]): string;
  readonly stoppedAlready: string;
  /** The question was deleted while its answer was being written. */
  readonly withdrawn: string;
  /** The question was changed after its answer had begun. */
  readonly questionChanged: string;
  readonly answerChangedButton: string;
  readonly wroteNothing: string;
  /** Said once in a thread: so many earlier turns had no room in the prompt. */
  leftOut(turns: number): string;
  readonly findReadButton: string;
  readonly againButton: string;
  readonly tryAgainButton: string;
  /** The part of a long answer that a message holds, from 1. */
  part(part: number, parts: number): string;
  smallPrint(facts: { model: string; seconds: number; tokens: number }): string;
  /** Someone wrote the mention alone. `bot` is a mention. */
  emptyMention(bot: string): string;
  readonly answerGone: string;
  readonly stillWriting: string;
  readonly searchesElsewhere: string;
  /** Above questions that people are offered. */
  readonly promptsTitle: string;
}

const ja = createFormat('ja');
const en = createFormat('en');

export const answerJa: AnswerTexts = {
  thinking: '考えています…',
  moreComing: '(続きを書いています…)',
  cutByLimit: '(長さの上限で止まりました。続けるには「続けて」と書いてください。)',
  cutByLoop: '(同じ言葉の繰り返しになったので止めました。)',
  stopped: '(停止しました)',
  stopButton: '⏹ 停止',
  stopNotYours: (admins) =>
    `この答えを止められるのは、質問した人と管理者だけです。${admins.length > 0 ? `管理者: ${admins.join('、')}` : ''}`,
  stoppedAlready: 'この答えはもう終わっています。',
  withdrawn: '(質問が削除されたので止めました)',
  questionChanged: '答えを書き始めたあとで質問が変わりました。答えは、変わる前の質問へのものです。',
  answerChangedButton: '⟳ 変えた質問に答える',
  wroteNothing: '(モデルは何も書きませんでした。)',
  leftOut: (turns) =>
    `(会話が長くなったので、古いやりとり ${ja.number(turns)} 回はモデルに渡していません。これからも古いものから外します。)`,
  findReadButton: '🔍 何を読んだか調べる',
  againButton: '⟳ もう一度',
  tryAgainButton: 'もう一度試す',
  part: (part, parts) => `${part}/${parts}`,
  smallPrint: ({ model, seconds, tokens }) => `${model} · ${ja.seconds(seconds)} 秒 · ${ja.number(tokens)} トークン`,
  emptyMention: (bot) =>
    `こんにちは。${bot} に続けて質問を書いてください。例: ${bot} 地震の原因はナマズが動くことですか？`,
  answerGone: 'この答えの記録が見つかりません。もう一度質問してください。',
  stillWriting: 'まだ書いている途中です。終わってからもう一度押してください。',
  searchesElsewhere: '検索のアプリが設定されていません。',
  promptsTitle: 'たとえば、こんな質問ができます',
};

export const answerEn: AnswerTexts = {
  thinking: 'Thinking…',
  moreComing: '(still writing…)',
  cutByLimit: '(Stopped at the length limit. Write “go on” to continue.)',
  cutByLoop: '(Stopped, because it began to repeat itself.)',
  stopped: '(stopped)',
  stopButton: '⏹ Stop',
  stopNotYours: (admins) =>
    `Only the person who asked and admins can stop this answer.${admins.length > 0 ? ` Admins: ${admins.join(', ')}` : ''}`,
  stoppedAlready: 'This answer has ended already.',
  withdrawn: '(stopped, because the question was deleted)',
  questionChanged: 'The question was changed after its answer had begun. The answer is to the question as it was.',
  answerChangedButton: '⟳ Answer it as it is now',
  wroteNothing: '(The model wrote nothing.)',
  leftOut: (turns) =>
    `(The conversation has grown long: the model was not given the oldest ${counted(turns, 'exchange', 'exchanges', en.number(turns))}. From here on the oldest go first.)`,
  findReadButton: '🔍 What did it read?',
  againButton: '⟳ Again',
  tryAgainButton: 'Try again',
  part: (part, parts) => `${part}/${parts}`,
  smallPrint: ({ model, seconds, tokens }) =>
    `${model} · ${en.seconds(seconds)} s · ${counted(tokens, 'token', 'tokens', en.number(tokens))}`,
  emptyMention: (bot) => `Hello. Write a question after ${bot}. For example: ${bot} What causes earthquakes?`,
  answerGone: 'There is no record of this answer. Please ask again.',
  stillWriting: 'It is still being written. Press again when it is done.',
  searchesElsewhere: 'No search app is configured.',
  promptsTitle: 'Questions to begin with',
};
