import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { buildIndex } from '../../../indexers/build-index.ts';
import { systemClock } from '../../../src/clock.ts';
import type { ElasticsearchConnection } from '../../../src/search/elasticsearch/connect.ts';
import { openElasticsearchIndex } from '../../../src/search/elasticsearch/open-index.ts';
import { createElasticsearchTarget } from '../../../src/search/elasticsearch/target.ts';
import { connectToTestServer, createTestPrefix, describeOnElasticsearch } from '../../support/elasticsearch.ts';
import { searchIndexContract } from './search-index.contract.ts';

describeOnElasticsearch('Elasticsearch', () => {
  for (const shards of [1, 3]) {
    describe(`in ${shards} shards`, () => {
      const { prefix, clean } = createTestPrefix();
      let connection: ElasticsearchConnection;
      let directory: string;
      beforeAll(async () => {
        directory = await mkdtemp(join(tmpdir(), 'tenkyo-elasticsearch-'));
        connection = await connectToTestServer();
      });
      afterAll(async () => {
        await clean(connection);
        await connection.close();
        await rm(directory, { recursive: true });
      });

      searchIndexContract(`Elasticsearch, ${shards} shards`, {
        open: async (name, documents) => {
          const target = createElasticsearchTarget({
            connection: { get: async () => connection },
            prefix,
            settings: { shards },
            clock: systemClock,
          });
          const corpus = { name, documents };
          await buildIndex({ corpus, embedder: null, directory, clock: systemClock, targets: [target] });
          return openElasticsearchIndex({ connection, prefix, corpus: name });
        },
      });
    });
  }
});
