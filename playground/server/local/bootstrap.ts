import type { Bootstrap } from '../../protocol/people.ts';
import { pageChannel, pagePerson } from '../live/page-people.ts';
import type { PlaygroundOptions } from '../options.ts';
import type { Member } from '../state/people.ts';
import type { Workspace } from '../workspace.ts';

/** Everything the page needs to draw itself for one person. */
export const bootstrap = (
  workspace: Workspace,
  suggestions: PlaygroundOptions['suggestions'],
  me: Member,
): Bootstrap => {
  const { store, team } = workspace;
  const apps = store.apps.list();
  const channel = store.settings.get('default_channel') as string;
  return {
    team: { id: team.id, name: team.name },
    me: pagePerson(workspace, me),
    people: store.people.list().map((member) => pagePerson(workspace, member)),
    channels: store.channels
      .list()
      .filter(({ members }) => members.includes(me.id))
      .map((joined) => pageChannel(workspace, joined, me.id)),
    commands: apps.flatMap(({ id, commands }) => commands.map((command) => ({ ...command, appId: id }))),
    shortcuts: apps.flatMap(({ id, shortcuts }) => shortcuts.map((shortcut) => ({ ...shortcut, appId: id }))),
    suggestions: suggestions.map(({ locale, text }) => ({ locale, channel, text })),
  };
};
