import { systemClock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { describeError } from '../../src/errors.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';
import { openEmbedder } from '../compose/open-embedder.ts';
import { type OpenSearch, openSearch } from '../compose/open-search.ts';
import type { Cli } from './cli.ts';

/** A terminal waits longer than Slack: the embedding model is loaded by the first search. */
const deadlineMs = 30_000;

/** Opens the search of a configuration for as long as `work` lasts. */
export const withSearch = async <T>(
  cli: Cli,
  config: Config,
  { vectors }: { vectors: boolean },
  work: (search: OpenSearch) => Promise<T>,
): Promise<T> => {
  const host = createOnnxHost();
  const search = await openSearch({
    config,
    embedder: vectors ? await openEmbedder(config, host) : null,
    clock: systemClock,
    deadlineMs,
    onFailure: (what, error) => cli.note(`${what}: ${describeError(error)}`),
  }).catch(async (error: unknown) => {
    await host.close();
    throw error;
  });
  try {
    return await work(search);
  } finally {
    await search.close();
    await host.close();
  }
};
