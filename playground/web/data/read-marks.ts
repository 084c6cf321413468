import type { Api } from './api.ts';
import type { LiveOptions } from './live.ts';
import type { State } from './state.ts';

export interface ReadMarksOptions {
  readonly api: Pick<Api, 'markRead'>;
  readonly getState: () => State;
  readonly isVisible: () => boolean;
  readonly setTimeout: LiveOptions['setTimeout'];
  readonly clearTimeout: LiveOptions['clearTimeout'];
}

const pause = 400;

/** Tells the server up to where the shown channel was seen: soon, and once for a burst of messages. */
export const createReadMarks = ({ api, getState, isVisible, setTimeout, clearTimeout }: ReadMarksOptions) => {
  const marked = new Map<string, string>();
  let timer: unknown = null;

  const mark = (): void => {
    timer = null;
    const { place, messages } = getState();
    const { channel } = place;
    if (!isVisible()) return;
    const latest = Object.values(messages[channel] ?? {})
      .filter(({ ephemeralFor }) => ephemeralFor === null)
      .map(({ ts }) => ts)
      .sort()
      .at(-1);
    if (latest === undefined || latest <= (marked.get(channel) ?? '')) return;
    marked.set(channel, latest);
    // A mark that is lost is made again with the next message; nothing to tell the person.
    api.markRead({ channel, ts: latest }).catch(() => marked.delete(channel));
  };

  return {
    schedule: (): void => {
      timer ??= setTimeout(mark, pause);
    },
    close: (): void => {
      if (timer !== null) clearTimeout(timer);
    },
  };
};
