import type { CorpusConfig } from '../../../src/config/config.ts';
import { context, section } from '../../../src/slack/blocks.ts';
import { inlineText } from '../../../src/slack/escape.ts';
import { SECTION_TEXT, UPDATE_TEXT } from '../../../src/slack/limits.ts';
import type { Store } from '../../../src/store/store.ts';
import type { SubCommand } from '../command.ts';
import { corpusLines } from '../present-status.ts';
import type { StatusSource } from '../status-source.ts';

/** A message has room for 50 blocks, and each corpus takes two. */
const mostCorpora = 20;

/** `/tenkyo corpus list`. */
export const corpusCommand = ({
  source,
  store,
  corpora,
}: {
  readonly source: Pick<StatusSource, 'corpora'>;
  readonly store: Pick<Store, 'hidden'>;
  readonly corpora: readonly Pick<CorpusConfig, 'name' | 'visibility' | 'runs'>[];
}): SubCommand => ({
  name: 'corpus list',
  who: 'admin',
  usage: '',
  run: async ({ team, texts }) => {
    const { commands, admin } = texts;
    const [states, hidden] = await Promise.all([source.corpora(), store.hidden.all(team)]);
    const entries = corpora.map(({ name, visibility, runs }) => {
      const state = states.find((one) => one.name === name);
      const seenBy =
        visibility === 'everyone'
          ? [commands.everybody]
          : [
              ...visibility.channels.map((channel) => `<#${channel}>`),
              ...visibility.userGroups.map((group) => `<!subteam^${group}>`),
            ];
      const facts = commands.corpusFacts({
        seenBy,
        runs: runs.map((run) => inlineText(run)),
        hidden: hidden.filter(({ corpus }) => corpus === name).length,
      });
      const [line, index] = state ? corpusLines(state, texts) : [`*${inlineText(name)}*`, null];
      return { line, facts: [...(index === null ? [] : [index]), facts].join(' · ').slice(0, SECTION_TEXT) };
    });
    const shown = entries.slice(0, mostCorpora);
    const text = [`*${commands.corporaTitle}*`, ...shown.flatMap(({ line, facts }) => [line, facts])];
    return {
      text: text.join('\n').slice(0, UPDATE_TEXT),
      blocks: [
        section(`*${commands.corporaTitle}*`),
        ...shown.flatMap(({ line, facts }) => [section(line), context(facts)]),
        ...(entries.length > shown.length ? [context(admin.more(entries.length - shown.length))] : []),
      ],
    };
  },
});
