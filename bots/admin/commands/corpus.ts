import type { CorpusConfig } from '../../../src/config/config.ts';
import { inlineText } from '../../../src/slack/escape.ts';
import type { Store } from '../../../src/store/store.ts';
import type { SubCommand } from '../command.ts';
import { linesMessage } from '../present-page.ts';
import type { StatusSource } from '../status-source.ts';
import { corpusLine } from './status.ts';

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
    const { commands } = texts;
    const [states, hidden] = await Promise.all([source.corpora(), store.hidden.all(team)]);
    return linesMessage([
      `*${commands.corporaTitle}*`,
      ...corpora.flatMap(({ name, visibility, runs }) => {
        const state = states.find((one) => one.name === name);
        const seenBy =
          visibility === 'everyone'
            ? [commands.everybody]
            : [
                ...visibility.channels.map((channel) => `<#${channel}>`),
                ...visibility.userGroups.map((group) => `<!subteam^${group}>`),
              ];
        return [
          ...(state ? [corpusLine(state, texts)] : [inlineText(name)]),
          commands.corpusFacts({
            seenBy,
            runs: runs.map((run) => inlineText(run)),
            hidden: hidden.filter(({ corpus }) => corpus === name).length,
          }),
        ];
      }),
    ]);
  },
});
