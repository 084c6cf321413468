import type { Block } from '../../protocol/messages.ts';
import { pageMessage } from '../live/page-message.ts';
import type { StoredMessage } from '../state/messages.ts';
import type { Workspace } from '../workspace.ts';

/** What one call adds to a stream. */
export interface Addition {
  readonly text: string;
  /** A block that has the same `block_id` as one before replaces it (a task that goes on). */
  readonly blocks: readonly Block[];
}

export const extend = (message: StoredMessage, { text, blocks }: Addition): StoredMessage => {
  const kept = message.blocks.map((block) => blocks.find(({ block_id: id }) => id === block.block_id) ?? block);
  const known = new Set(message.blocks.map(({ block_id: id }) => id));
  return {
    ...message,
    text: message.text + text,
    blocks: [...kept, ...blocks.filter(({ block_id: id }) => !known.has(id))],
  };
};

/** Writes what a stream gained. The apps hear of a stream when it starts and when it stops; the pages see all of it. */
export const append = (workspace: Workspace, message: StoredMessage, addition: Addition): void => {
  const { store, live } = workspace;
  const extended = extend(message, addition);
  store.messages.save(extended);
  store.afterCommit(() => {
    const members = store.channels.find(message.channel)?.members ?? [];
    if (addition.blocks.length > 0) {
      live.send(members, { type: 'message', message: pageMessage(workspace, extended) });
    } else if (addition.text !== '') {
      const { channel, ts, text } = message;
      live.send(members, { type: 'stream', channel, ts, at: text.length, text: addition.text });
    }
  });
};

/** Tells the pages when Slack would have closed a stream that nobody stopped. */
export const watchStream = (workspace: Workspace, { channel, ts, streamUntil }: StoredMessage): void => {
  const { clock, closing, store, live } = workspace;
  if (streamUntil === null) return;
  void clock.sleep(Math.max(0, streamUntil - clock.now()), closing).then(
    () => {
      const message = store.messages.find(channel, ts);
      if (message?.streamUntil !== streamUntil) return;
      const members = store.channels.find(channel)?.members ?? [];
      live.send(members, { type: 'message', message: pageMessage(workspace, message) });
    },
    () => undefined,
  );
};
