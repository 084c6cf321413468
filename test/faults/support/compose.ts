import { openRecords } from '../../../main/compose/records.ts';
import type { Clock } from '../../../src/clock.ts';
import type { Config, DatabaseConfig, RedisConfig } from '../../../src/config/config.ts';
import { createDelivery, type DeliveryTiming } from '../../../src/delivery/create-delivery.ts';
import type { Presenter } from '../../../src/delivery/presenter.ts';
import { TenkyoError } from '../../../src/errors.ts';
import { createWorker, type WorkerTiming } from '../../../src/jobs/create-worker.ts';
import { generateQueue } from '../../../src/jobs/queues.ts';
import { createSweeper } from '../../../src/jobs/sweeper.ts';
import { createSlackClient } from '../../../src/slack/client-policy.ts';
import { escapeText } from '../../../src/slack/escape.ts';
import type { MethodLimit } from '../../../src/slack/pacer.ts';
import type { Opened, Store } from '../../../src/store/store.ts';
import { createLogger } from '../../../src/telemetry/log.ts';
import { createGenerateProcessor } from '../../../workers/generate/generate-processor.ts';
import { createScriptedGenerator } from './scripted-generator.ts';

export interface ComposeOptions {
  /** Records, queues and feed on servers; absent: embedded. */
  readonly servers?: { readonly redis: RedisConfig; readonly database: DatabaseConfig };
  /** Absent: both. */
  readonly part?: 'bots' | 'worker';
  readonly directory: string;
  readonly slackApiUrl: string;
  readonly botToken: string;
  readonly app: string;
  readonly owner: string;
  readonly nativeStreaming: boolean;
  /** Between two pieces of the scripted answer. */
  readonly stepMs: number;
  readonly worker: WorkerTiming;
  readonly delivery: DeliveryTiming;
  readonly slackTimeoutMs: number;
  /** How often Slack may be called; absent: as the product does. */
  readonly slackLimits?: Readonly<Record<string, MethodLimit>>;
}

export interface Question {
  readonly team: string;
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly text: string;
}

/** The part of the product from a claimed event to Slack, with a scripted model. */
export interface Composed {
  readonly store: Store;
  ask(question: Question): Promise<Opened>;
  close(): Promise<void>;
}

/** What the bots' presenters do, in its simplest form: the end differs from the text on the way by its blocks. */
const plainPresenter = (store: Store): Presenter => ({
  final: async ({ id }) => {
    const answer = await store.answers.get(id);
    if (!answer || answer.finishedAt === null) return null;
    const text = escapeText(answer.error ? `failed: ${answer.error.code} ${answer.error.id}` : answer.text);
    const note = { type: 'context' as const, elements: [{ type: 'mrkdwn' as const, text: answer.status }] };
    return [{ text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }, note] }];
  },
  partial: async (_, text) => ({ text: escapeText(text) }),
  waiting: async () => '考えています…',
});

export const compose = async (options: ComposeOptions, clock: Clock): Promise<Composed> => {
  const { directory, app } = options;
  const logger = createLogger({ directory: null, level: process.env.TENKYO_TEST_LOG ? 'debug' : 'silent' });
  const model = 'scripted';
  const { store, backend, jobs, feed, close } = await openRecords({
    config: {
      models: [{ name: model }] as unknown as Config['models'],
      redis: options.servers?.redis ?? null,
      database: options.servers?.database ?? null,
    },
    directory,
    clock,
    logger,
    onWarning: () => undefined,
  });
  const generator = createScriptedGenerator(clock, options.stepMs);
  const startWorker = () =>
    createWorker({
      backend,
      queue: generateQueue(model),
      concurrency: 4,
      clock,
      logger,
      timing: options.worker,
      process: createGenerateProcessor({
        store,
        feed,
        generators: () => ({ generator, temperature: 0, topP: 1 }),
        buildPrompt: async ({ question }) => ({ prompt: question, maxTokens: 100, droppedTurns: 0 }),
        ground: async () => {
          throw new TenkyoError('internal', 'no question of these tests is grounded');
        },
        giveTurns: async () => undefined,
        clock,
        logger,
      }),
    });
  const worker = options.part === 'bots' ? null : startWorker();
  const client = createSlackClient({
    token: options.botToken,
    slackApiUrl: options.slackApiUrl,
    clock,
    logger,
    timeoutMs: options.slackTimeoutMs,
    ...(options.slackLimits ? { limits: options.slackLimits } : {}),
  });
  const presenter = plainPresenter(store);
  const delivery = createDelivery({
    store,
    feed,
    presenters: { answer: presenter, search: presenter },
    slack: (name) => (name === app ? client : null),
    apps: [app],
    clock,
    owner: options.owner,
    logger,
    nativeStreaming: options.nativeStreaming,
    timing: options.delivery,
  });
  const sweeper = createSweeper({ store, jobs, feed, clock, logger, everyMs: 500, graceMs: 300 });
  if (options.part !== 'worker') {
    await sweeper.start();
    delivery.start();
  }

  return {
    store,
    ask: async ({ team, channel, ts, user, text }) => {
      const place = { team, app, channel, threadTs: ts };
      const opened = await store.answers.open(
        { team, app, channel, ts, kind: 'question' },
        { ...place, model, user, locale: 'ja', questionTs: ts, question: text },
      );
      if (opened.fresh) await jobs.addGenerate(model, opened.id, opened.turn ?? 1);
      delivery.nudge(opened.id);
      return opened;
    },
    close: async () => {
      await delivery.stop();
      await sweeper.stop();
      await worker?.close({ deadlineMs: 0 });
      await close();
    },
  };
};
