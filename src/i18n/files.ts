/** Files that come with a question. Names are mrkdwn already. */
export interface FilesTexts {
  /** Under the answer: what the model was given. */
  read(files: readonly { readonly name: string; readonly cut: boolean }[]): string;
  declined(files: readonly { readonly name: string; readonly why: DeclineReason }[]): string;
  /** The question of who sent a file without a word. */
  readonly question: string;
}

type DeclineReason = 'kind' | 'size' | 'count' | 'unreadable' | 'unreachable' | 'empty';

const whyJa: Readonly<Record<DeclineReason, string>> = {
  kind: '読めるのはテキスト、Markdown、コード、PDF だけです',
  size: '大きすぎます (テキストは 1 MB、PDF は 10 MB まで)',
  count: '一度に読めるのは 5 つまでです',
  unreadable: '開けませんでした。壊れているか、鍵がかかっているか、文字コードが分かりません',
  unreachable: 'Slack から受け取れませんでした',
  empty: '文字が見つかりませんでした (画像だけの PDF は読めません)',
};
const whyEn: Readonly<Record<DeclineReason, string>> = {
  kind: 'I can read text, Markdown, code and PDF only',
  size: 'it is too large (text up to 1 MB, PDF up to 10 MB)',
  count: 'I read five at once at most',
  unreadable: 'I could not open it: it is damaged, locked, or in an unknown encoding',
  unreachable: 'Slack would not give it to me',
  empty: 'I found no words in it (a PDF of pictures alone cannot be read)',
};

export const filesJa: FilesTexts = {
  read: (files) =>
    `📎 読んだファイル: ${files.map(({ name, cut }) => (cut ? `${name} (はじめの部分だけ)` : name)).join('、')}`,
  declined: (files) => files.map(({ name, why }) => `📎 ${name} は読みませんでした: ${whyJa[why]}。`).join('\n'),
  question: 'このファイルの内容を短くまとめてください。',
};

export const filesEn: FilesTexts = {
  read: (files) =>
    `📎 Files read: ${files.map(({ name, cut }) => (cut ? `${name} (its beginning only)` : name)).join(', ')}`,
  declined: (files) => files.map(({ name, why }) => `📎 I did not read ${name}: ${whyEn[why]}.`).join('\n'),
  question: 'Please sum up this file in a few sentences.',
};
