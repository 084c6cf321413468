import type { Clock } from '../clock.ts';
import { answerTopic, comparisonTopic, type Feed, searchTopic } from '../feed/feed.ts';
import type { SlackClient } from '../slack/client-policy.ts';
import type { Store } from '../store/store.ts';
import type { Logger } from '../telemetry/log.ts';
import { graphemeBoundary } from '../text/graphemes.ts';
import { beginSession } from './agent-session.ts';
import type { HeldDelivery } from './held-delivery.ts';
import { createLiveMessage, type LiveMessage } from './live-message.ts';
import { followFeed, type LiveText } from './live-text.ts';
import type { MessageContent, Presenter } from './presenter.ts';
import { createThreadWriter, type ThreadWriter } from './thread-writer.ts';
import { createWaitingLine } from './waiting-line.ts';

export interface PumpOptions {
  readonly held: HeldDelivery;
  readonly store: Store;
  readonly feed: Feed;
  readonly client: SlackClient;
  readonly presenter: Presenter;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What the workspace has turned out not to know. */
  readonly streaming: { off: boolean; simple?: boolean; sessionless?: boolean };
  /** Answers at work by thread. */
  readonly atWork: Map<string, number>;
  readonly alone: (run: () => Promise<void>) => Promise<void>;
}

/** How often the record is looked at while the feed says nothing. */
const lookEveryMs = 2_000;
/** A stop must not wait for Slack. */
const partingMs = 2_000;

/** A comparison's two answers tell their own topics; their records say when both are there. */
const topics = { answer: answerTopic, search: searchTopic, comparison: comparisonTopic };

/** Enough to find a conversation again. */
const longestTitle = 60;

const titleOf = (question: string): string | null => {
  const line = question.replace(/\s+/gu, ' ').trim().toWellFormed();
  return line === '' ? null : line.slice(0, graphemeBoundary(line, longestTitle, 0));
};

/** Who asked, the message after which ours must stand, and whether its record is still open. */
const origin = async (
  store: Store,
  { row }: HeldDelivery,
): Promise<{ user: string; after: string; title?: string | null; open?: boolean } | null> => {
  if (row.kind === 'answer') {
    const answer = await store.answers.get(row.id);
    if (answer === null) return null;
    const { user, questionTs, threadTs, channel, question } = answer;
    // A conversation of its own, as in the app's direct messages, is called what it began with.
    const title = questionTs === threadTs && channel.startsWith('D') ? titleOf(question) : null;
    return { user, after: questionTs, title, open: answer.finishedAt === null };
  }
  if (row.kind === 'comparison') {
    const comparison = await store.comparisons.get(row.id);
    return comparison && { user: comparison.user, after: row.threadTs };
  }
  const search = await store.searches.get(row.id);
  return search && { user: search.user, after: search.messageTs };
};

/**
 * Brings one answer, search or comparison to Slack while its lease is held: a status, live text, and at the end messages that are
 * equal to the record. Throws `slack_refused` when Slack will not have it, `lock_lost` or `shutdown` when it must stop.
 */
export const pump = async (options: PumpOptions): Promise<void> => {
  const { held, store, feed, client, clock, logger } = options;
  const from = await origin(store, held);
  if (!from) return held.save({ status: 'failed', failure: 'record_missing' });
  const { id, team, channel } = held.row;
  const writer = createThreadWriter({
    held,
    client,
    clock,
    logger,
    after: from.after,
    isKnown: (ts) => store.deliveries.hasMessage(team, channel, ts),
    refusals: options.streaming,
  });
  const session =
    held.row.kind === 'answer'
      ? beginSession({ ...options, abilities: options.streaming, user: from.user, title: from.title ?? null })
      : null;
  const stoppable = async () => (session ? session.native() : true);
  const message = createLiveMessage({ ...options, writer, user: from.user, stoppable });
  let ended = false;

  const following = new AbortController();
  try {
    const live = followFeed(feed, topics[held.row.kind](id), clock, AbortSignal.any([held.signal, following.signal]));
    const final = await follow(options, live, message, from.open ? clock.now() + lookEveryMs : 0);
    // The last words come with the stream's end: the edit that follows changes only what stands around them.
    const last = final.length > 0 ? live : undefined;
    ended = await message.endStream({ session: session?.endsWithStream, live: last });
    await complete({ ...options, writer, final });
    if (final.length === 0) await clearWaiting(options);
  } catch (error) {
    if (held.signal.aborted) await part(options);
    throw error;
  } finally {
    following.abort();
    await session?.end(ended);
  }
};

/** Shows what comes until the record is final. @param lookAt when the record need be looked at, if the feed is silent */
const follow = async (
  options: PumpOptions,
  live: LiveText,
  message: LiveMessage,
  lookAt: number,
): Promise<readonly MessageContent[]> => {
  const { held, presenter, clock } = options;
  const line = createWaitingLine(options);
  let lookNext = lookAt;
  let showAt = 0;
  let shown = 0;

  for (;;) {
    held.signal.throwIfAborted();
    const { version, finished } = live;
    if (finished || clock.now() >= lookNext) {
      const final = await presenter.final(held.row);
      if (final) {
        await line.sent();
        return final;
      }
      lookNext = clock.now() + lookEveryMs;
    }
    line.refresh(live);
    const news = held.row.kind === 'answer' && version !== shown && !finished;
    if (news && clock.now() >= showAt) {
      await line.sent();
      shown = live.version;
      const wrote = await whileOpen(options, live, (ended) => message.show(live, ended));
      if (wrote) showAt = clock.now() + message.pauseMs;
      continue;
    }
    // Text that waits for its turn is not woken for more text, only the end is.
    const until = news && !live.finished ? Math.min(lookNext, showAt) : lookNext;
    await live.wait(Math.max(Math.min(until, line.dueAt) - clock.now(), 10), version);
  }
};

/** Runs a live write; the signal it gets aborts once the record is final, so that it does not wait for its turn. */
const whileOpen = async (
  { store, held, clock }: PumpOptions,
  live: LiveText,
  write: (ended: AbortSignal) => Promise<boolean>,
): Promise<boolean> => {
  const ended = new AbortController();
  const written = new AbortController();
  const watch = async () => {
    let lookAt = clock.now() + lookEveryMs;
    while (!written.signal.aborted && !held.signal.aborted) {
      await live.wait(lookAt - clock.now(), live.version);
      if (clock.now() < lookAt && !live.finished) continue;
      lookAt = clock.now() + lookEveryMs;
      if (live.finished || (await isFinal(store, held))) return ended.abort();
    }
  };
  void watch().catch(() => {});
  try {
    return await write(ended.signal);
  } finally {
    written.abort();
  }
};

const isFinal = async (store: Store, { row }: HeldDelivery): Promise<boolean> => {
  const record = row.kind === 'answer' ? await store.answers.get(row.id) : await store.searches.get(row.id);
  return record !== null && record.finishedAt !== null;
};

/** Makes the thread equal to the record, whatever it shows now. Every step may be repeated after a crash. */
const complete = async ({
  held,
  writer,
  final,
  alone,
}: PumpOptions & {
  writer: ThreadWriter;
  final: readonly MessageContent[];
}): Promise<void> => {
  for (const [index, content] of final.entries()) {
    const ts = held.row.messages[index];
    if (ts !== undefined) {
      await writer.update(ts, content, index);
      continue;
    }
    await alone(async () => {
      const posted = await writer.post(index, content);
      await held.save({ status: 'streaming', messages: [...held.row.messages, posted.ts] });
      if (posted.found) await writer.update(posted.ts, content, index);
    });
  }
  for (const ts of held.row.messages.slice(final.length)) await writer.remove(ts);
  await held.save({ status: 'delivered', messages: held.row.messages.slice(0, final.length) });
};

/** What is said while people wait goes away with a message; where none comes, it is taken away. */
const clearWaiting = async ({ held, client }: PumpOptions): Promise<void> => {
  const { channel, threadTs } = held.row;
  const args = { channel_id: channel, thread_ts: threadTs, status: '' };
  await client.call('assistant.threads.setStatus', async () => args, { signal: held.signal, patienceMs: partingMs });
};

/** On the way out: a stream left open would look alive until Slack ends it. */
const part = async ({ held, client, store }: PumpOptions): Promise<void> => {
  const { id, channel, nativeStream, messages } = held.row;
  const ts = messages.at(-1);
  if (!nativeStream || ts === undefined) return;
  const stillOurs = await held.check().then(
    () => true,
    () => false,
  );
  if (!stillOurs) return;
  const reply = await client.call('chat.stopStream', async () => ({ channel, ts }), { patienceMs: partingMs });
  if (reply.ok && (await store.deliveries.get(id))?.nativeStream) await held.save({ nativeStream: false });
};
