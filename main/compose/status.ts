import type { CorpusStatus, ModelStatus, StatusSource } from '../../bots/admin/status-source.ts';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { asTenkyoError } from '../../src/errors.ts';
import type { FeedEvent } from '../../src/feed/feed.ts';
import type { Jobs } from '../../src/jobs/jobs.ts';
import { generateQueue, indexQueue, searchQueue } from '../../src/jobs/queues.ts';
import type { IndexFacts } from '../../src/search/ports.ts';
import type { ProcessFacts, ProcessRecord, ServedBy } from '../../src/store/admin-records.ts';
import type { Store } from '../../src/store/store.ts';

/** What this process knows of itself, for the others; and what all of them say, for people. */
export interface Status {
  /** A model is ready, or has been looked at again. */
  served(model: string, by: ServedBy): void;
  /** How far the build of an index is. */
  building(corpus: string, event: FeedEvent): void;
  /** What this process tells the others of itself. */
  facts(queues: readonly string[]): ProcessFacts;
  source(store: Pick<Store, 'answers' | 'processes'>, jobs: Pick<Jobs, 'counts'>): StatusSource;
}

/** A process that gave no sign of life for so long is taken for dead. */
const aliveMs = 15_000;
/** Queues that take longer are said not to answer: somebody waits. */
const queuesMs = 1_000;

/** What all workers together say of who writes a model's answers; a server is up when one of them reaches it. */
const mergeServed = (said: readonly ServedBy[]): ServedBy[] => {
  const devices = new Set(said.flatMap((one) => (one.kind === 'onnx' ? [one.device] : [])));
  const servers = new Map<string, boolean>();
  for (const one of said) {
    if (one.kind !== 'servers') continue;
    for (const { address, up } of one.servers) servers.set(address, up || servers.get(address) === true);
  }
  return [
    ...[...devices].map((device) => ({ kind: 'onnx', device }) as const),
    ...(servers.size === 0
      ? []
      : [{ kind: 'servers', servers: [...servers].map(([address, up]) => ({ address, up })) } as const]),
  ];
};

/** @param workers how many processes write its answers */
const stateOf = (servedBy: readonly ServedBy[], workers: number, listed: boolean): ModelStatus['state'] => {
  if (workers === 0) return 'down';
  if (servedBy.length === 0) return listed ? 'starting' : 'idle';
  const servers = servedBy.flatMap((one) => (one.kind === 'servers' ? one.servers : []));
  if (servers.length === 0 || servers.every(({ up }) => up)) return 'up';
  return servers.some(({ up }) => up) || servedBy.some(({ kind }) => kind === 'onnx') ? 'partly' : 'down';
};

/** What `/tenkyo status` tells, kept up to date by those who know. */
export const createStatus = ({
  config,
  facts,
  clock,
}: {
  readonly config: Pick<Config, 'models' | 'corpora' | 'apps' | 'embedding'>;
  /** The current index of a corpus; throws `index_missing` and the like. */
  readonly facts: (corpus: string) => Promise<IndexFacts>;
  readonly clock: Clock;
}): Status => {
  const isListed = (name: string): boolean => config.apps.some(({ model }) => model === name);
  const names = config.models.map(({ name }) => name).toSorted((a, b) => Number(isListed(b)) - Number(isListed(a)));
  const models = new Map<string, ServedBy>();
  const indexing = new Map<string, { done: number; total: number }>();

  const corpusStatus = async (name: string, alive: readonly ProcessRecord[]): Promise<CorpusStatus> => {
    const vector = config.embedding !== null;
    const build = alive.map((process) => process.facts.indexing[name]).find(Boolean);
    try {
      const { documents, passages, builtAt } = await facts(name);
      return {
        name,
        index: { state: 'ready', documents, passages, builtAt },
        engines: { exact: true, keyword: true, vector },
      };
    } catch (error) {
      const { code } = asTenkyoError(error);
      return {
        name,
        index: build
          ? { state: 'building', ...build }
          : code === 'index_missing'
            ? { state: 'missing' }
            : { state: 'failed', code },
        engines: { exact: false, keyword: false, vector: false },
      };
    }
  };

  return {
    source: ({ answers, processes }, jobs) => ({
      models: async () => {
        const [alive, work] = await Promise.all([processes.alive(aliveMs), answers.work()]);
        return Promise.all(
          names.map(async (name) => {
            const serving = alive.filter((one) => one.facts.queues.includes(generateQueue(name).name));
            const servedBy = mergeServed(serving.flatMap((one) => one.facts.models[name] ?? []));
            const { running = 0, waiting = 0, oldestWaitingAt = null } = work.find(({ model }) => model === name) ?? {};
            const tokensPerSecond = (await answers.pace(name))?.tokensPerSecond ?? null;
            const listed = isListed(name);
            const state = stateOf(servedBy, serving.length, listed);
            return { name, state, listed, servedBy, running, waiting, oldestWaitingAt, tokensPerSecond };
          }),
        );
      },
      corpora: async () => {
        const alive = await processes.alive(aliveMs);
        return Promise.all(config.corpora.map(({ name }) => corpusStatus(name, alive)));
      },
      workers: async () => {
        const alive = await processes.alive(aliveMs);
        return alive.map(({ host, pid, facts: { queues } }) => ({
          host,
          pid,
          models: names.filter((name) => queues.includes(generateQueue(name).name)),
          search: queues.includes(searchQueue.name),
          index: queues.includes(indexQueue.name),
        }));
      },
      queues: async () => {
        const stop = new AbortController();
        const late = clock.sleep(queuesMs, stop.signal).then(
          () => false,
          () => false,
        );
        const answered = jobs.counts().then(
          () => true,
          () => false,
        );
        const first = await Promise.race([answered, late]);
        stop.abort();
        return first;
      },
    }),
    facts: (queues) => ({ queues, models: Object.fromEntries(models), indexing: Object.fromEntries(indexing) }),
    served: (model, by) => void models.set(model, by),
    building: (corpus, event) => {
      if (event.type === 'progress') indexing.set(corpus, { done: event.done, total: event.total });
      if (event.type === 'finished') indexing.delete(corpus);
    },
  };
};
