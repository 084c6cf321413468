import type { Block } from '../../protocol/messages.ts';
import { announceChanged, announceChannel, announceDeleted, announcePosted } from '../events/announce.ts';
import { pageMessage } from '../live/page-message.ts';
import type { MessageMetadata, StoredMessage } from '../state/messages.ts';
import type { Workspace } from '../workspace.ts';
import type { EphemeralMessage } from './ephemerals.ts';

export interface NewMessage {
  readonly channel: string;
  readonly user: string;
  readonly appId: string | null;
  readonly threadTs: string | null;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly metadata?: MessageMetadata | null;
  readonly markdown?: boolean;
  readonly streamUntil?: number | null;
  readonly clientKey?: string | null;
  readonly subtype?: string | null;
  /** Ids of files that were sent before. */
  readonly files?: readonly string[];
}

const complete = ({ store }: Workspace, { files: _, ...message }: NewMessage): StoredMessage => ({
  ...message,
  ts: store.channels.nextTs(message.channel),
  blocks: message.blocks ?? [],
  metadata: message.metadata ?? null,
  markdown: message.markdown ?? false,
  streamUntil: message.streamUntil ?? null,
  clientKey: message.clientKey ?? null,
  subtype: message.subtype ?? null,
  edited: null,
});

/** Puts a message into a channel and tells everybody in it. */
export const post = (workspace: Workspace, message: NewMessage): StoredMessage => {
  const { store, statuses } = workspace;
  return store.transaction(() => {
    const stored = complete(workspace, message);
    store.messages.add(stored);
    store.files.attach(stored.channel, stored.ts, message.files ?? []);
    if (stored.threadTs === null) store.channels.markRead(stored.channel, stored.user, stored.ts);
    announcePosted(workspace, stored);
    const { channel, user, threadTs, ts } = stored;
    store.afterCommit(() => statuses.clear(channel, threadTs ?? ts, user));
    return stored;
  });
};

/** Shows a message to one person only; it is in no history. */
export const whisper = (workspace: Workspace, message: NewMessage, person: string): EphemeralMessage => {
  const { ephemerals, live, store } = workspace;
  const shown: EphemeralMessage = { ...complete(workspace, message), ephemeralFor: person };
  ephemerals.put(shown);
  store.afterCommit(() => live.send([person], { type: 'message', message: pageMessage(workspace, shown) }));
  return shown;
};

/** Writes a changed message. */
export const change = (workspace: Workspace, previous: StoredMessage, message: StoredMessage): void =>
  workspace.store.transaction(() => {
    workspace.store.messages.save(message);
    announceChanged(workspace, message, previous);
  });

/** Takes a message away; a root with replies leaves a tombstone, as in Slack. */
export const remove = (workspace: Workspace, message: StoredMessage): void => {
  const { store } = workspace;
  store.transaction(() => {
    const { channel, ts } = message;
    store.files.detach(channel, ts);
    if (store.messages.thread(channel, ts).count === 0) {
      store.messages.remove(channel, ts);
      announceDeleted(workspace, message, null);
      announceChannel(workspace, channel);
      return;
    }
    const tombstone: StoredMessage = {
      ...message,
      subtype: 'tombstone',
      text: 'This message was deleted.',
      blocks: [],
      metadata: null,
      markdown: false,
      streamUntil: null,
    };
    store.messages.save(tombstone);
    announceDeleted(workspace, message, tombstone);
  });
};

/** Shows an ephemeral message anew, or takes it away. */
export const rewriteWhisper = (workspace: Workspace, message: EphemeralMessage): void => {
  workspace.ephemerals.put(message);
  workspace.live.send([message.ephemeralFor], { type: 'message', message: pageMessage(workspace, message) });
};

export const removeWhisper = (workspace: Workspace, { channel, ts, ephemeralFor }: EphemeralMessage): void => {
  workspace.ephemerals.remove(channel, ts);
  workspace.live.send([ephemeralFor], { type: 'message_deleted', channel, ts });
};
