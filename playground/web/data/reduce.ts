import type { View } from '../../protocol/interactions.ts';
import type { LiveEvent } from '../../protocol/live.ts';
import type { Message, MessagePage } from '../../protocol/messages.ts';
import type { Bootstrap } from '../../protocol/people.ts';
import { isRoot, mergePage, putMessage, withoutMessage, withReaction } from './messages.ts';
import { type Draft, fromBootstrap, type Loaded, type Notice, type Place, type State, scopeKey } from './state.ts';

/** What happens on the page itself; what the server says is a `LiveEvent`. */
export type PageEvent =
  | { readonly type: 'bootstrapped'; readonly bootstrap: Bootstrap }
  | { readonly type: 'connected'; readonly connected: boolean }
  | { readonly type: 'moved'; readonly place: Place }
  | { readonly type: 'loading'; readonly channel: string; readonly thread: string | null }
  | { readonly type: 'load_failed'; readonly channel: string; readonly thread: string | null }
  | {
      readonly type: 'loaded';
      readonly channel: string;
      readonly thread: string | null;
      readonly before: string | null;
      readonly page: MessagePage;
      /** Messages that came live since the page was asked for. */
      readonly fresh: ReadonlySet<string>;
    }
  | { readonly type: 'drafted'; readonly draft: Draft }
  | { readonly type: 'draft_failed' | 'draft_dropped'; readonly clientKey: string }
  | {
      readonly type: 'reacted';
      readonly channel: string;
      readonly ts: string;
      readonly name: string;
      readonly on: boolean;
    }
  | { readonly type: 'read'; readonly channel: string }
  | { readonly type: 'noticed'; readonly notice: Notice }
  | { readonly type: 'notice_dropped'; readonly id: number };

const unloaded: Loaded = { phase: 'loading', hasMore: false, title: null };

const setMessages = (state: State, channel: string, messages: State['messages'][string]): State => ({
  ...state,
  messages: { ...state.messages, [channel]: messages },
});

const setLoaded = (state: State, key: string, loaded: Loaded): State => ({
  ...state,
  loaded: { ...state.loaded, [key]: loaded },
});

const setUnread = (state: State, channel: string, unread: boolean): State =>
  state.channels.some(({ id, unread: now }) => id === channel && now !== unread)
    ? { ...state, channels: state.channels.map((each) => (each.id === channel ? { ...each, unread } : each)) }
    : state;

const setStatus = (state: State, key: string, user: string, status: string): State => {
  const { [user]: had, ...others } = state.statuses[key] ?? {};
  if (status === '' && had === undefined) return state;
  const { [key]: _there, ...rest } = state.statuses;
  const users = status === '' ? others : { ...others, [user]: status };
  return { ...state, statuses: Object.keys(users).length > 0 ? { ...rest, [key]: users } : rest };
};

const setWorking = (state: State, key: string, user: string, working: boolean): State => {
  const { [key]: users = [], ...rest } = state.working;
  if (users.includes(user) === working) return state;
  const now = working ? [...users, user] : users.filter((one) => one !== user);
  return { ...state, working: now.length > 0 ? { ...rest, [key]: now } : rest };
};

const onMessage = (state: State, message: Message): State => {
  const { channel, ts, threadTs, user, clientKey } = message;
  const mine = user === state.me.id;
  const known = state.messages[channel]?.[ts] !== undefined;
  let next: State = {
    ...state,
    drafts: mine && clientKey !== null ? state.drafts.filter((draft) => draft.clientKey !== clientKey) : state.drafts,
  };
  // A message of the one that was busy ends its status.
  if (!known && threadTs !== null) next = setStatus(next, scopeKey(channel, threadTs), user, '');
  if (!known && !mine && isRoot(message) && channel !== state.place.channel) next = setUnread(next, channel, true);
  // Of a channel that was never opened only the mark is kept: its history is loaded when it is opened.
  if (next.messages[channel] === undefined && message.ephemeralFor === null) return next;
  return setMessages(next, channel, putMessage(next.messages[channel] ?? {}, message));
};

const onStream = (state: State, { channel, ts, at, text }: LiveEvent & { type: 'stream' }): State => {
  const messages = state.messages[channel];
  const message = messages?.[ts];
  // Text that the page has already changes nothing; text behind a gap waits until the gap is loaded.
  if (!messages || !message || at > message.text.length || message.text.length >= at + text.length) return state;
  return setMessages(state, channel, { ...messages, [ts]: { ...message, text: message.text.slice(0, at) + text } });
};

const putView = (views: readonly View[], view: View): View[] =>
  views.some(({ id }) => id === view.id) ? views.map((each) => (each.id === view.id ? view : each)) : [...views, view];

/** The state after an event. Unknown events change nothing: the server may be newer than the page. */
export const reduce = (state: State, event: LiveEvent | PageEvent): State => {
  switch (event.type) {
    case 'message':
      return onMessage(state, event.message);
    case 'message_deleted':
      return state.messages[event.channel]?.[event.ts]
        ? setMessages(state, event.channel, withoutMessage(state.messages[event.channel] ?? {}, event.ts))
        : state;
    case 'stream':
      return onStream(state, event);
    case 'status':
      return setStatus(state, scopeKey(event.channel, event.threadTs), event.user, event.status);
    case 'session':
      return setWorking(state, scopeKey(event.channel, event.threadTs), event.user, event.working);
    case 'channel': {
      const shown = event.channel.id === state.place.channel;
      const channel = shown ? { ...event.channel, unread: false } : event.channel;
      const known = state.channels.some(({ id }) => id === channel.id);
      const channels = known
        ? state.channels.map((each) => (each.id === channel.id ? channel : each))
        : [...state.channels, channel];
      return { ...state, channels };
    }
    case 'person': {
      const people = { ...state.people, [event.person.id]: event.person };
      return { ...state, people, me: event.person.id === state.me.id ? event.person : state.me };
    }
    case 'view_opened':
    case 'view_updated':
      // An update for a modal that was closed meanwhile must not open it again.
      if (event.type === 'view_updated' && !state.views.some(({ id }) => id === event.view.id)) return state;
      return { ...state, views: putView(state.views, event.view) };
    case 'view_closed':
      return { ...state, views: state.views.filter(({ id }) => id !== event.viewId) };
    case 'home_published':
      return { ...state, homes: { ...state.homes, [event.app]: event.view } };
    case 'bootstrapped':
      return { ...state, ...fromBootstrap(event.bootstrap) };
    case 'connected':
      // What was in the air when the line broke is unknown: a status that stays would be a lie.
      return event.connected
        ? { ...state, connected: true }
        : { ...state, connected: false, statuses: {}, working: {} };
    case 'moved':
      return setUnread({ ...state, place: event.place }, event.place.channel, false);
    case 'loading': {
      const key = scopeKey(event.channel, event.thread);
      return setLoaded(state, key, { ...(state.loaded[key] ?? unloaded), phase: 'loading' });
    }
    case 'load_failed': {
      const key = scopeKey(event.channel, event.thread);
      return setLoaded(state, key, { ...(state.loaded[key] ?? unloaded), phase: 'failed' });
    }
    case 'loaded': {
      const { channel, thread, page } = event;
      const messages = mergePage(state.messages[channel] ?? {}, page, event);
      const key = scopeKey(channel, thread);
      const { hasMore, title = null } = page;
      return setLoaded(setMessages(state, channel, messages), key, { phase: 'ready', hasMore, title });
    }
    case 'drafted': {
      const others = state.drafts.filter(({ clientKey }) => clientKey !== event.draft.clientKey);
      return { ...state, drafts: [...others, event.draft] };
    }
    case 'draft_failed':
      return {
        ...state,
        drafts: state.drafts.map((draft) => (draft.clientKey === event.clientKey ? { ...draft, failed: true } : draft)),
      };
    case 'draft_dropped':
      return { ...state, drafts: state.drafts.filter(({ clientKey }) => clientKey !== event.clientKey) };
    case 'reacted': {
      const messages = state.messages[event.channel];
      const message = messages?.[event.ts];
      if (!messages || !message) return state;
      const reactions = withReaction(message.reactions, { name: event.name, user: state.me.id, on: event.on });
      return setMessages(state, event.channel, { ...messages, [event.ts]: { ...message, reactions } });
    }
    case 'read':
      return setUnread(state, event.channel, false);
    case 'noticed':
      return { ...state, notices: [...state.notices.slice(-2), event.notice] };
    case 'notice_dropped':
      return { ...state, notices: state.notices.filter(({ id }) => id !== event.id) };
    default:
      return state;
  }
};
