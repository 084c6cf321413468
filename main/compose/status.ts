import type { CorpusStatus, ModelStatus, StatusSource } from '../../bots/admin/status-source.ts';
import type { Config } from '../../src/config/config.ts';
import { asTenkyoError } from '../../src/errors.ts';
import type { FeedEvent } from '../../src/feed/feed.ts';
import type { IndexFacts } from '../../src/search/ports.ts';

/** Answers seen lately, for the tokens a second that people are told. */
const kept = 20;

export interface Status extends StatusSource {
  /** A model has loaded. */
  loaded(model: string): void;
  /** An answer was written. */
  wrote(model: string, tokens: number, seconds: number): void;
  /** How far the build of an index is. */
  building(corpus: string, event: FeedEvent): void;
}

const speedOf = (answers: readonly { tokens: number; seconds: number }[]): number | null => {
  const seconds = answers.reduce((sum, answer) => sum + answer.seconds, 0);
  return seconds > 0 ? answers.reduce((sum, answer) => sum + answer.tokens, 0) / seconds : null;
};

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
  const states = new Map<string, ModelStatus['state']>();
  const speeds = new Map<string, { tokens: number; seconds: number }[]>();
  const builds = new Map<string, { done: number; total: number }>();

  const corpusStatus = async (name: string): Promise<CorpusStatus> => {
    const vector = config.embedding !== null;
    const build = builds.get(name);
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
    models: async () =>
      answering.map(({ name }) => ({
        name,
        state: states.get(name) ?? 'starting',
        tokensPerSecond: speedOf(speeds.get(name) ?? []),
      })),
    corpora: () => Promise.all(config.corpora.map(({ name }) => corpusStatus(name))),
    loaded: (model) => void states.set(model, 'up'),
    wrote: (model, tokens, seconds) => {
      speeds.set(model, [...(speeds.get(model) ?? []), { tokens, seconds }].slice(-kept));
    },
    building: (corpus, event) => {
      if (event.type === 'progress') builds.set(corpus, { done: event.done, total: event.total });
      if (event.type === 'finished') builds.delete(corpus);
    },
  };
};
