import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { z } from 'zod';
import type { Texts } from '../../src/i18n/texts.ts';
import { context, marked, plain, quote, richText, section } from '../../src/slack/blocks.ts';
import { type Feedback, type FeedbackTag, feedbackTags } from '../../src/store/feedback-records.ts';
import type { Answer } from '../../src/store/records.ts';
import { graphemeBoundary } from '../../src/text/graphemes.ts';
import { feedbackForm } from './actions.ts';

/** A `plain_text_input` holds at most this many characters. */
const entryLength = 3_000;
/** Of question and answer: enough to know which they were. */
const shownLength = 400;

const shown = (text: string): string => {
  const whole = text.trim().toWellFormed();
  return whole.length <= shownLength ? whole : `${whole.slice(0, graphemeBoundary(whole, shownLength, 0))}…`;
};

const quoted = (text: string) => richText(quote(marked(shown(text) || '…', [])));

const entry = (
  id: string,
  label: string,
  value: string,
  { hint, placeholder }: { hint?: string; placeholder?: string } = {},
): KnownBlock => ({
  type: 'input',
  block_id: id,
  optional: true,
  label: plain(label),
  ...(hint ? { hint: plain(hint) } : {}),
  element: {
    type: 'plain_text_input',
    action_id: id,
    multiline: true,
    max_length: entryLength,
    ...(placeholder ? { placeholder: plain(placeholder) } : {}),
    ...(value === '' ? {} : { initial_value: value.toWellFormed().slice(0, entryLength) }),
  },
});

/** Why an answer was bad, and what would have been better; with what the person said before, to change. */
export const presentFeedbackForm = (
  { id, question, text }: Pick<Answer, 'id' | 'question' | 'text'>,
  { tags, comment, better }: Pick<Feedback, 'tags' | 'comment' | 'better'>,
  { feedback: { form, notice } }: Texts,
  { withNotice }: { readonly withNotice: boolean },
): ModalView => {
  const option = (tag: FeedbackTag): PlainTextOption => ({ text: plain(form.tags[tag]), value: tag });
  const ticked = feedbackTags.filter((tag) => tags.includes(tag)).map(option);
  return {
    type: 'modal',
    callback_id: feedbackForm,
    private_metadata: id,
    title: plain(form.title),
    submit: plain(form.submit),
    close: plain(form.close),
    blocks: [
      section(form.recorded),
      context(form.question),
      quoted(question),
      context(form.answer),
      quoted(text),
      {
        type: 'input',
        block_id: 'tags',
        optional: true,
        label: plain(form.tagsLabel),
        element: {
          type: 'checkboxes',
          action_id: 'tags',
          options: feedbackTags.map(option),
          ...(ticked.length === 0 ? {} : { initial_options: ticked }),
        },
      },
      entry('comment', form.commentLabel, comment),
      entry('better', form.betterLabel, better, { hint: form.betterHint, placeholder: form.betterPlaceholder }),
      ...(withNotice ? [context(notice)] : []),
    ],
  };
};

const text = z.object({ value: z.string().nullish() });
const filledIn = z.object({
  tags: z.object({
    tags: z.object({ selected_options: z.array(z.object({ value: z.enum(feedbackTags) })).nullish() }),
  }),
  comment: z.object({ comment: text }),
  better: z.object({ better: text }),
});

/**
 * What was filled in.
 *
 * @param values `view.state.values` of the submitted form
 */
export const readFeedbackForm = (values: unknown): Pick<Feedback, 'tags' | 'comment' | 'better'> => {
  const { tags, comment, better } = filledIn.parse(values);
  return {
    tags: (tags.tags.selected_options ?? []).map(({ value }) => value),
    comment: comment.comment.value?.trim() ?? '',
    better: better.better.value?.trim() ?? '',
  };
};
