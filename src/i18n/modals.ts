import { counted, createFormat } from './format.ts';

/** The modals of a search result. Titles ≤ 24 characters (Slack's limit). */
export interface ModalTexts {
  readonly close: string;
  readonly loading: string;
  readonly previous: string;
  readonly next: string;
  readonly context: {
    readonly title: string;
    readonly rangeLabel: string;
    readonly ranges: Readonly<Record<'100' | '250' | 'document', string>>;
    readonly backToList: string;
    readonly reference: string;
    readonly cut: string;
    readonly gone: string;
    document(id: string): string;
  };
  readonly list: {
    readonly title: string;
    range(facts: { from: number; to: number; total: number }): string;
  };
  readonly readings: {
    readonly title: string;
    summary(facts: { times: number; iterations: number; first: number; last: number; lastIndex: number }): string;
    phase(facts: { name: string; from: number; to: number; iterations: number }): string;
    /** `seen` of all the iterations came before the model's checkpoint. */
    checkpoint(facts: { model: string; checkpoint: number; seen: number }): string;
    readonly all: string;
    more(count: number): string;
    readonly unknown: string;
    readonly never: string;
  };
}

const ja = createFormat('ja');
const en = createFormat('en');

export const modalsJa: ModalTexts = {
  close: '閉じる',
  loading: '読み込んでいます…',
  previous: '← 前へ',
  next: '次へ →',
  context: {
    title: '前後を見る',
    rangeLabel: '見る範囲',
    ranges: { '100': '前後 100 字', '250': '前後 250 字', document: '文書全体' },
    backToList: '一覧に戻る',
    reference: '引用に使うとき',
    cut: '(長い文書なので、まわりだけを表示しています)',
    gone: 'この文は今の索引にありません。表示できるのは検索したときの文だけです。',
    document: (id) => `文書 ${id}`,
  },
  list: {
    title: '見つかったもの',
    range: ({ from, to, total }) => `${ja.number(total)} 件のうち ${ja.number(from)}–${ja.number(to)}`,
  },
  readings: {
    title: 'いつ読んだか',
    summary: ({ times, iterations, first, last, lastIndex }) =>
      `${ja.number(times)} 回読んだ (${ja.number(iterations)} の反復)。最初は反復 ${ja.number(first)}、最後は ${ja.number(last)}。学習は反復 0 から ${ja.number(lastIndex)} まで。`,
    phase: ({ name, from, to, iterations }) =>
      `${name} (反復 ${ja.number(from)}–${ja.number(to)}): ${iterations === 0 ? '読んでいない' : `${ja.number(iterations)} の反復で読んだ`}`,
    checkpoint: ({ model, checkpoint, seen }) =>
      `${model} は反復 ${ja.number(checkpoint)} の手前までの学習なので、読んだのはそのうち ${ja.number(seen)} の反復`,
    all: 'すべての反復',
    more: (count) => `ほか ${ja.number(count)} の反復`,
    unknown: 'この文書をいつ読んだかの記録はありません。',
    never: 'この文書は学習データにありますが、学習では一度も読まれませんでした。',
  },
};

export const modalsEn: ModalTexts = {
  close: 'Close',
  loading: 'Loading…',
  previous: '← Previous',
  next: 'Next →',
  context: {
    title: 'In context',
    rangeLabel: 'How much to show',
    ranges: { '100': '100 characters around', '250': '250 characters around', document: 'The whole document' },
    backToList: 'Back to the list',
    reference: 'To quote it',
    cut: '(A long document: only the part around the passage is shown.)',
    gone: 'This text is not in today’s index. What you see is the passage as it was when it was found.',
    document: (id) => `Document ${id}`,
  },
  list: {
    title: 'What was found',
    range: ({ from, to, total }) => `${en.number(from)}–${en.number(to)} of ${en.number(total)}`,
  },
  readings: {
    title: 'When was it read?',
    summary: ({ times, iterations, first, last, lastIndex }) =>
      `Read ${counted(times, 'time', 'times', en.number(times))}, in ${counted(iterations, 'iteration', 'iterations', en.number(iterations))}: first in ${en.number(first)}, last in ${en.number(last)}. The run went from iteration 0 to ${en.number(lastIndex)}.`,
    phase: ({ name, from, to, iterations }) =>
      `${name} (iterations ${en.number(from)}–${en.number(to)}): ${iterations === 0 ? 'not read' : `read in ${counted(iterations, 'iteration', 'iterations', en.number(iterations))}`}`,
    checkpoint: ({ model, checkpoint, seen }) =>
      `${model} was trained up to iteration ${en.number(checkpoint)}, so it read this in ${en.number(seen)} of them`,
    all: 'All iterations',
    more: (count) => `${en.number(count)} more`,
    unknown: 'There is no record of when this document was read.',
    never: 'This document is in the training data, but the run never read it.',
  },
};
