import type { PromptTemplateName } from '../config/config.ts';
import { neutraliseMarkers } from './neutralise-markers.ts';

/** One question and the answer it got. */
export interface Turn {
  readonly question: string;
  readonly answer: string;
}

interface Conversation {
  /** Said before everything else; null: what the template says by itself. Ours, so its markers stay. */
  readonly system: string | null;
  /** Oldest first. */
  readonly turns: readonly Turn[];
  readonly question: string;
}

export interface PromptTemplate {
  /** Whether a prompt holds earlier turns: a model that only continues text has no form for them. */
  readonly holdsTurns: boolean;
  /** The prompt up to where the answer begins. Markers in questions and answers are neutralised. */
  render(conversation: Conversation): string;
}

/** Ends an answer, and a document in training. */
const endOfText = '</s>';

export const promptTemplates: Readonly<Record<PromptTemplateName, PromptTemplate>> = {
  /**
   * LLM-jp v2 and 3 instruct, byte for byte as the models were tuned on it: ASCII colons, the newlines as they are. The
   * system text takes the place of the fixed sentence.
   */
  'llm-jp-v2': {
    holdsTurns: true,
    render: ({ system, turns, question }) =>
      [
        system ?? '以下は、タスクを説明する指示です。要求を適切に満たす応答を書きなさい。',
        ...turns.map((turn) => `${ask(turn.question)}${answerStart}${neutraliseMarkers(turn.answer)}${endOfText}`),
        ask(question),
        answerStart,
      ].join(''),
  },
  /** A model without instruction tuning continues the text, as the beginning of a new document. */
  none: {
    holdsTurns: false,
    render: ({ question }) => `${endOfText}${neutraliseMarkers(question)}`,
  },
};

const answerStart = '\n\n### 応答:\n';

const ask = (question: string): string => `\n\n### 指示:\n${neutraliseMarkers(question)}`;
