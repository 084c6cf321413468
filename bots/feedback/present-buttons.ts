import type { ContextActionsBlock } from '@slack/types';
import type { Texts } from '../../src/i18n/texts.ts';
import { actions, button, plain } from '../../src/slack/blocks.ts';
import { feedbackActionIds, verdictValue } from './actions.ts';

/** 👍 and 👎 as Slack draws them: https://docs.slack.dev/reference/block-kit/block-elements/feedback-buttons-element */
export const nativeFeedbackButtons = (answerId: string, { feedback }: Texts): ContextActionsBlock => ({
  type: 'context_actions',
  block_id: 'feedback',
  elements: [
    {
      type: 'feedback_buttons',
      action_id: feedbackActionIds.native,
      positive_button: {
        text: plain('👍'),
        value: verdictValue('up', answerId),
        accessibility_label: feedback.good,
      },
      negative_button: {
        text: plain('👎'),
        value: verdictValue('down', answerId),
        accessibility_label: feedback.bad,
      },
    },
  ],
});

/** The same of plain buttons, for a Slack that does not know the native ones. */
export const plainFeedbackButtons = (answerId: string) =>
  actions('feedback', [
    button('👍', feedbackActionIds.up, verdictValue('up', answerId)),
    button('👎', feedbackActionIds.down, verdictValue('down', answerId)),
  ]);
