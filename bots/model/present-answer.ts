import type { Button, KnownBlock } from '@slack/types';
import type { MessageContent } from '../../src/delivery/presenter.ts';
import { reasonFor, type Texts } from '../../src/i18n/texts.ts';
import { actions, button, context, markdown, section } from '../../src/slack/blocks.ts';
import { escapeText, inlineText, safeMarkdown } from '../../src/slack/escape.ts';
import { MARKDOWN_PER_MESSAGE, UPDATE_TEXT } from '../../src/slack/limits.ts';
import { failureId } from '../../src/store/failure-id.ts';
import type { Answer } from '../../src/store/records.ts';
import { graphemeBoundary } from '../../src/text/graphemes.ts';
import { nativeFeedbackButtons, plainFeedbackButtons } from '../feedback/present-buttons.ts';
import { settingsLine } from '../settings/thread-settings.ts';
import { answerActionIds } from './actions.ts';
import { groundedText, presentGrounding, refusalOf } from './present-grounding.ts';
import { splitMarkdown } from './split-markdown.ts';

/** Slack counts a whole message's Markdown; a little stays free for what it adds itself. */
const markdownBudget = MARKDOWN_PER_MESSAGE - 500;

/** What is shown where blocks are not (notifications, and when Slack refuses them): as much as a text may have. */
const fallbackOf = (text: string, otherwise: string): string => {
  let head = text.trim().toWellFormed();
  let most = UPDATE_TEXT - 1;
  while (escapeText(head).length > UPDATE_TEXT - 1) {
    head = head.slice(0, graphemeBoundary(head, most, 0));
    most = Math.floor(most * 0.9);
  }
  if (head === '') return otherwise;
  return escapeText(head) + (head.length < text.trim().length ? '…' : '');
};

const noteOf = ({ status, finish, text, grounding, withdrawnAt }: Answer, { answer }: Texts): string | null => {
  if (status === 'cancelled') return withdrawnAt ? answer.withdrawn : answer.stopped;
  if (status !== 'done') return null;
  if (finish === 'length') return answer.cutByLimit;
  if (finish === 'loop') return answer.cutByLoop;
  return text.trim() === '' && grounding?.mode !== 'refused' ? answer.wroteNothing : null;
};

const failureOf = ({ id, error }: Answer, texts: Texts): string =>
  texts.errors.answerFailed(reasonFor(texts, error?.code ?? 'internal'), inlineText(error?.id ?? failureId(id)));

const buttonsOf = (
  { id, status, text, grounding }: Answer,
  { answer, settings, grounding: texts }: Texts,
  searchable: boolean,
): Button[] =>
  status === 'failed'
    ? [button(answer.tryAgainButton, answerActionIds.again, id)]
    : [
        ...(searchable && text.trim() !== '' ? [button(answer.findReadButton, answerActionIds.findRead, id)] : []),
        grounding?.mode === 'refused'
          ? button(texts.ungroundedButton, answerActionIds.ungrounded, id)
          : button(answer.againButton, answerActionIds.again, id),
        button(settings.button, answerActionIds.settings, id),
      ];

/** Which controls of an answer work: 🔍 needs a search app. */
export interface AnswerControls {
  readonly search: boolean;
}

/** A final answer as its messages: mostly one; a long one in parts, the controls under the last. */
export const presentAnswer = (record: Answer, texts: Texts, { search }: AnswerControls): MessageContent[] => {
  const { model, usage } = record;
  const grounding = record.grounding ?? null;
  const text = grounding === null ? record.text : groundedText(record.text, grounding, texts);
  const note = noteOf(record, texts);
  const failure = record.status === 'failed' ? failureOf(record, texts) : null;
  const rated = failure === null && record.text.trim() !== '';
  const set =
    grounding === null || grounding.mode === 'generative' ? settingsLine(record.settings, texts.settings) : null;
  const closing = (feedback: readonly KnownBlock[]): KnownBlock[] => [
    ...(failure === null ? [] : [section(failure)]),
    ...(note === null ? [] : [context(note)]),
    ...(grounding === null ? [] : presentGrounding(grounding, texts)),
    ...feedback,
    actions('answer', buttonsOf(record, texts, search)),
    ...(usage === null
      ? []
      : [
          context(
            [
              texts.answer.smallPrint({
                model: inlineText(model),
                seconds: usage.seconds,
                tokens: usage.completionTokens,
              }),
              ...(grounding === null ? [] : [texts.grounding.modes[grounding.mode]]),
            ].join(' · '),
          ),
        ]),
    ...(set === null || failure !== null ? [] : [context(`⚙ ${set}`)]),
    ...(record.files?.length && failure === null
      ? [context(texts.files.read(record.files.map(({ name, cut }) => ({ name: inlineText(name, 60), cut }))))]
      : []),
    ...(record.leftOut ? [context(texts.answer.leftOut(record.leftOut))] : []),
  ];
  const parts = splitMarkdown(text.trim(), markdownBudget);
  return parts.map((part, index) => {
    const last = index === parts.length - 1;
    const blocks = (feedback: readonly KnownBlock[]): KnownBlock[] => [
      ...(part === '' ? [] : [markdown(safeMarkdown(part.toWellFormed()))]),
      ...(last ? closing(feedback) : []),
      ...(parts.length > 1 ? [context(texts.answer.part(index + 1, parts.length))] : []),
    ];
    return {
      text: fallbackOf(part, failure ?? note ?? (grounding ? refusalOf(grounding, texts) : texts.answer.wroteNothing)),
      blocks: blocks(rated ? [nativeFeedbackButtons(record.id, texts)] : []),
      ...(last && rated ? { simpler: blocks([plainFeedbackButtons(record.id)]) } : {}),
    };
  });
};

/** Under an answer that is still being written, where Slack itself offers no way to stop it. */
export const presentStop = (id: string, { answer }: Texts): KnownBlock[] => [
  actions('writing', [button(answer.stopButton, answerActionIds.stop, id)]),
];

/** An answer that is still being written: its beginning, as far as one message holds it. */
export const presentPartial = (text: string, texts: Texts): MessageContent => {
  const [first = '', ...more] = splitMarkdown(text.trim(), markdownBudget);
  if (first === '') return { text: texts.answer.thinking };
  return {
    text: fallbackOf(first, texts.answer.thinking),
    blocks: [
      markdown(safeMarkdown(first.toWellFormed())),
      ...(more.length > 0 ? [context(texts.answer.moreComing)] : []),
    ],
  };
};
