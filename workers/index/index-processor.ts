import { buildCorpus } from '../../indexers/build-corpus.ts';
import type { BuildOptions } from '../../indexers/build-index.ts';
import type { IndexServers } from '../../indexers/build-on-servers.ts';
import { corpusIndexes } from '../../indexers/corpus-indexes.ts';
import { asTenkyoError, TenkyoError } from '../../src/errors.ts';
import { type Feed, indexTopic } from '../../src/feed/feed.ts';
import type { JobRun } from '../../src/jobs/jobs.ts';
import type { IndexPayload } from '../../src/jobs/queues.ts';
import type { Logger } from '../../src/telemetry/log.ts';

export interface IndexProcessorOptions
  extends Pick<BuildOptions, 'embedder' | 'directory' | 'targets' | 'vectorTargets' | 'clock'> {
  readonly corpora: readonly BuildOptions['corpus'][];
  /** Not null: nothing of an index is on this machine. */
  readonly alone?: IndexServers | null;
  readonly feed: Feed;
  readonly logger: Logger;
}

/**
 * Builds the index of a corpus, if it isn't there and up to date, and says on the feed how far it is (topic
 * `index-<corpus>`; steps `index_texts`, `index_vectors`). An aborted or killed build goes on at the next run.
 */
export const createIndexProcessor = (options: IndexProcessorOptions) => {
  const { corpora, embedder, directory, targets = [], vectorTargets = [], alone = null, clock, feed, logger } = options;
  return async ({ corpus: name }: IndexPayload, { attempt, signal }: JobRun): Promise<void> => {
    const corpus = corpora.find((one) => one.name === name);
    if (!corpus) {
      throw new TenkyoError('not_found', 'the corpus to index is not configured', {
        where: name,
        remedy: 'Declare it under corpora in tenkyo.yaml.',
      });
    }
    const topic = indexTopic(name);
    await feed.publish(topic, { type: 'started', attempt });
    // Published one after the other, without holding up the build.
    let published = Promise.resolve();
    const began = clock.now();
    try {
      const { texts, tuning } = corpusIndexes(corpus);
      for (const part of tuning ? [texts, tuning] : [texts]) {
        const { built, manifest, rejectsFile } = await buildCorpus({
          corpus: part,
          embedder,
          directory,
          targets,
          vectorTargets,
          alone,
          clock,
          signal,
          progress: ({ step, done, total }) => {
            published = published.then(() =>
              feed.publish(topic, { type: 'progress', attempt, step: `index_${step}`, done, total }),
            );
          },
        });
        const { documents, passages, vectors, rejects, fingerprint } = manifest;
        const facts = { corpus: part.name, documents, passages, vectors, rejects: rejects.count, fingerprint };
        logger.info(
          { ...facts, ...(rejectsFile && { rejectsFile }), tookMs: clock.now() - began },
          built ? 'index built' : 'index up to date',
        );
      }
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      logger.error({ corpus: name, attempt, code: asTenkyoError(error).code, err: error }, 'index not built');
      throw error;
    } finally {
      await published;
      await feed.publish(topic, { type: 'finished', attempt });
    }
  };
};
