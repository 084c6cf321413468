import { randomUUID } from 'node:crypto';
import type { RoleContext } from '../../bots/bot.ts';
import { createHandling } from '../../bots/handling.ts';
import type { ModelRoleOptions } from '../../bots/model/options.ts';
import { modelRole } from '../../bots/model/role.ts';
import { createAccess } from '../../src/access/access.ts';
import { createSettings } from '../../src/access/settings.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { createMemoryFeed } from '../../src/feed/memory-feed.ts';
import type { Answer } from '../../src/store/records.ts';
import type { NewAnswer, Store } from '../../src/store/store.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { createGenerateProcessor } from '../../workers/generate/generate-processor.ts';

/** Time in which each call to another part takes one step: what is asked for at once is answered at once. */
const createSteps = () => {
  const steps: string[][] = [];
  let waiting: { readonly what: string; readonly go: () => void }[] = [];
  return {
    /** Each list: the calls that were on the way together. */
    steps,
    call: (what: string): Promise<void> => new Promise((go) => waiting.push({ what, go })),
    until: async (end: Promise<unknown>): Promise<void> => {
      let ended = false;
      void end.finally(() => {
        ended = true;
      });
      for (;;) {
        for (let turn = 0; turn < 50; turn += 1) await new Promise((next) => setImmediate(next));
        if (ended) return;
        if (waiting.length === 0) throw new Error(`nothing happens after ${JSON.stringify(steps)}`);
        steps.push(waiting.map(({ what }) => what));
        for (const { go } of waiting.splice(0)) go();
        waiting = [];
      }
    },
  };
};

type Handler = (args: { event: object; context: object; client: object }) => Promise<void>;

/**
 * What happens one after the other between a message in Slack and the model's first token, on the product's own way
 * from the bot's handler to the worker: calls to Slack, to the records, to the queue and to the model's server. A
 * transaction counts as one call.
 */
export const hopsToFirstToken = async ({ followUp }: { readonly followUp: boolean }): Promise<readonly string[][]> => {
  const { steps, call, until } = createSteps();
  const clock: Clock = { ...systemClock, sleep: (_, signal) => systemClock.sleep(60_000, signal) };
  const logger = createLogger({ directory: null, level: 'silent' });
  const feed = createMemoryFeed({ clock });
  const rows: Answer[] = [];
  const named =
    <Args extends unknown[], Result>(what: string, work: (...args: Args) => Result) =>
    async (...args: Args): Promise<Result> => {
      await call(what);
      return work(...args);
    };
  const asked: { row: NewAnswer | null } = { row: null };
  const store = {
    answers: {
      lastApp: named('records: the app asked last', () => 'bot'),
      open: named('records: the answer is opened', (_: unknown, row: NewAnswer) => {
        asked.row = row;
        rows.push({ ...row, id: 'a1', finishedAt: null, settings: row.settings ?? null } as unknown as Answer);
        return { id: 'a1', fresh: true, over: null, turn: 1 };
      }),
      conversation: named('records: the conversation', () => rows),
      start: named('records: the answer is begun', () => true),
      cancelled: async () => [],
      finish: async () => true,
    },
    settings: { all: named('records: what admins have set', () => []) },
    threads: { settings: named('records: what is set for the thread', () => null) },
    people: { noticeOnce: named('records: whether the person was told', () => false) },
  };
  const { promise: first, resolve: firstToken } = Promise.withResolvers<void>();
  const write = createGenerateProcessor({
    store: store as unknown as Store,
    feed,
    generators: () => ({
      temperature: 0,
      topP: 1,
      generator: {
        async *generate() {
          await call('model: the first token');
          firstToken();
          yield { type: 'end', finish: 'stop', usage: { promptTokens: 1, completionTokens: 1, seconds: 1 } } as const;
        },
        close: async () => undefined,
      },
    }),
    buildPrompt: async ({ question }) => ({ prompt: question, maxTokens: 9, droppedTurns: 0 }),
    ground: async () => {
      throw new Error('not grounded');
    },
    giveTurns: async () => undefined,
    clock,
    logger,
  });
  const handlers = new Map<string, Handler>();
  const bolt = new Proxy(
    {},
    { get: () => (name: unknown, handle: Handler) => void handlers.set(String(name), handle) },
  );
  const access = createAccess({
    admins: { users: ['U9'], userGroup: null },
    directory: {
      home: async () => 'T1',
      person: named('Slack: the person', () => ({ locale: 'ja-JP', isWorkspaceAdmin: false })),
      groupMembers: async () => [],
      workspaceAdmins: async () => [],
    },
    clock,
  });
  const handling = createHandling({ access, logger, newId: randomUUID });
  const role = { bolt, app: { name: 'bot', roles: ['model'] }, handling, access, clock, logger };
  const options = {
    store,
    feed,
    jobs: {
      addGenerate: named('queue: the job is added', (_: string, answerId: string) => {
        const run = { attempt: 1, lastAttempt: false, signal: new AbortController().signal };
        void call('queue: a worker takes the job').then(() => write({ answerId, after: 0 }, run));
      }),
    },
    delivery: { nudge: () => undefined },
    settings: createSettings({ repository: store.settings as unknown as Store['settings'], clock }),
    rules: {
      corpora: [],
      models: [{ name: 'm', concurrency: 1 }],
      limits: { questions: null, tokens: null, atOnce: null, running: null, waiting: null },
    },
    model: 'm',
    searchApp: null,
    searchAppIsIn: async () => false,
  };
  modelRole(options as unknown as ModelRoleOptions)(role as unknown as RoleContext);
  const message = { channel: 'C1', user: 'U1', ts: '2.1', text: followUp ? 'なぜ?' : '<@UBOT> なぜ?' };
  const event = followUp ? { ...message, type: 'message', thread_ts: '1.1' } : { ...message, type: 'app_mention' };
  void handlers.get(event.type)?.({ event, context: { teamId: 'T1', botUserId: 'UBOT' }, client: {} });
  await until(first);
  return steps;
};
