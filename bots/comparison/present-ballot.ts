import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { z } from 'zod';
import type { Choice } from '../../src/i18n/comparison.ts';
import type { Texts } from '../../src/i18n/texts.ts';
import { context, divider, marked, paragraph, plain, quote, richText, section } from '../../src/slack/blocks.ts';
import { inlineText } from '../../src/slack/escape.ts';
import { SECTION_FIELD_TEXT } from '../../src/slack/limits.ts';
import type { Comparison, Vote, Winner } from '../../src/store/feedback-records.ts';
import { graphemeBoundary } from '../../src/text/graphemes.ts';
import { ballotForm } from './actions.ts';
import { shortened } from './presenter.ts';

/** Both answers as this person sees them. */
export interface BallotTexts {
  readonly a: string;
  readonly b: string;
}

const choices: readonly Choice[] = ['a', 'b', 'tie', 'both_bad'];
const questionLength = 1_000;
/** What a block of a modal holds safely. */
const pieceLength = 2_900;

/** What was chosen, as the record has it. */
export const winnerOf = (choice: Choice, swapped: boolean): Winner => {
  if (choice === 'tie' || choice === 'both_bad') return choice;
  return (choice === 'a') === swapped ? 'second' : 'first';
};

const choiceOf = (winner: Winner, swapped: boolean): Choice => {
  if (winner === 'tie' || winner === 'both_bad') return winner;
  return (winner === 'first') === swapped ? 'b' : 'a';
};

const pieces = (text: string): string[] => {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > pieceLength) {
    const cut = graphemeBoundary(rest, pieceLength, 0);
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return [...parts, rest];
};

/** Beside each other where both fit a column, else one below the other; whole in any case. */
const answersOf = ({ a, b }: BallotTexts, { answer }: Texts): KnownBlock[] => {
  const [one, two] = [a, b].map((text) => text.trim().toWellFormed() || answer.wroteNothing) as [string, string];
  if (Math.max(one.length, two.length) <= SECTION_FIELD_TEXT) {
    const heading = (name: string) => ({ type: 'mrkdwn' as const, text: `*${name}*` });
    return [{ type: 'section', fields: [heading('A'), heading('B'), plain(one), plain(two)] }];
  }
  const stacked = (name: string, text: string): KnownBlock[] => [
    section(`*${name}*`),
    ...pieces(text).map((piece) => richText(paragraph(marked(piece, [])))),
  ];
  return [...stacked('A', one), divider(), ...stacked('B', two)];
};

const questionOf = ({ question, mode }: Pick<Comparison, 'question' | 'mode'>, { comparison }: Texts): KnownBlock[] => [
  context(comparison.labels[mode]),
  richText(quote(marked(shortened(question, questionLength) || '…', []))),
];

/** The two answers without their names, and the vote. */
export const presentBallot = (
  comparison: Pick<Comparison, 'id' | 'question' | 'mode'>,
  answers: BallotTexts,
  texts: Texts,
  { withNotice }: { readonly withNotice: boolean },
): ModalView => {
  const { comparison: words, feedback } = texts;
  const option = (choice: Choice): PlainTextOption => ({ text: plain(words.choices[choice]), value: choice });
  return {
    type: 'modal',
    callback_id: ballotForm,
    private_metadata: comparison.id,
    title: plain(words.title),
    submit: plain(words.submit),
    close: plain(words.close),
    blocks: [
      ...questionOf(comparison, texts),
      ...answersOf(answers, texts),
      {
        type: 'input',
        block_id: 'vote',
        label: plain(words.choose),
        element: { type: 'radio_buttons', action_id: 'vote', options: choices.map(option) },
      },
      context(words.votedOnce),
      ...(withNotice ? [context(feedback.notice)] : []),
    ],
  };
};

/** The same after the vote: with the names, and what all have said. */
export const presentRevealed = (
  comparison: Pick<Comparison, 'question' | 'mode' | 'first' | 'second'>,
  answers: BallotTexts,
  { winner, swapped }: Pick<Vote, 'winner' | 'swapped'>,
  tally: Readonly<Record<Winner, number>>,
  texts: Texts,
): ModalView => {
  const { comparison: words } = texts;
  const [first, second] = [comparison.first, comparison.second].map(({ name }) => `\`${inlineText(name, 150)}\``) as [
    string,
    string,
  ];
  return {
    type: 'modal',
    title: plain(words.title),
    close: plain(words.close),
    blocks: [
      section(words.voted(words.choices[choiceOf(winner, swapped)])),
      section(words.revealed(swapped ? { a: second, b: first } : { a: first, b: second })),
      context(words.tally({ first, second }, tally)),
      divider(),
      ...questionOf(comparison, texts),
      ...answersOf(answers, texts),
    ],
  };
};

const filledIn = z.object({
  vote: z.object({ vote: z.object({ selected_option: z.object({ value: z.enum(['a', 'b', 'tie', 'both_bad']) }) }) }),
});

/** @param values `view.state.values` of the submitted ballot */
export const readBallot = (values: unknown): Choice => filledIn.parse(values).vote.vote.selected_option.value;
