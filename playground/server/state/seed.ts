import type { Ids } from '../ids.ts';
import type { LocalApp } from '../options.ts';
import type { Store } from './store.ts';

const COLORS = ['#3b6ea5', '#8a5a9e', '#2f7f6f', '#b0653a', '#9c4a5c', '#5b7a2e'] as const;

const seedTeam = (store: Store, ids: Ids): void => {
  const { settings, people, channels } = store;
  const admin = ids.of('U');
  const member = ids.of('U');
  people.add({
    id: admin,
    name: 'hanako',
    displayName: '花子',
    locale: 'ja-JP',
    isAdmin: true,
    appId: null,
    color: '#c2578a',
  });
  people.add({
    id: member,
    name: 'alex',
    displayName: 'Alex',
    locale: 'en-US',
    isAdmin: false,
    appId: null,
    color: '#4f7cac',
  });
  people.addGroup({ id: ids.of('S'), handle: 'lab-admins', name: 'Lab admins', users: [admin] });
  const playground = ids.of('C');
  channels.add({ id: playground, name: 'playground', kind: 'channel', topic: '', members: [admin, member] });
  channels.add({ id: ids.of('C'), name: 'random', kind: 'channel', topic: '', members: [admin, member] });
  channels.add({ id: ids.of('D'), name: '', kind: 'im', topic: '', members: [admin, member] });
  settings.set('team_name', 'Tenkyo');
  settings.set('page_token', ids.secret());
  settings.set('default_channel', playground);
  settings.set('default_person', admin);
  settings.set('team_id', ids.of('T'));
};

const addApp = (store: Store, ids: Ids, app: LocalApp): void => {
  const { people, apps, channels, settings } = store;
  const humans = people.list().filter((person) => person.appId === null);
  const appId = ids.of('A');
  const userId = ids.of('U');
  people.add({
    id: userId,
    name: app.name,
    displayName: app.name,
    locale: 'en-US',
    isAdmin: false,
    appId,
    color: COLORS[(people.list().length - humans.length) % COLORS.length] as string,
  });
  apps.add({
    ...app,
    id: appId,
    userId,
    botId: ids.of('B'),
    botToken: ids.botToken(),
    appToken: ids.appToken(appId),
    installed: true,
  });
  channels.join(settings.get('default_channel') as string, userId);
  for (const human of humans) {
    channels.add({ id: ids.of('D'), name: '', kind: 'im', topic: '', members: [human.id, userId] });
  }
};

/**
 * The workspace as it is when first opened: a team, an administrator who reads Japanese and a member who reads
 * English, #playground with everybody and #random with the people. Apps that came into the options since the last
 * start are installed; those that left it keep their messages and lose their access.
 */
export const seed = (store: Store, ids: Ids, apps: readonly LocalApp[]): void =>
  store.transaction(() => {
    if (store.settings.get('team_id') === undefined) seedTeam(store, ids);
    for (const app of apps) {
      if (store.apps.findByName(app.name)) store.apps.describe(app);
      else addApp(store, ids, app);
    }
    store.apps.install(apps.map(({ name }) => name));
  });
