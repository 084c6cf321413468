import type { WebClient } from '@slack/web-api';
import type { Refusal } from '../src/access/door.ts';
import type { Texts } from '../src/i18n/texts.ts';
import { slackDate } from '../src/slack/date.ts';
import { inlineText } from '../src/slack/escape.ts';
import type { InboxKey } from '../src/store/records.ts';
import type { InboxRepository } from '../src/store/store.ts';

/** A refusal in words, mrkdwn. */
export const refusalText = (refusal: Refusal, { door }: Texts): string => {
  switch (refusal.why) {
    case 'banned':
      return door.banned;
    case 'channel_denied':
      return door.channelDenied;
    case 'paused':
      return door.paused(inlineText(refusal.model));
    case 'over_quota':
      return door.overQuota(refusal.over, refusal.over.freeAt === null ? null : slackDate(refusal.over.freeAt));
    case 'queue_full':
      return door.queueFull({ ...refusal, model: inlineText(refusal.model) });
    case 'nothing_visible':
      return door.nothingVisible;
  }
};

/** What concerns everybody who reads along is said in the thread; what concerns one person, to them alone. */
const saidToAll: ReadonlySet<Refusal['why']> = new Set(['paused', 'queue_full', 'channel_denied']);

/** Tells a refusal: once for an event, and once for a channel that is denied. */
export const tellRefusal = async (
  refusal: Refusal,
  {
    client,
    inbox,
    team,
    app,
    channel,
    threadTs,
    user,
    texts,
  }: Pick<InboxKey, 'team' | 'app' | 'channel'> & {
    readonly client: WebClient;
    readonly inbox: InboxRepository;
    /** null: not in a thread. */
    readonly threadTs: string | null;
    readonly user: string;
    readonly texts: Texts;
  },
): Promise<void> => {
  if (refusal.why === 'channel_denied') {
    const once = { team, app, channel, ts: String(refusal.since), kind: 'told' } as const;
    if (!(await inbox.claim(once))) return;
  }
  const message = {
    channel,
    text: refusalText(refusal, texts),
    ...(threadTs === null ? {} : { thread_ts: threadTs }),
  };
  if (saidToAll.has(refusal.why) || channel.startsWith('D')) {
    await client.chat.postMessage({ ...message, unfurl_links: false, unfurl_media: false });
  } else await client.chat.postEphemeral({ ...message, user });
};
