import { counted, createFormat } from './format.ts';

/** Around an answer that rests on the corpus. */
export interface GroundingTexts {
  /** Stands for a citation that the check did not accept. */
  unsupported(number: number): string;
  /** Nothing good enough was found. */
  refused(facts: { corpus: string; documents: number }): string;
  readonly ungroundedButton: string;
  readonly modes: { readonly generative: string; readonly extractive: string; readonly refused: string };
  /** No citation was accepted. */
  readonly noneAccepted: string;
  /** Under every grounded answer that has sources. */
  readonly checked: string;
}

const ja = createFormat('ja');
const en = createFormat('en');

export const groundingJa: GroundingTexts = {
  unsupported: (number) => `[${number}: 裏付けなし]`,
  refused: ({ corpus, documents }) =>
    `学習データ (${corpus}、${ja.number(documents)} 文書) に、この質問に答えられる記述は見つかりませんでした。`,
  ungroundedButton: '資料なしで答える',
  modes: {
    generative: '資料にもとづく答え (モデルが作文)',
    extractive: '資料にもとづく答え (資料からの引用)',
    refused: '資料にもとづく答え (該当なし)',
  },
  noneAccepted: '⚠️ この答えには、資料で裏付けられた引用がありません。',
  checked: '番号は、文の言葉がその資料にあることを確かめたものです。正しさの証明ではありません。',
};

export const groundingEn: GroundingTexts = {
  unsupported: (number) => `[${number}: unsupported]`,
  refused: ({ corpus, documents }) =>
    `The training data (${corpus}, ${counted(documents, 'document', 'documents', en.number(documents))}) has nothing that answers this question.`,
  ungroundedButton: 'Answer without sources',
  modes: {
    generative: 'grounded (written by the model)',
    extractive: 'grounded (quoted from the sources)',
    refused: 'grounded (nothing found)',
  },
  noneAccepted: '⚠️ No citation of this answer is supported by the sources.',
  checked: 'A number means that the words of the sentence stand in that source. It is no proof that they are true.',
};
