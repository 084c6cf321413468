import type { KnownBlock } from '@slack/types';
import type { MessageContent } from '../../src/delivery/presenter.ts';
import type { Texts } from '../../src/i18n/texts.ts';
import { actions, button, context, section } from '../../src/slack/blocks.ts';
import { BUTTON_VALUE, SECTION_TEXT, UPDATE_TEXT } from '../../src/slack/limits.ts';

export const pageActions = { previous: 'admin_page_previous', next: 'admin_page_next' } as const;
export const pageSize = 10;

/** A page's button says which page of which command; who presses it runs the command as themselves. */
const pageValue = (page: number, command: string): string => `${page}:${command}`.slice(0, BUTTON_VALUE);

export const readPageValue = (value: string): { page: number; command: string } | null => {
  const [, page, command] = /^(\d{1,6}):(.*)$/s.exec(value) ?? [];
  return page === undefined || command === undefined ? null : { page: Number(page), command };
};

/** Whole lines, as many as fit one section each. */
const sections = (lines: readonly string[]): KnownBlock[] => {
  const parts: string[] = [];
  for (const line of lines) {
    const last = parts.at(-1);
    const longer = last === undefined ? null : `${last}\n${line}`;
    if (longer === null || longer.length > SECTION_TEXT) parts.push(line.slice(0, SECTION_TEXT));
    else parts[parts.length - 1] = longer;
  }
  return parts.map(section);
};

/** Lines of text as a message. */
export const linesMessage = (lines: readonly string[]): MessageContent => ({
  text: lines.join('\n').slice(0, UPDATE_TEXT),
  blocks: sections(lines),
});

/** One page of a list. @param command what shows it, without `/tenkyo` */
export const presentPage = (
  {
    title,
    lines,
    total,
    page,
    command,
  }: {
    readonly title: string;
    readonly lines: readonly string[];
    readonly total: number;
    readonly page: number;
    readonly command: string;
  },
  { modals, commands }: Texts,
): MessageContent => {
  const from = page * pageSize;
  const steps = [
    ...(page > 0 ? [button(modals.previous, pageActions.previous, pageValue(page - 1, command))] : []),
    ...(from + pageSize < total ? [button(modals.next, pageActions.next, pageValue(page + 1, command))] : []),
  ];
  const all = lines.length === 0 ? [commands.nothing] : lines;
  return {
    text: [`*${title}*`, ...all].join('\n').slice(0, UPDATE_TEXT),
    blocks: [
      ...sections([`*${title}*`, ...all]),
      ...(total > pageSize ? [context(modals.list.range({ from: from + 1, to: from + lines.length, total }))] : []),
      ...(steps.length > 0 ? [actions(`admin-page-${page}`, steps)] : []),
    ],
  };
};
