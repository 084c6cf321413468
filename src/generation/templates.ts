import type { PromptTemplateName } from '../config/config.ts';
import type { ChatMessage, Prompt } from './generator.ts';
import { neutraliseMarkers } from './neutralise-markers.ts';

/** One question and the answer it got. */
export interface Turn {
  readonly question: string;
  readonly answer: string;
}

export interface Conversation {
  /** Said before everything else; null: what the template says by itself. Ours, so its markers stay. */
  readonly system: string | null;
  /** Oldest first. */
  readonly turns: readonly Turn[];
  readonly question: string;
}

export interface PromptTemplate<Rendered extends Prompt = Prompt> {
  /** Whether a prompt holds earlier turns: a model that only continues text has no form for them. */
  readonly holdsTurns: boolean;
  /** The prompt up to where the answer begins. Markers in questions and answers are neutralised. */
  render(conversation: Conversation): Rendered;
  /** What ends an answer where the model's own end token did not; at most four, OpenAI's limit. */
  readonly stop: readonly string[];
}

/** Ends an answer, and a document in training. */
const endOfText = '</s>';
/** The same in the vocabulary of LLM-jp's first models, and what one of them writes instead. */
const endOfDocument = '<EOD|LLM-jp>';
const padding = '<pad|LLM-jp>';

/** A conversation of marked messages: what stands before and after each of them. */
const marked =
  (message: (role: ChatMessage['role'], content: string) => string, answerStart: string) =>
  (conversation: Conversation): string =>
    chatOf(conversation)
      .map(({ role, content }) => message(role, content))
      .join('') + answerStart;

/** The conversation as messages. What people and models wrote has its markers neutralised. */
const chatOf = ({ system, turns, question }: Conversation): ChatMessage[] => [
  ...(system === null ? [] : [{ role: 'system' as const, content: system }]),
  ...turns.flatMap((turn) => [
    { role: 'user' as const, content: neutraliseMarkers(turn.question) },
    { role: 'assistant' as const, content: neutraliseMarkers(turn.answer) },
  ]),
  { role: 'user', content: neutraliseMarkers(question) },
];

/** Templates that make a text here. None begins with the token that begins a text: the tokenizer puts that. */
export const promptTemplates = {
  /**
   * LLM-jp 13B v1.0 instruct: one instruction and where its answer begins, full-width colons, one line. With a system
   * text the form of its playground. It was tuned on single questions.
   */
  'llm-jp-v1': {
    holdsTurns: false,
    stop: [endOfDocument, padding],
    render: ({ system, question }) =>
      system === null
        ? `${neutraliseMarkers(question)} ### 回答：`
        : `### 指示：${system}\n### 質問：${neutraliseMarkers(question)}\n\n### 回答：`,
  },
  /**
   * LLM-jp v1.1, v2 and 3 instruct, byte for byte as the models were tuned on it: ASCII colons, the newlines as they are.
   * The system text takes the place of the fixed sentence.
   */
  'llm-jp-v2': {
    holdsTurns: true,
    stop: [endOfText, endOfDocument, '\n\n### 指示:'],
    render: ({ system, turns, question }) =>
      [
        system ?? '以下は、タスクを説明する指示です。要求を適切に満たす応答を書きなさい。',
        ...turns.map((turn) => `${ask(turn.question)}${answerStart}${neutraliseMarkers(turn.answer)}${endOfText}`),
        ask(question),
        answerStart,
      ].join(''),
  },
  chatml: {
    holdsTurns: true,
    stop: ['<|im_end|>'],
    render: marked((role, content) => `<|im_start|>${role}\n${content}<|im_end|>\n`, '<|im_start|>assistant\n'),
  },
  /** Whitespace at the ends of a message goes, as in the models' own template. */
  'llama-3': {
    holdsTurns: true,
    stop: ['<|eot_id|>'],
    render: marked(
      (role, content) => `<|start_header_id|>${role}<|end_header_id|>\n\n${content.trim()}<|eot_id|>`,
      '<|start_header_id|>assistant<|end_header_id|>\n\n',
    ),
  },
  /** A model without instruction tuning continues the text, as the beginning of a new document. */
  none: {
    holdsTurns: false,
    stop: [],
    render: ({ question }) => `${endOfText}${neutraliseMarkers(question)}`,
  },
} as const satisfies Record<Exclude<PromptTemplateName, 'chat_template'>, PromptTemplate<string>>;

/** A model without instruction tuning whose tokenizer begins a document by itself. */
export const bareTemplate: PromptTemplate<string> = {
  holdsTurns: false,
  stop: [],
  render: ({ question }) => neutraliseMarkers(question),
};

/** The model's own template, applied by who has its tokenizer: a server, or the folder of the model. */
export const chatTemplate: PromptTemplate<readonly ChatMessage[]> = { holdsTurns: true, stop: [], render: chatOf };

const answerStart = '\n\n### 応答:\n';

const ask = (question: string): string => `\n\n### 指示:\n${neutraliseMarkers(question)}`;
