import { inlineText } from '../../../src/slack/escape.ts';
import type { Store } from '../../../src/store/store.ts';
import type { SubCommand } from '../command.ts';
import { channelLink, readUser } from '../names.ts';
import { pageSize, presentPage } from '../present-page.ts';

/** `/tenkyo jobs [user|model]`: answers that wait or are being written. */
export const jobsCommand = ({ store, now }: { readonly store: Pick<Store, 'answers'>; now(): number }): SubCommand => ({
  name: 'jobs',
  who: 'admin',
  usage: '[@user|MODEL]',
  run: async ({ team, words, rest, page, texts, client }) => {
    const [word] = words;
    const user = word === undefined ? null : await readUser(word, client);
    const filter = word === undefined ? {} : user === null ? { model: word } : { user };
    const { answers, total } = await store.answers.openOf(team, filter, { offset: page * pageSize, limit: pageSize });
    const { commands } = texts;
    const lines = answers.map(({ id, model, user: who, channel, status, createdAt }) =>
      [
        `\`${id}\``,
        commands.states[status],
        inlineText(model),
        `<@${who}>`,
        channelLink(channel),
        commands.seconds(Math.max(0, Math.round((now() - createdAt) / 1_000))),
      ].join(' · '),
    );
    return presentPage({ title: commands.jobsTitle, lines, total, page, command: `jobs ${rest}` }, texts);
  },
});
