import type { Clock } from '../clock.ts';
import type { Feed } from '../feed/feed.ts';
import type { WaitProgress } from './presenter.ts';

/** What the feed has told so far of the highest attempt. */
export interface LiveText {
  readonly attempt: number;
  readonly text: string;
  readonly seq: number;
  /** An event is missing: the text can't be shown before the record has it. */
  readonly gap: boolean;
  readonly finished: boolean;
  /** The last step told of, while there is no text. */
  readonly progress: WaitProgress | null;
  /** Rises with each event. */
  readonly version: number;
  /** Resolves once there is an event after `version`, after `ms`, or when the signal aborts. */
  wait(ms: number, version: number): Promise<void>;
}

/** Follows a topic until it ends or the signal aborts. */
export const followFeed = (feed: Feed, topic: string, clock: Clock, signal: AbortSignal): LiveText => {
  const state = {
    attempt: 0,
    text: '',
    seq: 0,
    gap: false,
    finished: false,
    progress: null as WaitProgress | null,
    version: 0,
  };
  let changed = new AbortController();
  const wake = () => {
    state.version += 1;
    changed.abort();
    changed = new AbortController();
  };

  const read = async () => {
    for await (const { event } of feed.read(topic, { signal })) {
      if (event.attempt < state.attempt) continue;
      if (event.attempt > state.attempt) Object.assign(state, { attempt: event.attempt, text: '', seq: 0, gap: false });
      if (event.type === 'text') {
        state.gap ||= event.seq !== state.seq + 1;
        state.seq = event.seq;
        state.text += event.text;
      }
      if (event.type === 'progress') state.progress = { step: event.step, done: event.done, total: event.total };
      state.finished ||= event.type === 'finished';
      wake();
    }
  };
  // The feed is a hint: without it the record is looked at now and then.
  void read().catch(() => {});

  return {
    get attempt() {
      return state.attempt;
    },
    get text() {
      return state.text;
    },
    get seq() {
      return state.seq;
    },
    get gap() {
      return state.gap;
    },
    get finished() {
      return state.finished;
    },
    get progress() {
      return state.progress;
    },
    get version() {
      return state.version;
    },
    wait: async (ms, version) => {
      if (version !== state.version) return;
      await clock.sleep(ms, AbortSignal.any([changed.signal, signal])).catch(() => {});
    },
  };
};
