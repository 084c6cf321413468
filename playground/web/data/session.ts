import type { ElementAction, UseElement } from '../../protocol/interactions.ts';
import type { LiveEvent } from '../../protocol/live.ts';
import type { Message, SentFile } from '../../protocol/messages.ts';
import type { Bootstrap } from '../../protocol/people.ts';
import { type Api, ApiError } from './api.ts';
import { createLive, type LiveOptions } from './live.ts';
import { createLoader } from './loader.ts';
import { rootsOf, threadOf } from './messages.ts';
import { createOutbox } from './outbox.ts';
import { createReadMarks } from './read-marks.ts';
import { type PageEvent, reduce } from './reduce.ts';
import { initialState, type Notice, type Place, type State, scopeKey } from './state.ts';

export interface SessionOptions {
  readonly api: Api;
  readonly bootstrap: Bootstrap;
  readonly place: Place;
  readonly openSocket: LiveOptions['open'];
  readonly now: () => number;
  /** A new key of a message of one's own. */
  readonly newKey: () => string;
  readonly setTimeout: LiveOptions['setTimeout'];
  readonly clearTimeout: LiveOptions['clearTimeout'];
  /** Whether the person can see the page now. */
  readonly isVisible: () => boolean;
  /** Whether there is room for a thread beside the conversation. */
  readonly isWide: () => boolean;
  /** The token is not good any more: the page has to be loaded again. */
  readonly onUnauthorized: () => void;
}

/** One person's page: its state, and all that the person can do. */
export interface Session {
  getState(): State;
  subscribe(listener: () => void): () => void;
  go(place: Partial<Place>): void;
  loadOlder(channel: string, thread: string | null): Promise<void>;
  reload(): Promise<void>;
  /** `text` as it goes to the server, mentions written `<@U…>`. */
  send(message: { channel: string; threadTs: string | null; text: string; files?: readonly SentFile[] }): void;
  /** Sends a file ahead of its message; null when it failed, and a notice says why. */
  upload(file: File): Promise<SentFile | null>;
  retry(clientKey: string): void;
  discard(clientKey: string): void;
  /** `text` as it goes to the server. */
  edit(message: Pick<Message, 'channel' | 'ts'>, text: string): Promise<void>;
  deleteMessage(message: Pick<Message, 'channel' | 'ts'>): Promise<void>;
  react(message: Pick<Message, 'channel' | 'ts'>, name: string, on: boolean): Promise<void>;
  /** False when it failed: the person keeps what they typed. */
  runCommand(channel: string, command: string, text: string): Promise<boolean>;
  runShortcut(message: Pick<Message, 'channel' | 'ts'>, callbackId: string): Promise<void>;
  /** Stops a bot that works in a thread. */
  stop(channel: string, threadTs: string, user: string): Promise<void>;
  act(container: UseElement['container'], action: ElementAction, state: UseElement['state']): Promise<void>;
  /** Errors by block; an empty object: it went well, or a notice says why not. */
  submitView(viewId: string, state: NonNullable<UseElement['state']>): Promise<Record<string, string>>;
  closeView(viewId: string): void;
  /** The person looks at the Home tab of an app. @param app its user id */
  openHome(app: string): Promise<void>;
  /** Removes an ephemeral message from this page. */
  dismiss(message: Pick<Message, 'channel' | 'ts'>): void;
  dropNotice(id: number): void;
  /** The page is looked at again. */
  seen(): void;
  close(): void;
}

export const createSession = (options: SessionOptions): Session => {
  const { api, bootstrap, now, newKey, isWide, onUnauthorized } = options;
  const listeners = new Set<() => void>();
  let state = initialState(bootstrap, options.place);
  let notices = 0;

  const dispatch = (event: LiveEvent | PageEvent): void => {
    const next = reduce(state, event);
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  };
  const getState = (): State => state;

  const noteFailure = (error: unknown): ApiError => {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) onUnauthorized();
    return error;
  };
  const attempt = async (about: Notice['about'], work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      const { message } = noteFailure(error);
      notices += 1;
      dispatch({ type: 'noticed', notice: { id: notices, about, detail: message } });
      return false;
    }
  };

  const loader = createLoader({ api, dispatch, noteFailure });
  const outbox = createOutbox({ api, getState, dispatch, noteFailure });
  const reads = createReadMarks({ ...options, getState });
  const loadShown = async (): Promise<void> => {
    const { channel, thread } = state.place;
    await Promise.all([
      channel === '' ? null : loader.load(channel, null, null),
      thread === null ? null : loader.load(channel, thread, null),
    ]);
    reads.schedule();
  };

  /** An app greets whoever opens its direct messages. A greeting that fails is missed by nobody. */
  const greet = (id: string): void => {
    const other = state.channels.find((channel) => channel.id === id)?.with ?? null;
    if (other !== null && state.people[other]?.isBot) api.openDirect({ with: other }).catch(() => undefined);
  };

  const go = (change: Partial<Place>): void => {
    const before = state.place;
    const place = { ...before, target: null, ...change };
    dispatch({ type: 'moved', place });
    if (place.channel !== before.channel && place.channel !== '') {
      greet(place.channel);
      void loader.load(place.channel, null, null).then(reads.schedule);
    }
    if (place.thread !== null && (place.thread !== before.thread || place.channel !== before.channel)) {
      void loader.load(place.channel, place.thread, null);
    }
  };

  const openAnswered = (channel: string, thread: string | null, user: string): void => {
    if (!outbox.isFirstAnswer(channel, thread, user)) return;
    if (isWide() && state.place.channel === channel && state.place.thread === null) go({ thread });
  };

  const onLive = (event: LiveEvent): void => {
    loader.noteLive(event);
    if (event.type === 'message') outbox.noteMessage(event.message);
    dispatch(event);
    if (event.type === 'stream') {
      const message = state.messages[event.channel]?.[event.ts];
      if (message && event.at > message.text.length) void loader.load(event.channel, message.threadTs, null);
    }
    if (event.type === 'status' && event.status !== '') openAnswered(event.channel, event.threadTs, event.user);
    if (event.type !== 'message') return;
    const { message } = event;
    if (message.ephemeralFor === null) openAnswered(message.channel, message.threadTs, message.user);
    if (message.channel === state.place.channel) reads.schedule();
  };

  const refresh = async (): Promise<void> => {
    try {
      dispatch({ type: 'bootstrapped', bootstrap: await api.bootstrap() });
    } catch (error) {
      noteFailure(error);
    }
    await loadShown();
  };

  const live = createLive({
    ...options,
    open: options.openSocket,
    onEvent: onLive,
    onConnected: (connected) => {
      dispatch({ type: 'connected', connected });
      if (connected) void refresh();
    },
  });
  void loadShown();

  return {
    getState,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    go,
    loadOlder: async (channel, thread) => {
      const all = state.messages[channel];
      const shown = thread === null ? rootsOf(all) : threadOf(all, thread).filter(({ ts }) => ts !== thread);
      const oldest = shown.find(({ ephemeralFor }) => ephemeralFor === null);
      const { hasMore = false, phase = 'loading' } = state.loaded[scopeKey(channel, thread)] ?? {};
      if (oldest && hasMore && phase !== 'loading') await loader.load(channel, thread, oldest.ts);
    },
    reload: loadShown,
    send: ({ channel, threadTs, text, files = [] }) => {
      void outbox.deliver({ clientKey: newKey(), channel, threadTs, text, files, at: now(), failed: false });
    },
    upload: async (file) => {
      let sent: SentFile | null = null;
      await attempt('file', async () => {
        sent = await api.upload(file);
      });
      return sent;
    },
    retry: outbox.retry,
    discard: (clientKey) => dispatch({ type: 'draft_dropped', clientKey }),
    edit: async ({ channel, ts }, text) => {
      await attempt('edit', () => api.edit({ channel, ts, text }));
    },
    deleteMessage: async ({ channel, ts }) => {
      await attempt('delete', () => api.deleteMessage({ channel, ts }));
    },
    react: async ({ channel, ts }, name, on) => {
      dispatch({ type: 'reacted', channel, ts, name, on });
      const done = await attempt('reaction', () => api.react({ channel, ts, name, on }));
      if (!done) dispatch({ type: 'reacted', channel, ts, name, on: !on });
    },
    runCommand: (channel, command, text) => attempt('command', () => api.runCommand({ channel, command, text })),
    runShortcut: async ({ channel, ts }, callbackId) => {
      await attempt('shortcut', () => api.runShortcut({ channel, ts, callbackId }));
    },
    stop: async (channel, threadTs, user) => {
      await attempt('stop', () => api.stop({ channel, threadTs, user }));
    },
    act: async (container, action, values) => {
      await attempt('action', () => api.useElement({ container, action, ...(values ? { state: values } : {}) }));
    },
    submitView: async (viewId, values) => {
      let errors: Record<string, string> = {};
      await attempt('view', async () => {
        const result = await api.submitView({ viewId, state: values });
        if (result.closed) dispatch({ type: 'view_closed', viewId });
        else errors = result.errors;
      });
      return errors;
    },
    closeView: (viewId) => {
      dispatch({ type: 'view_closed', viewId });
      void attempt('view', () => api.closeView({ viewId }));
    },
    openHome: async (app) => {
      await attempt('view', async () => {
        const { view } = await api.openHome({ with: app });
        // What the app has published meanwhile is newer.
        if (view && !state.homes[app]) dispatch({ type: 'home_published', app, view });
      });
    },
    dismiss: ({ channel, ts }) => dispatch({ type: 'message_deleted', channel, ts }),
    dropNotice: (id) => dispatch({ type: 'notice_dropped', id }),
    seen: () => {
      live.retryNow();
      reads.schedule();
    },
    close: () => {
      live.close();
      reads.close();
      listeners.clear();
    },
  };
};
