import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIndex } from '../../../indexers/build-index.ts';
import { buildOnServers } from '../../../indexers/build-on-servers.ts';
import { systemClock } from '../../../src/clock.ts';
import { createCurrentElasticsearch } from '../../../src/search/elasticsearch/current-index.ts';
import { createElasticsearchTarget } from '../../../src/search/elasticsearch/target.ts';
import { createCurrentIndex } from '../../../src/search/embedded/current-index.ts';
import { createCurrentQdrant } from '../../../src/search/qdrant/current-index.ts';
import { createCurrentOnServers } from '../../../src/search/servers/current-index.ts';
import { connectToTestServer, createTestPrefix, describeOnElasticsearch } from '../../support/elasticsearch.ts';
import { connectToQdrant } from '../../support/qdrant/connect.ts';
import { startQdrantReplay } from '../../support/qdrant/replay.ts';
import { filtersContract } from './filters.contract.ts';

const newFolder = () => mkdtemp(join(tmpdir(), 'tenkyo-filters-index-'));

filtersContract('embedded', async (name, documents, embedder) => {
  const directory = await newFolder();
  await buildIndex({ corpus: { name, documents }, embedder, directory, clock: systemClock });
  const current = createCurrentIndex({ directory, corpus: name, embedder: embedder.fingerprint, clock: systemClock });
  return {
    current,
    close: async () => {
      await current.close();
      await rm(directory, { recursive: true });
    },
  };
});

filtersContract('embedded, vectors on Qdrant, replayed', async (name, documents, embedder) => {
  const directory = await newFolder();
  const server = await startQdrantReplay();
  const { target, ...names } = connectToQdrant(server.url);
  const options = { directory, clock: systemClock };
  await buildIndex({ ...options, corpus: { name, documents }, embedder, vectorTargets: [target] });
  const { fingerprint } = embedder;
  const inner = createCurrentIndex({ ...options, corpus: name, embedder: fingerprint, vectors: false });
  const current = createCurrentQdrant(inner, { ...names, corpus: name, embedder: fingerprint });
  return {
    current,
    close: async () => {
      await current.close();
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
});

describeOnElasticsearch('with Elasticsearch', () => {
  filtersContract('keywords and stretches on Elasticsearch', async (name, documents, embedder) => {
    const directory = await newFolder();
    const { prefix, clean } = createTestPrefix();
    const opened = await connectToTestServer();
    const connection = { get: async () => opened };
    const targets = [createElasticsearchTarget({ connection, prefix, clock: systemClock })];
    const options = { directory, clock: systemClock };
    await buildIndex({ ...options, corpus: { name, documents }, embedder, targets });
    const inner = createCurrentIndex({ ...options, corpus: name, embedder: embedder.fingerprint });
    const current = createCurrentElasticsearch(inner, { connection, prefix, corpus: name, clock: systemClock });
    return {
      current,
      close: async () => {
        await current.close();
        await clean(opened);
        await opened.close();
        await rm(directory, { recursive: true });
      },
    };
  });

  filtersContract('nothing on this machine, in 3 shards', async (name, documents, embedder) => {
    const { prefix, clean } = createTestPrefix();
    const opened = await connectToTestServer();
    const server = await startQdrantReplay();
    const connection = { get: async () => opened };
    const texts = createElasticsearchTarget({ connection, prefix, settings: { shards: 3 }, clock: systemClock });
    const { target, ...vectors } = connectToQdrant(server.url);
    const corpus = { name, documents };
    await buildOnServers({ corpus, embedder, directory: '', clock: systemClock }, { texts, vectors: target });
    const { fingerprint } = embedder;
    const names = { connection, prefix, corpus: name, vectors, embedder: fingerprint };
    return {
      current: createCurrentOnServers({ ...names, clock: systemClock }),
      close: async () => {
        await server.close();
        await clean(opened);
        await opened.close();
      },
    };
  });
});
