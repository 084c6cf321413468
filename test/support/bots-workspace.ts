import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { adminRole } from '../../bots/admin/role.ts';
import type { StatusSource } from '../../bots/admin/status-source.ts';
import type { TableOptions } from '../../bots/admin/table.ts';
import { type Bot, createBot } from '../../bots/bot.ts';
import { createComparisonPresenter } from '../../bots/comparison/presenter.ts';
import { homeRole } from '../../bots/home/role.ts';
import { describeApp } from '../../bots/local-app.ts';
import { createAnswerPresenter } from '../../bots/model/presenter.ts';
import { modelRole } from '../../bots/model/role.ts';
import type { PassageContext, ReadingHistory } from '../../bots/search/ports.ts';
import { createSearchPresenter } from '../../bots/search/presenter.ts';
import { controlsOf } from '../../bots/search/results.ts';
import { searchRole } from '../../bots/search/role.ts';
import type { Message } from '../../playground/protocol/messages.ts';
import { createPlayground } from '../../playground/server/playground.ts';
import { createSettings } from '../../src/access/settings.ts';
import { createPdfReader } from '../../src/chat/files/read-pdf.ts';
import { systemClock } from '../../src/clock.ts';
import { pairsOf } from '../../src/comparison/pairs.ts';
import type { AppRole, CorpusConfig, LimitsConfig } from '../../src/config/config.ts';
import { createDelivery } from '../../src/delivery/create-delivery.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { createMemoryFeed } from '../../src/feed/memory-feed.ts';
import type { Jobs, QueueCounts } from '../../src/jobs/jobs.ts';
import { createQueuePlace } from '../../src/jobs/queue-place.ts';
import type { SearchResult } from '../../src/search/result.ts';
import { seededRandom } from '../../src/search/seeded-random.ts';
import { createSlackClient } from '../../src/slack/client-policy.ts';
import { createStore } from '../../src/store/create-store.ts';
import { openPglite } from '../../src/store/pglite/open-pglite.ts';
import type { Outcome, Store } from '../../src/store/store.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { actAs, eventually, type TestPerson } from './person.ts';
import { readBlocks } from './read-blocks.ts';

type TestCorpora = readonly Pick<CorpusConfig, 'name' | 'visibility' | 'runs'>[];

export interface BotsWorkspaceOptions {
  readonly passages?: PassageContext | null;
  readonly readings?: ReadingHistory | null;
  readonly status?: StatusSource;
  readonly queues?: readonly QueueCounts[];
  /** Names of people; else the workspace's own. */
  readonly admins?: readonly string[];
  readonly limits?: Partial<LimitsConfig>;
  readonly corpora?: TestCorpora;
  /** Instead, where they are for a user group alone: by the id of the one that hanako is in. */
  readonly corporaFor?: (group: string) => TestCorpora;
  readonly documents?: TableOptions['documents'];
}

/** The bots, real from Slack's door to the store and back; only the work between, model and search, is the test's. */
export interface BotsWorkspace {
  readonly hanako: TestPerson;
  readonly alex: TestPerson;
  /** Of the local workspace. */
  readonly url: string;
  botToken(app: string): string;
  readonly store: Store;
  readonly feed: Feed;
  /** Jobs added so far: `generate-<model> <id>`, `search <id>`. */
  readonly jobs: readonly string[];
  /** Plays the worker for the next answer that is asked for; resolves with its id. */
  answer(outcome: string | Outcome): Promise<string>;
  /** Plays the worker for the next search. */
  found(result: SearchResult): Promise<string>;
  failSearch(): Promise<void>;
  /** From now on adding a job throws this. */
  breakQueue(error: Error | null): void;
  /** The messages of a bot in a thread, as they are read; once there are `count`, all of them whole. */
  replies(bot: string, root: Pick<Message, 'channel' | 'ts'>, count: number): Promise<readonly Message[]>;
  /** The last whisper (ephemeral message) to a person; waits for one that matches. */
  whisper(to: TestPerson, what: RegExp): Promise<string>;
  close(): Promise<void>;
}

const appsOfTest: readonly { name: string; roles: readonly AppRole[] }[] = [
  { name: 'demo-model', roles: ['model'] },
  { name: 'other-model', roles: ['model'] },
  { name: 'tenkyo-search', roles: ['search', 'admin'] },
];

const noStatus: StatusSource = {
  models: async () => [],
  corpora: async () => [],
  workers: async () => [],
  queues: async () => true,
};

export const startBotsWorkspace = async ({
  passages = null,
  readings = null,
  status = noStatus,
  queues = [],
  admins = [],
  limits = {},
  corpora: sameEverywhere = [],
  corporaFor = () => sameEverywhere,
  documents = async () => [],
}: BotsWorkspaceOptions = {}): Promise<BotsWorkspace> => {
  const directory = mkdtempSync(join(tmpdir(), 'tenkyo-bots-'));
  const clock = systemClock;
  const logger = createLogger({ directory: null, level: process.env.TENKYO_TEST_LOG ? 'debug' : 'silent' });
  const database = await openPglite({ directory: join(directory, 'pglite') });
  const store = await createStore({ dialect: database.dialect, clock });
  const playground = await createPlayground({
    file: join(directory, 'workspace.sqlite'),
    host: '127.0.0.1',
    port: 0,
    apps: appsOfTest.map(describeApp),
    suggestions: [],
    pageDirectory: null,
    clock,
  });
  const { slackApiUrl } = playground;
  const { botToken } = playground.tokensOf('tenkyo-search');
  const { usergroups = [] } = await new WebClient(botToken, { slackApiUrl }).usergroups.list();
  const corpora = corporaFor(usergroups[0]?.id ?? '');
  const feed = createMemoryFeed({ clock });
  const clients = new Map(
    appsOfTest.map(({ name }) => [
      name,
      createSlackClient({ token: playground.tokensOf(name).botToken, slackApiUrl, clock, logger }),
    ]),
  );
  const added: string[] = [];
  let broken: Error | null = null;
  const add = async (job: string): Promise<void> => {
    if (broken) throw broken;
    added.push(job);
  };
  const jobs: Pick<Jobs, 'addGenerate' | 'addSearch' | 'counts'> = {
    addGenerate: (model, id) => add(`generate-${model} ${id}`),
    addSearch: (id) => add(`search ${id}`),
    counts: async () => [...queues],
  };
  const modelNames = ['demo-model-weights', 'other-model-weights'];
  const prompts = [
    { locale: 'ja' as const, text: '虹はどうして見えるのですか？' },
    { locale: 'en' as const, text: 'Why does the Moon have phases?' },
  ];
  const modelFacts = (name: string) =>
    modelNames.includes(name) ? { temperature: 0, topP: 1, maxTokens: 96, takesSystem: true } : null;
  const rules = {
    corpora,
    models: modelNames.map((name) => ({ name, concurrency: 1, template: 'chatml' as const })),
    comparisons: [],
    limits: { questions: null, tokens: null, atOnce: null, running: null, waiting: null, ...limits },
  };
  const controls = controlsOf({ passages, readings });
  const delivery = createDelivery({
    store,
    feed,
    presenters: {
      answer: createAnswerPresenter({
        answers: store.answers,
        queuePlace: createQueuePlace({ answers: store.answers, models: rules.models }),
        controls: { search: true },
      }),
      search: createSearchPresenter({ store, controls }),
      comparison: createComparisonPresenter({ store }),
    },
    slack: (app) => clients.get(app) ?? null,
    apps: appsOfTest.map(({ name }) => name),
    clock,
    owner: 'test',
    logger,
    timing: { leaseMs: 15_000, renewMs: 5_000, sweepMs: 100 },
  });
  delivery.start();
  const workspace = { url: playground.url, token: playground.pageToken };
  const hanako = await actAs(workspace, 'hanako');
  const alex = await actAs(workspace, 'alex');
  const settings = createSettings({ repository: store.settings, clock });
  const shared = { store, jobs, delivery, passages, readings, settings, rules };
  const adminIds = [hanako, alex].filter(({ me }) => admins.includes(me.name)).map(({ me }) => me.id);
  const searchAppIsIn = async (channel: string): Promise<boolean> =>
    bots.find(({ name }) => name === 'tenkyo-search')?.isIn(channel) ?? false;
  const bots: Bot[] = appsOfTest.map((app) =>
    createBot({
      app,
      tokens: playground.tokensOf(app.name),
      slackApiUrl,
      admins: { users: adminIds, userGroup: null },
      logger,
      clock,
      roles: [
        homeRole({ ...shared, source: status, command: '/tenkyo', seeded: seededRandom }),
        ...(app.roles.includes('model')
          ? [
              modelRole({
                ...shared,
                feed,
                modelFacts,
                suggestions: prompts,
                pdf: createPdfReader(),
                model: `${app.name}-weights`,
                searchApp: 'tenkyo-search',
                searchAppIsIn,
              }),
            ]
          : [
              searchRole(shared),
              adminRole({
                ...shared,
                source: status,
                pairs: pairsOf(rules),
                seeded: seededRandom,
                feed,
                modelFacts,
                models: modelNames,
                corpora,
                limits: rules.limits,
                documents,
                controls,
              }),
            ]),
      ],
    }),
  );
  await Promise.all(bots.map((bot) => bot.start()));

  const team = hanako.bootstrap.team.id;
  const taken = { generate: 0, search: 0 };
  const next = async (kind: keyof typeof taken): Promise<string> => {
    const index = taken[kind];
    taken[kind] += 1;
    return eventually(() => added.filter((job) => job.startsWith(kind))[index]?.split(' ')[1], {
      what: () => `another ${kind} job; there are ${added.join(', ')}`,
      withinMs: 10_000,
    });
  };
  const told = async (topic: string): Promise<void> => feed.publish(topic, { type: 'finished', attempt: 1 });

  return {
    hanako,
    alex,
    url: playground.url,
    botToken: (app) => playground.tokensOf(app).botToken,
    store,
    feed,
    jobs: added,
    answer: async (outcome) => {
      const id = await next('generate');
      const done: Outcome =
        typeof outcome === 'string'
          ? {
              status: 'done',
              text: outcome,
              finish: 'stop',
              usage: { promptTokens: 9, completionTokens: 38, seconds: 1.2 },
            }
          : outcome;
      await store.answers.start(id, 1);
      await store.answers.finish(id, 1, done);
      await told(`answer-${id}`);
      return id;
    },
    found: async (result) => {
      const id = await next('search');
      await store.searches.start(id, 1);
      await store.searches.finish(id, 1, { result });
      await told(`search-${id}`);
      return id;
    },
    failSearch: async () => {
      const id = await next('search');
      await store.searches.start(id, 1);
      await store.searches.finish(id, 1, { error: { code: 'engine_late', id: 's12345' } });
      await told(`search-${id}`);
    },
    breakQueue: (error) => {
      broken = error;
    },
    replies: (bot, root, count) =>
      eventually(
        async () => {
          const messages = (await hanako.thread(root.channel, root.ts)).filter(
            ({ user, ts }) => user === hanako.bot(bot).id && ts !== root.ts,
          );
          const ids = await Promise.all(
            messages.map(async ({ ts }) => {
              const record =
                (await store.answers.byMessage(team, root.channel, ts)) ??
                (await store.searches.byMessage(team, root.channel, ts));
              return record && (await store.deliveries.get(record.id))?.status;
            }),
          );
          return messages.length >= count && ids.every((one) => one === 'delivered') && messages;
        },
        { what: `${count} messages of ${bot}`, withinMs: 15_000 },
      ),
    whisper: (to, what) =>
      eventually(
        () => {
          const event = to.live.findLast((one) => one.type === 'message' && one.message.ephemeralFor === to.me.id);
          const text = event?.type === 'message' ? event.message.text || readBlocks(event.message.blocks) : '';
          return what.test(text) && text;
        },
        { what: `a whisper like ${what}`, withinMs: 10_000 },
      ),
    close: async () => {
      hanako.close();
      alex.close();
      await Promise.all(bots.map((bot) => bot.stop()));
      await delivery.stop();
      await playground.close();
      await feed.close();
      await store.close();
      await database.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
