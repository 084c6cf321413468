import { createHash } from 'node:crypto';
import type { WebClient } from '@slack/web-api';
import type { Settings } from '../../../src/access/settings.ts';
import type { Clock } from '../../../src/clock.ts';
import { section } from '../../../src/slack/blocks.ts';
import { type SlackFailure, toFailure } from '../../../src/slack/client-failure.ts';
import { escapeText, inlineText } from '../../../src/slack/escape.ts';
import type { Store } from '../../../src/store/store.ts';
import { auditedBy, type CommandCall, type SubCommand } from '../command.ts';
import { channelLink } from '../names.ts';
import { linesMessage } from '../present-page.ts';

/** Room for the escapes in one section. */
const longest = 2_000;
const mostChannels = 200;

/** Channels that the app is in. */
const channelsOf = async (client: WebClient): Promise<string[]> => {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const { channels = [], response_metadata } = await client.users.conversations({
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: 200,
      cursor,
    });
    ids.push(...channels.flatMap(({ id }) => id ?? []));
    cursor = response_metadata?.next_cursor || undefined;
  } while (cursor && ids.length < mostChannels);
  return ids.slice(0, mostChannels);
};

/** Tries for one channel when Slack tells to wait. */
const tries = 4;
const longestWaitMs = 60_000;
/** The same text after this is another announcement. */
const sameWithinMs = 86_400_000;
/** How many channels a message names. */
const mostNamed = 20;

interface Plan {
  readonly text: string;
  /** Of the inbox: what it says and when it was begun, the same for each attempt. */
  readonly ts: string;
}

/** What an earlier attempt at the same text has left. */
interface Standing {
  readonly ts: string;
  readonly left: readonly string[];
  readonly said: number;
  /** Begun and never ended there: the process may have died before the message or after it. */
  readonly unsure: readonly string[];
}

/**
 * `/tenkyo announce TEXT`: says it in every channel that the app is in and that is not denied. Each channel is written
 * down before and after, so that the same command goes on where it broke off, and says nothing twice.
 */
export const announceCommand = ({
  store,
  settings,
  clock,
}: {
  readonly store: Pick<Store, 'audit' | 'inbox'>;
  readonly settings: Settings;
  readonly clock: Clock;
}): SubCommand => {
  const standingOf = async (
    { team, app, client }: Pick<CommandCall, 'team' | 'app' | 'client'>,
    text: string,
  ): Promise<Standing> => {
    const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const set = await settings.of(team);
    const channels = (await channelsOf(client)).filter((channel) => !set.value('channel', channel)?.value.denied);
    const before = await store.inbox.announced(team, app, name, clock.now() - sameWithinMs);
    const ts = before.map((one) => one.ts).toSorted()[0] ?? `${name}.${clock.now()}`;
    const said = new Set(before.filter(({ done }) => done).map(({ channel }) => channel));
    const begun = new Set(before.map(({ channel }) => channel));
    return {
      ts,
      left: channels.filter((channel) => !begun.has(channel)),
      said: said.size,
      unsure: [...begun].filter((channel) => !said.has(channel)),
    };
  };
  const links = (channels: readonly string[]): string[] => channels.slice(0, mostNamed).map(channelLink);

  /** @returns null: it is said there; else why not */
  const say = async (text: string, channel: string, { client }: CommandCall): Promise<SlackFailure | null> => {
    const said = `📣 ${escapeText(text)}`;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await client.chat.postMessage({
          channel,
          text: said,
          blocks: [section(said)],
          parse: 'none',
          link_names: false,
          unfurl_links: false,
          unfurl_media: false,
        });
        return null;
      } catch (error) {
        const failure = toFailure(error);
        if (failure.kind !== 'rate_limited' || attempt === tries) return failure;
        await clock.sleep(Math.min(longestWaitMs, failure.retryAfterMs ?? 1_000));
      }
    }
  };

  return {
    name: 'announce',
    who: 'admin',
    usage: 'TEXT',
    run: async (call) => {
      const { commands, format } = call.texts;
      // Slack hands these three over as entities.
      const text = call.rest.trim().replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
      if (text === '') return null;
      if (escapeText(text).length > longest) return linesMessage([commands.tooLong(format.number(longest))]);
      const { ts, left, said, unsure } = await standingOf(call, text);
      if (left.length === 0 && said + unsure.length > 0) {
        return linesMessage([commands.announcedBefore(said, links(unsure))]);
      }
      const plan: Plan = { text, ts };
      return { confirm: `${commands.confirm.announce(left.length, said)}\n>${inlineText(text, 500)}`, args: plan };
    },
    perform: async (args, call) => {
      const { text, ts } = args as Plan;
      const { team, app } = call;
      const { left, said: before, unsure: unsureBefore } = await standingOf(call, text);
      const entry = { ...auditedBy(call, 'announce', null), before: null };
      // Where no later entry follows this one, it broke off.
      await store.audit.add({ ...entry, outcome: 'done', reason: 'begun', after: { text, channels: left.length } });
      let sent = 0;
      const failed: string[] = [];
      const unsure: string[] = [...unsureBefore];
      const reasons: string[] = [];
      for (const channel of left) {
        const key = { team, app, channel, ts };
        // Somebody else says it there at this moment.
        if (!(await store.inbox.claim({ ...key, kind: 'announcing' }))) continue;
        const failure = await say(text, channel, call);
        if (failure === null) {
          await store.inbox.claim({ ...key, kind: 'announced' });
          sent += 1;
          continue;
        }
        reasons.push(`${channel}: ${failure.code}`);
        if (failure.kind === 'ambiguous') unsure.push(channel);
        else {
          failed.push(channel);
          await store.inbox.withdraw({ ...key, kind: 'announcing' });
        }
      }
      await store.audit.add({
        ...entry,
        outcome: sent === 0 && left.length > 0 ? 'failed' : 'done',
        reason: reasons.length > 0 ? reasons.join('; ').slice(0, 500) : null,
        after: { text, channels: sent },
      });
      const facts = { sent, failed: links(failed), unsure: links(unsure), before };
      return linesMessage([call.texts.commands.announced(facts)]);
    },
  };
};
