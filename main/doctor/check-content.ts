import { listFiles } from '../../indexers/list-files.ts';
import { systemClock } from '../../src/clock.ts';
import type { Config, OnnxEmbeddingConfig, RerankerConfig } from '../../src/config/config.ts';
import { loadRunFile } from '../../src/config/run-file.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';
import { fetchHubModel } from '../../src/onnx/hub-model.ts';
import { checkModelFolder } from '../../src/onnx/model-folder.ts';
import { openEmbedder } from '../compose/open-embedder.ts';
import { openSearch } from '../compose/open-search.ts';
import { examine, type Finding } from './finding.ts';

const models = (config: Config): Promise<Finding>[] => [
  ...config.models
    .filter((model) => model.provider === 'onnx')
    .map(({ name, path }) =>
      examine('models', `model ${name}`, async () => {
        await checkModelFolder(path);
        return path;
      }),
    ),
  ...(config.embedding?.provider === 'onnx' ? [embedder(config.embedding)] : []),
  ...(config.search.reranker ? [reranker(config.search.reranker)] : []),
];

const embedder = ({ path, hub }: OnnxEmbeddingConfig): Promise<Finding> =>
  examine('models', 'embedding model', async () => {
    if (hub) await fetchHubModel(hub, path);
    await checkModelFolder(path);
    return path;
  });

const reranker = ({ path, hub, weights }: RerankerConfig): Promise<Finding> =>
  examine('models', 'reranker', async () => {
    if (hub) await fetchHubModel(hub, path, { setting: 'search.reranker', weights });
    await checkModelFolder(path, weights);
    return path;
  });

const runs = ({ runs: declared }: Config): Promise<Finding>[] =>
  declared.map(({ name, file }) =>
    examine('corpora', `run ${name}`, async () => {
      const { phases } = await loadRunFile(file, name);
      return `${phases.length} phases in ${file}`;
    }),
  );

const files = ({ corpora }: Config): Promise<Finding>[] =>
  corpora.map((corpus) =>
    examine('corpora', `corpus ${corpus.name}`, async () => `${(await listFiles(corpus)).length} files`),
  );

/** Whether each corpus has an index that was made with the settings of now. The models are not loaded for it. */
const indexes = async (config: Config): Promise<Finding[]> => {
  const host = createOnnxHost();
  try {
    const open = await openEmbedder(config, host).catch(() => null);
    const search = openSearch({
      config,
      runs: {
        lookup: () => ({ run: null, readingOf: async () => ({ state: 'unknown' }) }),
        history: async () => null,
        close: async () => {},
      },
      embedder: open,
      clock: systemClock,
    });
    try {
      return await Promise.all(
        config.corpora.map(({ name }) =>
          examine('corpora', `index of ${name}`, async () => {
            const { documents, passages, builtAt } = await search.facts(name);
            return `${documents} documents, ${passages} passages, built ${builtAt}`;
          }),
        ),
      );
    } finally {
      await search.close();
    }
  } finally {
    await host.close();
  }
};

/** The files that the configuration names, and the indexes made of them. */
export const checkContent = async (config: Config): Promise<Finding[]> => [
  ...(await Promise.all([...models(config), ...runs(config), ...files(config)])),
  ...(await indexes(config)),
];
