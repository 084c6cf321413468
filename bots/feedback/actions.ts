import type { Verdict } from '../../src/store/feedback-records.ts';

/** Slack's own feedback buttons, and ours where it has none; the value of each names the verdict and the answer. */
export const feedbackActionIds = {
  native: 'answer_feedback',
  up: 'answer_feedback_up',
  down: 'answer_feedback_down',
} as const;

/** The modal that 👎 opens. */
export const feedbackForm = 'answer_feedback_form';

export const verdictValue = (verdict: Verdict, answerId: string): string => `${verdict}:${answerId}`;

/** null: not a value of ours. */
export const readVerdictValue = (value: string | undefined): { verdict: Verdict; answerId: string } | null => {
  const [, verdict, answerId] = /^(up|down):(\w{1,64})$/.exec(value ?? '') ?? [];
  return verdict && answerId ? { verdict: verdict as Verdict, answerId } : null;
};
