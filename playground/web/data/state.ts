import type { View } from '../../protocol/interactions.ts';
import type { Message, SentFile } from '../../protocol/messages.ts';
import type { Bootstrap, Channel, Person } from '../../protocol/people.ts';

/** Where the person is. On a narrow screen one of the three is shown: the list, the conversation or the thread. */
export interface Place {
  readonly channel: string;
  /** Root of the open thread. */
  readonly thread: string | null;
  /** Narrow screens: the list of channels is in front. */
  readonly list: boolean;
  /** A message to bring into view and point out, once it is there. */
  readonly target: string | null;
}

/** A message that the server has not confirmed yet. */
export interface Draft {
  readonly clientKey: string;
  readonly channel: string;
  readonly threadTs: string | null;
  /** As it is sent: mentions written `<@U…>`. */
  readonly text: string;
  readonly files: readonly SentFile[];
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly failed: boolean;
}

export interface Loaded {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly hasMore: boolean;
  /** Of a thread: what an agent calls it. */
  readonly title: string | null;
}

/** Something the person wanted that did not work. */
export interface Notice {
  readonly id: number;
  readonly about: 'reaction' | 'command' | 'shortcut' | 'action' | 'view' | 'stop' | 'edit' | 'delete' | 'file';
  /** The server's own words. */
  readonly detail: string;
}

type Messages = Readonly<Record<string, Message>>;

/** All that the page knows; replaced, never changed in place. */
export interface State {
  readonly team: Bootstrap['team'];
  readonly me: Person;
  readonly people: Readonly<Record<string, Person>>;
  readonly channels: readonly Channel[];
  readonly commands: Bootstrap['commands'];
  readonly shortcuts: Bootstrap['shortcuts'];
  readonly suggestions: Bootstrap['suggestions'];
  readonly connected: boolean;
  readonly place: Place;
  /** Channel → ts → message; roots and replies that were loaded or came live. */
  readonly messages: Readonly<Record<string, Messages>>;
  /** By `scopeKey`: what was loaded of a channel's roots or of a thread. */
  readonly loaded: Readonly<Record<string, Loaded>>;
  /** By `scopeKey` of a thread: who is doing what ("is thinking…"). */
  readonly statuses: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By `scopeKey` of a thread: the bots at work there, which can be stopped. */
  readonly working: Readonly<Record<string, readonly string[]>>;
  readonly drafts: readonly Draft[];
  /** Open modals, the front one last. */
  readonly views: readonly View[];
  /** Home tabs by the user id of their app. */
  readonly homes: Readonly<Record<string, View>>;
  readonly notices: readonly Notice[];
}

export const scopeKey = (channel: string, thread: string | null): string =>
  thread === null ? channel : `${channel}/${thread}`;

const byId = (people: readonly Person[]): Record<string, Person> =>
  Object.fromEntries(people.map((person) => [person.id, person]));

/** What a fresh bootstrap replaces; the rest of the state stays. */
export const fromBootstrap = (bootstrap: Bootstrap) => ({
  team: bootstrap.team,
  me: bootstrap.me,
  people: byId([...bootstrap.people, bootstrap.me]),
  channels: bootstrap.channels,
  commands: bootstrap.commands,
  shortcuts: bootstrap.shortcuts,
  suggestions: bootstrap.suggestions,
});

export const initialState = (bootstrap: Bootstrap, place: Place): State => ({
  ...fromBootstrap(bootstrap),
  connected: true,
  place,
  messages: {},
  loaded: {},
  statuses: {},
  working: {},
  drafts: [],
  views: [],
  homes: {},
  notices: [],
});
