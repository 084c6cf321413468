import { z } from 'zod';
import { POST_TEXT } from '../../../src/slack/limits.ts';
import type { Message, MessagePage } from '../../protocol/messages.ts';
import { post } from '../conversation/post.ts';
import { pageMessage } from '../live/page-message.ts';
import type { StoredMessage } from '../state/messages.ts';
import type { Member } from '../state/people.ts';
import type { Workspace } from '../workspace.ts';
import { mentionByName } from './mention-by-name.ts';
import { findJoined, LocalFault } from './request.ts';

export const pageQuery = z.object({
  channel: z.string().min(1),
  thread: z.string().min(1).optional(),
  before: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const text = z.string().max(POST_TEXT, `at most ${POST_TEXT.toLocaleString('en-US')} characters`);
const isText = (value: string): boolean => value.trim() !== '';
const mostFiles = 10;

export const writtenText = text.refine(isText, 'must not be empty');

export const sendMessage = z
  .object({
    channel: z.string().min(1),
    text,
    threadTs: z.string().min(1).optional(),
    clientKey: z.string().max(100).optional(),
    files: z.array(z.string().min(1)).max(mostFiles).optional(),
  })
  .refine(({ text: written, files = [] }) => isText(written) || files.length > 0, {
    path: ['text'],
    message: 'must not be empty',
  });

/** Files that the person has sent and that stand in no message yet. */
const findSent = ({ store }: Workspace, person: Member, ids: readonly string[]): void => {
  for (const id of ids) {
    if (store.files.find(id)?.user !== person.id || store.files.channels(id).length > 0) {
      throw new LocalFault(404, 'file_not_found', 'There is no such file to send.');
    }
  }
};

export const findVisible = (workspace: Workspace, person: Member, channel: string, ts: string): StoredMessage => {
  findJoined(workspace, person, channel);
  const message = workspace.store.messages.find(channel, ts);
  if (!message) throw new LocalFault(404, 'message_not_found', 'There is no such message.');
  return message;
};

const threadPage = (workspace: Workspace, person: Member, query: z.infer<typeof pageQuery>): MessagePage => {
  const { messages, threadTitles } = workspace.store;
  const { channel, thread = '', before, limit } = query;
  const root = findVisible(workspace, person, channel, thread);
  if (root.threadTs !== null) throw new LocalFault(404, 'thread_not_found', 'This message is a reply, not a root.');
  const newest = messages.replies(channel, thread, { before, limit: limit + 1, newestFirst: true });
  const page = newest.slice(0, limit).reverse();
  return {
    messages: [root, ...page].map((message) => pageMessage(workspace, message)),
    hasMore: newest.length > limit,
    title: threadTitles.get(channel, thread),
  };
};

/** Roots of a channel, or a thread with its root first; the newest that fit, oldest first. */
export const readMessages = (workspace: Workspace, person: Member, query: z.infer<typeof pageQuery>): MessagePage => {
  const { channel, before, limit } = query;
  findJoined(workspace, person, channel);
  if (query.thread !== undefined) return threadPage(workspace, person, query);
  const newest = workspace.store.messages.roots(channel, { before, limit: limit + 1, newestFirst: true });
  return {
    messages: newest
      .slice(0, limit)
      .reverse()
      .map((message) => pageMessage(workspace, message)),
    hasMore: newest.length > limit,
  };
};

export const send = (workspace: Workspace, person: Member, body: z.infer<typeof sendMessage>): Message => {
  const channel = findJoined(workspace, person, body.channel);
  const parent = body.threadTs === undefined ? null : findVisible(workspace, person, channel.id, body.threadTs);
  const { files = [] } = body;
  findSent(workspace, person, files);
  const message = post(workspace, {
    channel: channel.id,
    user: person.id,
    appId: null,
    threadTs: parent && (parent.threadTs ?? parent.ts),
    text: mentionByName(body.text, workspace.store.apps.list()),
    clientKey: body.clientKey ?? null,
    ...(files.length > 0 ? { files, subtype: 'file_share' } : {}),
  });
  return pageMessage(workspace, message);
};
