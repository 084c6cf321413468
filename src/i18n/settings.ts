import type { ThreadSettings } from '../store/records.ts';
import { counted, createFormat } from './format.ts';

/** How a model is asked in a thread. Titles and buttons of modals ≤ 24 characters. */
export interface SettingsTexts {
  readonly button: string;
  readonly title: string;
  readonly submit: string;
  readonly close: string;
  intro(model: string): string;
  readonly system: string;
  readonly systemHint: string;
  readonly temperature: string;
  temperatureHint(value: number): string;
  readonly topP: string;
  topPHint(value: number): string;
  readonly maxTokens: string;
  maxTokensHint(most: number): string;
  readonly seed: string;
  readonly seedHint: string;
  readonly errors: {
    readonly temperature: string;
    readonly topP: string;
    maxTokens(most: number): string;
    readonly seed: string;
    system(most: number): string;
  };
  /** In short, as it stands under an answer. `system` is mrkdwn already. */
  line(settings: ThreadSettings): string;
  /** `line` null: as the model is configured. */
  saved(line: string | null): string;
  /** What `/tenkyo model settings` opened. */
  opened(question: string): string;
  readonly noThread: string;
}

const ja = createFormat('ja');
const en = createFormat('en');

export const settingsJa: SettingsTexts = {
  button: '⚙ 設定',
  title: 'このスレッドの設定',
  submit: '保存する',
  close: '閉じる',
  intro: (model) => `*${model}* にこのスレッドでどう聞くかを決めます。空にした欄は、モデルの既定のとおりになります。`,
  system: 'システム文',
  systemHint: '答え方についての指示です。質問のたびに、はじめに読ませます。',
  temperature: '温度 (temperature)',
  temperatureHint: (value) =>
    `0 から 2。大きいほど答えが変わりやすく、0 ではいつも同じになります。既定は ${ja.number(value)}`,
  topP: 'top-p',
  topPHint: (value) => `0 より大きく 1 まで。確率の合計がここまでの言葉から選びます。既定は ${ja.number(value)}`,
  maxTokens: '最大トークン数',
  maxTokensHint: (most) => `1 から ${ja.number(most)}。既定は ${ja.number(most)}`,
  seed: 'シード (seed)',
  seedHint: '0 以上の整数。同じ数なら、同じ質問に同じ答えになります (温度が 0 のときは関係ありません)。',
  errors: {
    temperature: '0 から 2 までの数を入力してください。例: 0.7',
    topP: '0 より大きく 1 までの数を入力してください。例: 0.9',
    maxTokens: (most) => `1 から ${ja.number(most)} までの整数を入力してください。`,
    seed: '0 から 2147483647 までの整数を入力してください。例: 42',
    system: (most) => `${ja.number(most)} 字までにしてください。`,
  },
  line: ({ temperature, topP, maxTokens, seed, system }) =>
    [
      ...(temperature === undefined ? [] : [`温度 ${temperature}`]),
      ...(topP === undefined ? [] : [`top-p ${topP}`]),
      ...(maxTokens === undefined ? [] : [`最大 ${ja.number(maxTokens)} トークン`]),
      ...(seed === undefined ? [] : [`seed ${seed}`]),
      ...(system === undefined ? [] : [`システム文「${system}」`]),
    ].join(' · '),
  saved: (line) =>
    line === null
      ? '⚙ このスレッドの設定を既定に戻しました。次の答えからです。'
      : `⚙ このスレッドの設定を保存しました: ${line}\n次の答えから使います。⟳ を押すと、同じ質問にこの設定で答えます。`,
  opened: (question) => `「${question}」のスレッドの設定を開きました。`,
  noThread:
    'このチャンネルでは、まだ質問していません。モデルに質問してから、答えの下の ⚙ かこのコマンドを使ってください。',
};

export const settingsEn: SettingsTexts = {
  button: '⚙ Settings',
  title: 'Settings of this thread',
  submit: 'Save',
  close: 'Close',
  intro: (model) => `How *${model}* is asked in this thread. A field that is empty is as the model is configured.`,
  system: 'System text',
  systemHint: 'Instructions for how to answer. The model reads them before every question.',
  temperature: 'Temperature',
  temperatureHint: (value) =>
    `0 to 2. Higher values vary more, 0 always gives the same. By default ${en.number(value)}`,
  topP: 'top-p',
  topPHint: (value) =>
    `Above 0, up to 1. Chooses among the words that have this probability together. By default ${en.number(value)}`,
  maxTokens: 'Most tokens',
  maxTokensHint: (most) => `1 to ${en.number(most)}. By default ${en.number(most)}`,
  seed: 'Seed',
  seedHint:
    'A whole number from 0. The same one gives the same answer to the same question (at temperature 0 it changes nothing).',
  errors: {
    temperature: 'Give a number from 0 to 2, such as 0.7.',
    topP: 'Give a number above 0 and up to 1, such as 0.9.',
    maxTokens: (most) => `Give a whole number from 1 to ${en.number(most)}.`,
    seed: 'Give a whole number from 0 to 2147483647, such as 42.',
    system: (most) => `At most ${en.number(most)} characters.`,
  },
  line: ({ temperature, topP, maxTokens, seed, system }) =>
    [
      ...(temperature === undefined ? [] : [`temperature ${temperature}`]),
      ...(topP === undefined ? [] : [`top-p ${topP}`]),
      ...(maxTokens === undefined ? [] : [`at most ${counted(maxTokens, 'token', 'tokens', en.number(maxTokens))}`]),
      ...(seed === undefined ? [] : [`seed ${seed}`]),
      ...(system === undefined ? [] : [`system text “${system}”`]),
    ].join(' · '),
  saved: (line) =>
    line === null
      ? '⚙ This thread is asked as the model is configured again, from the next answer on.'
      : `⚙ Saved for this thread: ${line}\nUsed from the next answer on. ⟳ answers the same question with it.`,
  opened: (question) => `Opened the settings of the thread “${question}”.`,
  noThread:
    'You have asked nothing in this channel yet. Ask a model first, then use ⚙ under its answer or this command.',
};
