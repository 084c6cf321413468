import type { IndexServers } from '../../indexers/build-on-servers.ts';
import { promptWithFiles } from '../../src/chat/files/prompt-with-files.ts';
import { questionWithFiles } from '../../src/chat/files/with-files.ts';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { TenkyoError } from '../../src/errors.ts';
import { type FeedEvent, indexTopic } from '../../src/feed/feed.ts';
import { meteredGenerator } from '../../src/generation/metered.ts';
import { createWorker, type JobWorker } from '../../src/jobs/create-worker.ts';
import { createGiveTurns } from '../../src/jobs/give-turns.ts';
import { generateQueue, indexQueue, searchQueue } from '../../src/jobs/queues.ts';
import type { IndexTarget, VectorTarget } from '../../src/search/index-target.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import type { Meters } from '../../src/telemetry/metrics.ts';
import { createGenerateProcessor } from '../../workers/generate/generate-processor.ts';
import { createIndexProcessor } from '../../workers/index/index-processor.ts';
import { createSearchProcessor } from '../../workers/search/search-processor.ts';
import { evidenceOf, groundWith } from './ground-with.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { OpenModel } from './open-models.ts';
import { indexDirectory, type OpenSearch } from './open-search.ts';
import type { Records } from './records.ts';
import type { Status } from './status.ts';
import { watchModels } from './watch-models.ts';
import type { WorkerQueues } from './worker-queues.ts';

export interface WorkerParts {
  readonly config: Config;
  readonly queues: WorkerQueues;
  readonly records: Records;
  readonly models: ReadonlyMap<string, OpenModel>;
  readonly embedder: Embedder | null;
  readonly search: OpenSearch;
  readonly targets: readonly IndexTarget[];
  readonly vectorTargets: readonly VectorTarget[];
  readonly alone: IndexServers | null;
  readonly status: Status;
  readonly meters: Meters;
  /** Told of each step of an index build, for the terminal. */
  readonly onIndexing: (corpus: string, event: FeedEvent) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Searches at once: one leaves the other core to the models. */
const searchesAtOnce = 2;

/** The workers of the named queues, in this process. */
export const startWorkers = (parts: WorkerParts): readonly JobWorker[] => {
  const {
    config,
    queues,
    records,
    models,
    embedder,
    search,
    targets,
    vectorTargets,
    alone,
    status,
    meters,
    onIndexing,
    clock,
    logger,
  } = parts;
  const { store, feed, jobs, backend } = records;
  const common = { backend, clock, logger, meter: meters.jobs };

  const generators = new Map(
    [...models.values()].map(({ config: { name, temperature, topP }, generator }) => [
      name,
      { generator: meteredGenerator(generator, { model: name, meter: meters.generation, clock }), temperature, topP },
    ]),
  );
  const openModel = (name: string): OpenModel => {
    const open = models.get(name);
    if (!open) throw new TenkyoError('config_invalid', 'the model is not configured any more', { where: name });
    return open;
  };
  const generate = createGenerateProcessor({
    store,
    feed,
    generators: (name) => generators.get(name) ?? null,
    buildPrompt: ({ model: name, question, settings, files, locale }, turns) => {
      const model = openModel(name);
      const earlier = turns.map((turn) => ({
        question: questionWithFiles(turn.question, turn.files ?? [], turn.locale),
        answer: turn.text,
      }));
      return promptWithFiles({
        question,
        files: files ?? [],
        locale,
        enough: Math.ceil((settings?.maxTokens ?? model.config.maxTokens) / 2),
        build: (asked) => model.prompt(earlier, asked, settings ?? {}),
      });
    },
    ground: ({ team, model, question, locale, settings }, signal) => {
      const evidence = evidenceOf(search, {
        corpora: settings?.corpora ?? [],
        hiddenOf: (corpus) => store.hidden.all(team, corpus),
      });
      return groundWith(openModel(model), evidence, { question, locale, signal });
    },
    giveTurns: createGiveTurns({ answers: store.answers, jobs, running: config.limits.running }),
    clock,
    logger,
  });

  const tellIndexing = (topic: string, event: FeedEvent): void => {
    const corpus = config.corpora.find(({ name }) => indexTopic(name) === topic)?.name;
    if (corpus === undefined) return;
    status.building(corpus, event);
    onIndexing(corpus, event);
  };
  const generateWorkers = [...models.values()].flatMap(({ config: { name, concurrency } }) =>
    queues.generate.includes(name)
      ? [createWorker({ ...common, queue: generateQueue(name), concurrency, process: generate })]
      : [],
  );
  const searchWorker = () =>
    createWorker({
      ...common,
      queue: searchQueue,
      concurrency: searchesAtOnce,
      process: createSearchProcessor({
        store,
        feed,
        corpusFor: search.corpusFor,
        search: async (...args) => {
          const result = await search.search(...args);
          for (const engine of result.engines) meters.search.searched(engine);
          if (result.reranker) meters.search.searched(result.reranker);
          return result;
        },
        requestIndex: (corpus) => jobs.addIndex(corpus),
        clock,
        logger,
      }),
    });
  const indexWorker = () =>
    createWorker({
      ...common,
      queue: indexQueue,
      concurrency: 1,
      process: createIndexProcessor({
        corpora: config.corpora,
        embedder,
        directory: indexDirectory(config),
        targets,
        vectorTargets,
        alone,
        feed: {
          ...feed,
          publish: async (topic, event) => {
            tellIndexing(topic, event);
            await feed.publish(topic, event);
          },
        },
        clock,
        logger,
      }),
    });
  const taken = [
    ...queues.generate.map((model) => generateQueue(model).name),
    ...(queues.search ? [searchQueue.name] : []),
    ...(queues.index ? [indexQueue.name] : []),
  ];
  const heartbeat = startHeartbeat({ processes: store.processes, facts: () => status.facts(taken), clock, logger });
  const watched = [...models.values()].filter(({ config: { name } }) => queues.generate.includes(name));
  return [
    heartbeat,
    watchModels({ models: watched, status, clock }),
    ...generateWorkers,
    ...(queues.search ? [searchWorker()] : []),
    ...(queues.index ? [indexWorker()] : []),
  ];
};
