import type { WebClient } from '@slack/web-api';
import type { Pair } from '../../src/comparison/pairs.ts';
import type { Texts } from '../../src/i18n/texts.ts';
import { section } from '../../src/slack/blocks.ts';
import type { Desk } from '../desk.ts';
import { refusalText } from '../refuse.ts';
import { slackCode } from '../search/find-message.ts';

/** A comparison that somebody wants. */
export interface Wanted {
  readonly team: string;
  readonly app: string;
  readonly channel: string;
  /** The thread to compare in; null: one of its own is begun. */
  readonly threadTs: string | null;
  readonly user: string;
  readonly pair: Pair;
  readonly question: string;
  /** Unlike any other call's. */
  readonly callId: string;
  readonly client: WebClient;
  readonly texts: Texts;
}

/** What Slack says where an app may not write. */
const notHere: ReadonlySet<string> = new Set([
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'restricted_action',
  'no_permission',
]);

/** Begins a comparison: its thread, then its record and jobs. @returns what the person is told */
export const beginComparison = async (
  desk: Pick<Desk, 'againstComparing' | 'compare'>,
  { team, app, channel, threadTs, user, pair, question, callId, client, texts }: Wanted,
): Promise<string> => {
  const { comparison } = texts;
  const { mode, first, second } = pair;
  const entry = { team, channel, user, first, second };
  const against = await desk.againstComparing(entry);
  if (against) return refusalText(against, texts);
  let root: string | undefined;
  try {
    const text = comparison.asked(`<@${user}>`, mode);
    root = threadTs ?? (await client.chat.postMessage({ channel, text, blocks: [section(text)] })).ts;
  } catch (error) {
    if (notHere.has(slackCode(error) ?? '')) return comparison.notHere;
    throw error;
  }
  const ts = root as string;
  const { refusal } = await desk.compare(callId, {
    ...entry,
    app,
    threadTs: ts,
    questionTs: ts,
    locale: texts.locale,
    mode,
    question,
  });
  if (!refusal) return comparison.begun;
  if (threadTs === null) await client.chat.delete({ channel, ts });
  return refusalText(refusal, texts);
};
