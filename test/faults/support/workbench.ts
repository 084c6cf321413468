import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { escapeText } from '../../../src/slack/escape.ts';
import type { ComposeOptions, Question } from './compose.ts';
import { scriptedAnswer } from './scripted-generator.ts';
import { openSlackDouble, type SlackDouble } from './slack-double.ts';

/** A local Slack in this process, which outlives the killed ones, and a data directory. */
export interface Workbench {
  readonly slack: SlackDouble;
  readonly directory: string;
  /** Settings of a process; times are a tenth of the product's. */
  options(change?: Partial<ComposeOptions>): ComposeOptions;
  /** A person's question, as the event of it would be. */
  ask(text: string): Promise<Question>;
  /** Waits until the thread holds the whole answer, finished, once and nothing else. */
  delivered(question: Question, withinMs?: number): Promise<void>;
  /** How much of the answer a person sees now. */
  shown(question: Question): Promise<'nothing' | 'part' | 'all'>;
  /** Waits until this share of the answer's text is seen; all of it: until the message is finished. */
  shownAtLeast(question: Question, share: number): Promise<void>;
  close(): Promise<void>;
}

const app = 'scripted';

export const openWorkbench = async (): Promise<Workbench> => {
  const root = mkdtempSync(join(tmpdir(), 'tenkyo-faults-'));
  const slack = await openSlackDouble(root, app);
  let owners = 0;

  const look = async ({ ts, text }: Question) => {
    const replies = await slack.replies(ts);
    const [only] = replies;
    const complete =
      replies.length === 1 &&
      only?.text === escapeText(scriptedAnswer(text)) &&
      !only.streaming &&
      JSON.stringify(only.blocks).includes('"done"');
    return { complete, replies };
  };

  return {
    slack,
    directory: join(root, 'pg'),
    options: (change = {}) => ({
      directory: join(root, 'pg'),
      slackApiUrl: slack.slackApiUrl,
      botToken: slack.botToken,
      app,
      owner: `owner-${++owners}`,
      nativeStreaming: true,
      stepMs: 25,
      worker: { lockMs: 1_000, stallMs: 400 },
      delivery: { leaseMs: 1_500, renewMs: 500, sweepMs: 300 },
      slackTimeoutMs: 1_000,
      ...change,
    }),
    ask: async (text) => ({
      team: slack.team,
      channel: slack.channel,
      user: slack.user,
      ts: await slack.ask(text),
      text,
    }),
    delivered: async (question, withinMs = 20_000) => {
      const deadline = Date.now() + withinMs;
      for (;;) {
        const { complete, replies } = await look(question);
        if (complete) return;
        if (Date.now() > deadline) throw new Error(`no complete answer; the thread holds ${JSON.stringify(replies)}`);
        await delay(20);
      }
    },
    shownAtLeast: async (question, share) => {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const { complete, replies } = await look(question);
        if (complete || (replies[0]?.text.length ?? 0) >= share * scriptedAnswer(question.text).length) return;
        if (Date.now() > deadline) throw new Error(`nothing new; the thread holds ${JSON.stringify(replies)}`);
        await delay(10);
      }
    },
    shown: async (question) => {
      const { complete, replies } = await look(question);
      return complete ? 'all' : replies.length > 0 ? 'part' : 'nothing';
    },
    close: async () => {
      await slack.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
};
