import type { CorpusStatus, StatusSource } from '../../bots/admin/status-source.ts';
import type { Config } from '../../src/config/config.ts';
import { asTenkyoError } from '../../src/errors.ts';
import type { FeedEvent } from '../../src/feed/feed.ts';
import type { IndexFacts } from '../../src/search/ports.ts';
import type { ProcessFacts, ProcessRecord } from '../../src/store/admin-records.ts';
import type { Store } from '../../src/store/store.ts';

/** What this process knows of itself, for the others; and what all of them say, for people. */
export interface Status {
  /** A model has loaded. */
  loaded(model: string): void;
  /** How far the build of an index is. */
  building(corpus: string, event: FeedEvent): void;
  /** What this process tells the others of itself. */
  facts(queues: readonly string[]): ProcessFacts;
  source(store: Pick<Store, 'answers' | 'processes'>): StatusSource;
}

/** A process that gave no sign of life for so long is taken for dead. */
const aliveMs = 15_000;

/** What `/tenkyo status` tells, kept up to date by those who know. */
export const createStatus = ({
  config,
  facts,
}: {
  readonly config: Pick<Config, 'models' | 'corpora' | 'apps' | 'embedding'>;
  /** The current index of a corpus; throws `index_missing` and the like. */
  readonly facts: (corpus: string) => Promise<IndexFacts>;
}): Status => {
  const answering = config.models.filter(({ name }) => config.apps.some(({ model }) => model === name));
  const models = new Set<string>();
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
      const missing = asTenkyoError(error).code === 'index_missing';
      return {
        name,
        index: build ? { state: 'building', ...build } : { state: 'missing' },
        engines: { exact: !missing, keyword: !missing, vector: vector && !missing },
      };
    }
  };

  return {
    source: ({ answers, processes }) => ({
      models: async () => {
        const alive = await processes.alive(aliveMs);
        return Promise.all(
          answering.map(async ({ name }) => {
            const serving = alive.filter((one) => one.facts.queues.includes(`generate-${name}`));
            const loaded = serving.some((one) => one.facts.models.includes(name));
            const state = loaded ? 'up' : serving.length > 0 ? 'starting' : 'down';
            return { name, state, tokensPerSecond: (await answers.pace(name))?.tokensPerSecond ?? null } as const;
          }),
        );
      },
      corpora: async () => {
        const alive = await processes.alive(aliveMs);
        return Promise.all(config.corpora.map(({ name }) => corpusStatus(name, alive)));
      },
      workers: async () => {
        const alive = await processes.alive(aliveMs);
        return alive.map(({ host, pid, facts: { queues } }) => ({ host, pid, queues }));
      },
    }),
    facts: (queues) => ({ queues, models: [...models], indexing: Object.fromEntries(indexing) }),
    loaded: (model) => void models.add(model),
    building: (corpus, event) => {
      if (event.type === 'progress') indexing.set(corpus, { done: event.done, total: event.total });
      if (event.type === 'finished') indexing.delete(corpus);
    },
  };
};
