import type {
  ActionsBlock,
  ActionsBlockElement,
  Button,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  MarkdownBlock,
  PlainTextElement,
  RichTextBlock,
  RichTextBlockElement,
  RichTextElement,
  SectionBlock,
} from '@slack/types';
import type { Range } from '../text/graphemes.ts';

/** Small builders of Block Kit. mrkdwn is `verbatim`: Slack makes no links of its own from what stands in it. */
export const section = (mrkdwn: string): SectionBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text: mrkdwn, verbatim: true },
});

/** Small grey lines, one an element; at most 10. */
export const context = (...mrkdwn: readonly string[]): ContextBlock => ({
  type: 'context',
  elements: mrkdwn.map((text) => ({ type: 'mrkdwn', text, verbatim: true })),
});

export const markdown = (text: string): MarkdownBlock => ({ type: 'markdown', text });

/** The title of a message; at most 150 characters. */
export const header = (text: string): HeaderBlock => ({ type: 'header', text: plain(text) });

export const divider = (): DividerBlock => ({ type: 'divider' });

export const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: true });

export const button = (label: string, actionId: string, value: string): Button => ({
  type: 'button',
  text: plain(label),
  action_id: actionId,
  value,
});

/** @param blockId unique in its message: Slack tells blocks apart by it */
export const actions = (blockId: string, elements: readonly ActionsBlockElement[]): ActionsBlock => ({
  type: 'actions',
  block_id: blockId,
  elements: [...elements],
});

/**
 * Text of others is literal in rich text: nothing in it needs escaping or can become a mention or a format. Bold works
 * between any two characters there; mrkdwn's `*` does not work inside Japanese.
 */
export const richText = (...elements: readonly RichTextBlockElement[]): RichTextBlock => ({
  type: 'rich_text',
  elements: [...elements],
});

export const quote = (elements: readonly RichTextElement[]): RichTextBlockElement => ({
  type: 'rich_text_quote',
  elements: [...elements],
});

export const paragraph = (elements: readonly RichTextElement[]): RichTextBlockElement => ({
  type: 'rich_text_section',
  elements: [...elements],
});

/** Text with some ranges in bold. @param bold [start, end) in UTF-16 units; sorted, disjoint */
export const marked = (text: string, bold: readonly Range[]): RichTextElement[] => {
  const elements: RichTextElement[] = [];
  let from = 0;
  const push = (to: number, isBold: boolean): void => {
    if (to > from) {
      elements.push({ type: 'text', text: text.slice(from, to), ...(isBold ? { style: { bold: true } } : {}) });
    }
    from = Math.max(from, to);
  };
  for (const [start, end] of bold) {
    push(start, false);
    push(end, true);
  }
  push(text.length, false);
  return elements;
};
