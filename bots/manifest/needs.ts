import type { AppRole, Config, CorpusConfig } from '../../src/config/config.ts';

/** A permission that an app asks for, and what it is good for. */
export interface ScopeNeed {
  readonly scope: string;
  readonly why: string;
  readonly roles: readonly AppRole[];
  /** Web API methods that need it. */
  readonly methods: readonly string[];
  /** Events that Slack sends only to those who have it. */
  readonly events: readonly string[];
  /** Only where the configuration names a user group. */
  readonly forUserGroup?: true;
}

const every: readonly AppRole[] = ['model', 'search', 'admin'];
const talking: readonly AppRole[] = ['model', 'search'];

const history = (scope: string, place: string, event: string): ScopeNeed => ({
  scope,
  why: `reads the thread of an answer or of a message with 🔍 in ${place}, and only where the app is a member`,
  roles: talking,
  methods: ['conversations.replies'],
  events: [event],
});

const reading = (scope: string, place: string, admins: Partial<ScopeNeed> = {}): ScopeNeed => ({
  scope,
  why: `sees whether the app is a member of ${place}, so that 🔍 is offered only where it works`,
  roles: ['search'],
  methods: ['conversations.info'],
  events: [],
  ...admins,
});

const naming = (place: string): Partial<ScopeNeed> => ({
  why: `sees whether the app is a member of ${place}, so that 🔍 is offered only where it works; lets admins name channels and say something in all of them`,
  roles: ['search', 'admin'],
  methods: ['conversations.info', 'conversations.list', 'users.conversations'],
});

/** Everything that the bots may do; https://docs.slack.dev/reference/scopes. A scope that nothing uses stands nowhere. */
export const scopeNeeds: readonly ScopeNeed[] = [
  {
    scope: 'app_mentions:read',
    why: 'is told when somebody mentions the app',
    roles: talking,
    methods: [],
    events: ['app_mention'],
  },
  {
    scope: 'chat:write',
    why: 'posts and edits its own messages; writes answers as they come',
    roles: every,
    methods: [
      'agents.sessions.setStatus',
      'assistant.threads.setStatus',
      'assistant.threads.setSuggestedPrompts',
      'chat.postMessage',
      'chat.postEphemeral',
      'chat.update',
      'chat.delete',
      'chat.startStream',
      'chat.appendStream',
      'chat.stopStream',
    ],
    events: ['agent_session_stopped'],
  },
  history('channels:history', 'public channels', 'message.channels'),
  history('groups:history', 'private channels', 'message.groups'),
  history('im:history', 'direct messages', 'message.im'),
  history('mpim:history', 'group messages', 'message.mpim'),
  reading('channels:read', 'a public channel', naming('a public channel')),
  reading('groups:read', 'a private channel', naming('a private channel')),
  reading('mpim:read', 'a group message'),
  {
    scope: 'reactions:read',
    why: 'is told of 🔍 on a message',
    roles: talking,
    methods: [],
    events: ['reaction_added'],
  },
  {
    scope: 'files:read',
    why: 'reads the text files and PDFs that come with a question to the app',
    roles: ['model'],
    methods: ['files.info'],
    events: [],
  },
  {
    scope: 'users:read',
    why: "answers in the reader's language, and knows the workspace's admins",
    roles: every,
    methods: ['users.info', 'users.list', 'bots.info'],
    events: [],
  },
  {
    scope: 'usergroups:read',
    why: 'knows the members of the user groups that `admins.userGroup` and `visibility` of a corpus name',
    roles: every,
    methods: ['usergroups.users.list'],
    events: [],
    forUserGroup: true,
  },
  {
    scope: 'commands',
    why: 'adds the command and the entry in the message menu',
    roles: ['search', 'admin'],
    methods: [],
    events: [],
  },
];

/** Methods that any token may call. */
export const scopeless: readonly string[] = ['auth.test', 'views.open', 'views.publish', 'views.update'];

/** What every app listens to: the Home tab needs no scope. */
export const scopelessEvents: readonly string[] = ['app_home_opened'];

/** Heard where an older app still gets them; a new one can't ask for them. */
export const legacyEvents: readonly string[] = ['assistant_thread_started'];

/** What each role listens to besides. */
const eventsOf: Readonly<Record<AppRole, readonly string[]>> = {
  model: [
    'app_mention',
    'message.channels',
    'message.groups',
    'message.im',
    'message.mpim',
    'reaction_added',
    'agent_session_stopped',
  ],
  search: ['app_mention', 'message.im', 'reaction_added'],
  admin: [],
};

/** Where a configuration may name user groups. */
export interface NamedGroups {
  readonly admins: Pick<Config['admins'], 'userGroup'>;
  readonly corpora: readonly Pick<CorpusConfig, 'visibility'>[];
}

const namesGroup = ({ admins, corpora }: NamedGroups): boolean =>
  admins.userGroup !== null ||
  corpora.some(({ visibility }) => visibility !== 'everyone' && visibility.userGroups.length > 0);

export const botEvents = (roles: readonly AppRole[]): string[] => [
  ...new Set([...roles.flatMap((role) => eventsOf[role]), ...scopelessEvents]),
];

/** The scopes of an app with these roles. */
export const botScopes = (roles: readonly AppRole[], groups: NamedGroups): readonly ScopeNeed[] =>
  scopeNeeds.filter(
    (need) =>
      (need.forUserGroup === undefined || namesGroup(groups)) && need.roles.some((role) => roles.includes(role)),
  );
