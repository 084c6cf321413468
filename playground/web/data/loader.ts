import type { LiveEvent } from '../../protocol/live.ts';
import type { Api, ApiError } from './api.ts';
import type { PageEvent } from './reduce.ts';

export interface LoaderOptions {
  readonly api: Pick<Api, 'messages'>;
  readonly dispatch: (event: PageEvent) => void;
  readonly noteFailure: (error: unknown) => ApiError;
}

interface Running {
  readonly channel: string;
  readonly fresh: Set<string>;
  readonly done: Promise<void>;
  next: Promise<void> | null;
}

/** Fetches history. What comes live while a page is on its way is newer than the page and is kept. */
export const createLoader = ({ api, dispatch, noteFailure }: LoaderOptions) => {
  const running = new Map<string, Running>();

  const fetchPage = async (
    channel: string,
    thread: string | null,
    before: string | null,
    fresh: ReadonlySet<string>,
  ): Promise<void> => {
    dispatch({ type: 'loading', channel, thread });
    try {
      const page = await api.messages({ channel, thread, before });
      dispatch({ type: 'loaded', channel, thread, before, page, fresh });
    } catch (error) {
      noteFailure(error);
      dispatch({ type: 'load_failed', channel, thread });
    }
  };

  const start = (key: string, channel: string, thread: string | null, before: string | null): Promise<void> => {
    const fresh = new Set<string>();
    const done = fetchPage(channel, thread, before, fresh).finally(() => running.delete(key));
    running.set(key, { channel, fresh, done, next: null });
    return done;
  };

  return {
    /**
     * The newest page of a channel or thread, or the one before `before`. One request at a time for each: who asks
     * while one is on its way gets the one after it, for that one may have left before what they want to see.
     */
    load: (channel: string, thread: string | null, before: string | null): Promise<void> => {
      const key = `${channel}/${thread ?? ''}/${before ?? ''}`;
      const there = running.get(key);
      if (!there) return start(key, channel, thread, before);
      there.next ??= there.done.then(() => start(key, channel, thread, before));
      return there.next;
    },
    noteLive: (event: LiveEvent): void => {
      if (event.type !== 'message') return;
      for (const { channel, fresh } of running.values()) {
        if (channel === event.message.channel) fresh.add(event.message.ts);
      }
    },
  };
};
