import type { MessageContent, Presenter } from '../../src/delivery/presenter.ts';
import { reasonFor, type Texts, textsFor } from '../../src/i18n/texts.ts';
import { actions, button, context, marked, quote, richText, section } from '../../src/slack/blocks.ts';
import { inlineText } from '../../src/slack/escape.ts';
import { failureId } from '../../src/store/failure-id.ts';
import type { Comparison, Winner } from '../../src/store/feedback-records.ts';
import type { Answer } from '../../src/store/records.ts';
import type { Store } from '../../src/store/store.ts';
import { graphemeBoundary } from '../../src/text/graphemes.ts';
import { voteAction } from './actions.ts';

/** Enough to know what was asked. */
const questionLength = 600;

export const shortened = (text: string, most: number): string => {
  const whole = text.trim().toWellFormed();
  return whole.length <= most ? whole : `${whole.slice(0, graphemeBoundary(whole, most, 0))}…`;
};

/** What stands in the thread for everybody: the question and the way to vote, no answer and no name. */
export const presentComparison = (
  { id, question }: Pick<Comparison, 'id' | 'question'>,
  votes: number,
  { comparison }: Texts,
): MessageContent => ({
  text: comparison.ready,
  blocks: [
    section(comparison.ready),
    richText(quote(marked(shortened(question, questionLength) || '…', []))),
    actions('comparison', [{ ...button(comparison.voteButton, voteAction, id), style: 'primary' }]),
    context(comparison.votes(votes)),
  ],
});

const presentFailure = ({ id, error, status }: Answer, texts: Texts): MessageContent => {
  const code = error?.code ?? (status === 'cancelled' ? 'cancelled' : 'internal');
  const text = texts.comparison.failed(reasonFor(texts, code), inlineText(error?.id ?? failureId(id)));
  return { text, blocks: [section(text)] };
};

export const countVotes = (tally: Readonly<Record<Winner, number>>): number =>
  Object.values(tally).reduce((sum, count) => sum + count, 0);

/** A comparison as the message of its thread, in the language of who asked. */
export const createComparisonPresenter = ({
  store,
}: {
  readonly store: Pick<Store, 'answers' | 'comparisons'>;
}): Presenter => {
  const textsOf = async (id: string): Promise<Texts> => textsFor((await store.comparisons.get(id))?.locale ?? 'en');
  return {
    final: async ({ id }) => {
      const comparison = await store.comparisons.get(id);
      if (comparison === null) return null;
      const { firstAnswer, secondAnswer, locale } = comparison;
      const answers = await Promise.all([firstAnswer, secondAnswer].map((answer) => store.answers.get(answer)));
      const broken = answers.find((answer) => answer?.status === 'failed' || answer?.status === 'cancelled');
      const texts = textsFor(locale);
      if (broken) return [presentFailure(broken, texts)];
      if (answers.some((answer) => answer?.status !== 'done')) return null;
      return [presentComparison(comparison, countVotes(await store.comparisons.tally(id)), texts)];
    },
    partial: async ({ id }) => ({ text: (await textsOf(id)).comparison.writing }),
    waiting: async ({ id }) => (await textsOf(id)).comparison.writing,
  };
};
