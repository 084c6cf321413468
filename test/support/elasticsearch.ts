import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from '@jest/globals';
import { connectElasticsearch, type ElasticsearchConnection } from '../../src/search/elasticsearch/connect.ts';

const variable = 'TENKYO_TEST_ELASTICSEARCH_URL';
/** null: none to test against. */
export const testServerUrl = process.env[variable] || null;
const services = resolve(fileURLToPath(import.meta.url), '../../../../shared/services/elasticsearch');

// Where everything needed lies beside the project and nothing may be left out, a missing server is a failure.
if (testServerUrl === null && process.env.CI === 'true' && existsSync(services)) {
  throw new Error(`${variable} is not set: .ci/run starts the server that these tests need`);
}

/** Cases that need a real Elasticsearch server; without one they are skipped, and their name says why. */
export const describeOnElasticsearch = (name: string, cases: () => void): void =>
  testServerUrl === null ? describe.skip(`${name} (needs ${variable})`, cases) : describe(name, cases);

export const connectToTestServer = (): Promise<ElasticsearchConnection> =>
  connectElasticsearch({ url: testServerUrl!, apiKey: null, caFile: null });

/** A name of its own for what a test file makes on the server, and the removal of all of it. */
export const createTestPrefix = () => {
  const prefix = `test-${process.pid}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  return {
    prefix,
    clean: async ({ client }: ElasticsearchConnection): Promise<void> => {
      const indexes = Object.keys(await client.indices.get({ index: `${prefix}-*` }));
      if (indexes.length > 0) await client.indices.delete({ index: indexes });
    },
  };
};
