import type { Config } from '../../src/config/config.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import { openEmbedder } from './open-embedder.ts';
import { type OpenModel, openModels } from './open-models.ts';
import { type OpenReranker, openReranker } from './open-reranker.ts';

/** The models and the embedder of this process, and the thread that runs them. */
export interface Serving {
  readonly models: ReadonlyMap<string, OpenModel>;
  readonly embedder: Embedder | null;
  readonly reranker: OpenReranker | null;
  /** Settles once the models that an app answers with, the embedder and the reranker are loaded. Rejects when one can't be. */
  readonly loaded: Promise<void>;
  close(): Promise<void>;
}

/**
 * Checks the folders of all local models and begins to load those that are needed at once, in the thread of its own: the
 * rest of the start goes on beside it.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt`
 */
export const openServing = async (config: Config, logger: Logger): Promise<Serving> => {
  const host = createOnnxHost({ log: logger });
  const load = async (models: ReadonlyMap<string, OpenModel>, reranker: OpenReranker | null): Promise<void> => {
    const names = [...new Set(config.apps.flatMap(({ model }) => model ?? []))];
    for (const name of names) {
      const servedBy = await models.get(name)?.load();
      logger.info({ model: name, servedBy }, 'a model is ready');
    }
    if (config.embedding?.provider === 'onnx') await host.load('embedding', config.embedding.path);
    await reranker?.load();
  };
  try {
    const [models, embedder, reranker] = await Promise.all([
      openModels(config.models, host, logger),
      openEmbedder(config, host),
      openReranker(config, host),
    ]);
    const loaded = load(models, reranker);
    // Awaited later; until then its failure is nobody's unhandled rejection.
    loaded.catch(() => undefined);
    const close = async (): Promise<void> => {
      await embedder?.close();
      await host.close();
    };
    return { models, embedder, reranker, loaded, close };
  } catch (error) {
    await host.close();
    throw error;
  }
};
