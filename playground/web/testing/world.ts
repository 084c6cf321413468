import type { Message } from '../../protocol/messages.ts';
import type { Bootstrap, Channel, Person } from '../../protocol/people.ts';

const person = (id: string, name: string, more: Partial<Person> = {}): Person => ({
  id,
  name,
  displayName: name,
  locale: 'en-US',
  isAdmin: false,
  isBot: false,
  appId: null,
  color: '#336699',
  online: true,
  ...more,
});

const hanako = person('U1', 'hanako', { displayName: '花子', locale: 'ja-JP', isAdmin: true });
const alex = person('U2', 'alex', { displayName: 'Alex' });
const model = person('U3', 'demo-3m-finetuned', { isBot: true, appId: 'A1' });
const search = person('U4', 'tenkyo-search', { isBot: true, appId: 'A2' });

const channel = (id: string, name: string, more: Partial<Channel> = {}): Channel => ({
  id,
  name,
  kind: 'channel',
  topic: '',
  members: ['U1', 'U2', 'U3', 'U4'],
  with: null,
  unread: false,
  ...more,
});

/** A workspace as 花子 finds it. */
export const bootstrap: Bootstrap = {
  team: { id: 'T1', name: 'Tenkyo' },
  me: hanako,
  people: [hanako, alex, model, search],
  channels: [
    channel('C1', 'playground'),
    channel('C2', 'random'),
    channel('D1', 'demo-3m-finetuned', { kind: 'im', with: 'U3', members: ['U1', 'U3'] }),
  ],
  commands: [{ name: '/tenkyo', description: 'Status', usageHint: 'status', appId: 'A2' }],
  shortcuts: [],
  suggestions: [],
};

/** A message of #playground. */
export const message = (ts: string, more: Partial<Message> = {}): Message => ({
  channel: 'C1',
  ts,
  threadTs: null,
  user: 'U2',
  text: `text ${ts}`,
  blocks: [],
  reactions: [],
  replyCount: 0,
  replyUsers: [],
  latestReply: null,
  edited: false,
  streaming: false,
  ephemeralFor: null,
  clientKey: null,
  markdown: false,
  files: [],
  ...more,
});
