import type { Message } from '../../protocol/messages.ts';
import type { Api, ApiError } from './api.ts';
import { isRoot } from './messages.ts';
import type { PageEvent } from './reduce.ts';
import type { Draft, State } from './state.ts';

export interface OutboxOptions {
  readonly api: Pick<Api, 'send'>;
  readonly getState: () => State;
  readonly dispatch: (event: PageEvent | { readonly type: 'message'; readonly message: Message }) => void;
  readonly noteFailure: (error: unknown) => ApiError;
}

const named = (files: Draft['files']) => (files.length === 0 ? {} : { files: files.map(({ id }) => id) });

/** Sends what the person wrote. It is shown at once, and stays, marked, when it could not be sent. */
export const createOutbox = ({ api, getState, dispatch, noteFailure }: OutboxOptions) => {
  /** Roots of one's own that wait for a first answer. */
  const awaited = new Set<string>();

  /** An answer may come before the answer to one's own request: the live message tells of the root as well. */
  const noteMessage = (message: Message): void => {
    const { channel, ts, clientKey } = message;
    const own = getState().drafts.some((draft) => draft.clientKey === clientKey);
    if (own && isRoot(message)) awaited.add(`${channel}/${ts}`);
  };

  const deliver = async (draft: Draft): Promise<void> => {
    const { clientKey, channel, threadTs, text, files } = draft;
    dispatch({ type: 'drafted', draft: { ...draft, failed: false } });
    try {
      const sent = await api.send({
        channel,
        text,
        clientKey,
        ...(threadTs === null ? {} : { threadTs }),
        ...named(files),
      });
      const message = { ...sent, clientKey };
      noteMessage(message);
      // Live it may have come already, and have changed since.
      if (getState().messages[channel]?.[message.ts]) dispatch({ type: 'draft_dropped', clientKey });
      else dispatch({ type: 'message', message });
    } catch (error) {
      noteFailure(error);
      dispatch({ type: 'draft_failed', clientKey });
    }
  };

  return {
    deliver,
    retry: (clientKey: string): void => {
      const draft = getState().drafts.find((each) => each.clientKey === clientKey);
      if (draft?.failed) void deliver(draft);
    },
    noteMessage,
    /** True for the first answer to a root of one's own. */
    isFirstAnswer: (channel: string, thread: string | null, user: string): boolean =>
      thread !== null && user !== getState().me.id && awaited.delete(`${channel}/${thread}`),
  };
};
