import type { HomeView, KnownBlock } from '@slack/types';
import type { Standing } from '../../src/comparison/bradley-terry.ts';
import type { AppRole } from '../../src/config/config.ts';
import type { Texts } from '../../src/i18n/texts.ts';
import { actions, button, context, divider, section } from '../../src/slack/blocks.ts';
import { inlineText } from '../../src/slack/escape.ts';
import { BLOCKS_PER_VIEW, SECTION_TEXT } from '../../src/slack/limits.ts';
import type { PersonalCounts } from '../../src/store/feedback-records.ts';
import type { ModelStatus } from '../admin/status-source.ts';

export const refreshAction = 'home_refresh';

/** What the Home tab of an app shows one person. */
export interface Home {
  readonly roles: readonly AppRole[];
  /** A mention of the app. */
  readonly bot: string;
  readonly command: string;
  readonly counts: PersonalCounts;
  readonly verdicts: { readonly up: number; readonly down: number };
  readonly models: readonly ModelStatus[];
  readonly table: readonly Standing[];
  /** null: the person is no admin. */
  readonly status: readonly KnownBlock[] | null;
}

/** Entrants shown; who has more compares them with `tenkyo eval compare`. */
const mostStandings = 20;

/** Lines as sections, as many in each as it holds. */
const lines = (all: readonly string[]): KnownBlock[] => {
  const parts: string[] = [];
  for (const line of all) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= SECTION_TEXT)
      parts[parts.length - 1] = `${last}\n${line}`;
    else parts.push(line.slice(0, SECTION_TEXT));
  }
  return parts.map(section);
};

/** The table of comparisons, as people read it. */
const presentTable = (table: readonly Standing[], { comparison }: Texts): KnownBlock[] => {
  if (table.length === 0) return [section(comparison.noVotes)];
  const groups = new Set(table.map(({ group }) => group)).size;
  const places = new Map<number, number>();
  const shown: string[] = [];
  for (const standing of table.slice(0, mostStandings)) {
    const place = (places.get(standing.group) ?? 0) + 1;
    places.set(standing.group, place);
    if (groups > 1 && place === 1) shown.push(`_${comparison.group(standing.group)}_`);
    shown.push(comparison.standing(place, standing, `\`${inlineText(standing.name, 120)}\``));
  }
  return [...lines(shown), context(comparison.tableNote, ...(groups > 1 ? [comparison.separate] : []))];
};

/** The Home tab: how to use the app, one's own numbers, the models, who does best, and for admins the state. */
export const presentHome = (
  { roles, bot, command, counts, verdicts, models, table, status }: Home,
  texts: Texts,
): HomeView => {
  const { home, admin, comparison } = texts;
  const title = (text: string): KnownBlock => section(`*${text}*`);
  const how = [
    ...(roles.includes('model') ? home.how.model(bot) : []),
    ...(roles.includes('search') ? home.how.search(bot) : []),
    ...(roles.includes('admin') ? home.how.admin(command) : []),
  ];
  const shown = models.map(({ name, state, tokensPerSecond }) =>
    home.model(
      inlineText(name),
      admin.modelStates[state],
      tokensPerSecond === null ? null : admin.tokensPerSecond(tokensPerSecond),
    ),
  );
  return {
    type: 'home',
    blocks: [
      title(home.howTitle),
      ...lines(how),
      divider(),
      title(home.mineTitle),
      section(home.mine(counts, verdicts)),
      context(home.recorded(`${command} forget-me`)),
      divider(),
      title(home.modelsTitle),
      ...lines(shown.length === 0 ? [home.noModels] : shown),
      divider(),
      title(comparison.tableTitle),
      ...presentTable(table, texts),
      actions('home', [button(home.refresh, refreshAction, 'refresh')]),
      ...(status === null ? [] : [divider(), context(home.statusTitle), ...status]),
    ].slice(0, BLOCKS_PER_VIEW),
  };
};
