import { systemClock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { describeError } from '../../src/errors.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';
import { openEmbedder } from '../compose/open-embedder.ts';
import { openReranker } from '../compose/open-reranker.ts';
import { openRuns } from '../compose/open-runs.ts';
import { type OpenSearch, openSearch } from '../compose/open-search.ts';
import type { Cli } from './cli.ts';

/** A terminal waits longer than Slack: the embedding model is loaded by the first search. */
const deadlineMs = 30_000;

/** Opens the search of a configuration for as long as `work` lasts. */
export const withSearch = async <T>(
  cli: Cli,
  config: Config,
  { vectors, reranked = false }: { vectors: boolean; reranked?: boolean },
  work: (search: OpenSearch) => Promise<T>,
): Promise<T> => {
  const runs = await openRuns(config, cli.note);
  const host = createOnnxHost();
  let search: OpenSearch | null = null;
  try {
    const reranking = reranked ? await openReranker(config, host) : null;
    // Its time is that of a search: it would be over before the model is there.
    await reranking?.load();
    search = openSearch({
      config,
      runs,
      embedder: vectors ? await openEmbedder(config, host) : null,
      reranking,
      clock: systemClock,
      deadlineMs,
      onFailure: (what, error) => cli.note(`${what}: ${describeError(error)}`),
    });
    return await work(search);
  } finally {
    await search?.close();
    await host.close();
    await runs.close();
  }
};
