import type { Clock } from '../clock.ts';
import type { SlackClient } from '../slack/client-policy.ts';
import type { HeldDelivery } from './held-delivery.ts';
import { noStreaming } from './slack-codes.ts';

/** What Slack calls the work of an agent in a thread: while it is at work, Slack shows its own Stop. */
export interface AgentSession {
  /** Whether Slack's own Stop is there. Resolves when Slack has said so, or when it is late: then it counts as missing. */
  native(): Promise<boolean>;
  /** What `chat.stopStream` is to end with the stream; undefined: other answers are still written in the thread. */
  readonly endsWithStream: 'active' | undefined;
  /** Stop goes, unless other answers are still written in the thread. @param done the stream's end took it along */
  end(done: boolean): Promise<void>;
}

export interface AgentSessionOptions {
  readonly held: HeldDelivery;
  readonly client: SlackClient;
  readonly clock: Clock;
  /** Shared by all deliveries of a workspace's app: whether it has turned out to know no sessions. */
  readonly abilities: { sessionless?: boolean };
  /** Answers at work by thread, in this process. */
  readonly atWork: Map<string, number>;
  /** Who asked. */
  readonly user: string;
  /** What Slack is to call the conversation; null: as it does by itself. */
  readonly title: string | null;
}

/** An answer must not wait for its Stop button. */
const longestWaitMs = 1_000;
/** The end is a courtesy too: what it is about has been said. */
const endPatienceMs = 5_000;

/**
 * Tells Slack that an answer is at work in its thread (https://docs.slack.dev/reference/methods/agents.sessions.setStatus).
 * Nothing here fails the delivery: where Slack will not have it, people get a Stop button of ours.
 */
export const beginSession = ({
  held,
  client,
  clock,
  abilities,
  atWork,
  user,
  title,
}: AgentSessionOptions): AgentSession => {
  const { app, team, channel, threadTs } = held.row;
  const key = [app, team, channel, threadTs].join(' ');
  const place = { channel_id: channel, thread_ts: threadTs };
  atWork.set(key, (atWork.get(key) ?? 0) + 1);

  const begin = async (): Promise<boolean> => {
    if (abilities.sessionless) return false;
    const { signal } = held;
    const reply = await client.call(
      'agents.sessions.setStatus',
      async () => {
        await held.check();
        return { ...place, status: 'processing', initiator_user_id: user, ...(title === null ? {} : { title }) };
      },
      { priority: 'live', signal, patienceMs: 0 },
    );
    if (!reply.ok && noStreaming.has(reply.failure.code)) abilities.sessionless = true;
    return reply.ok;
  };
  const begun = begin().catch(() => false);

  return {
    native: () => Promise.race([begun, clock.sleep(longestWaitMs, held.signal).then(() => false)]),
    get endsWithStream() {
      return (atWork.get(key) ?? 0) > 1 ? undefined : 'active';
    },
    end: async (done) => {
      const left = (atWork.get(key) ?? 1) - 1;
      if (left > 0) atWork.set(key, left);
      else atWork.delete(key);
      if (left > 0 || done || !(await begun) || held.signal.aborted) return;
      const options = { signal: held.signal, patienceMs: endPatienceMs };
      await client.call('agents.sessions.setStatus', async () => ({ ...place, status: 'active' }), options);
    },
  };
};
