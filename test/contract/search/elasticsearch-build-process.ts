import { buildIndex } from '../../../indexers/build-index.ts';
import { systemClock } from '../../../src/clock.ts';
import { createLazyConnection } from '../../../src/search/elasticsearch/connect.ts';
import { createElasticsearchTarget } from '../../../src/search/elasticsearch/target.ts';

/**
 * Builds an index on Elasticsearch, to be killed meanwhile: a line for each report of how many documents it has read,
 * and one whenever it has noted on the server how far everything is written.
 */
const [url = '', prefix = '', documents = '', directory = ''] = process.argv.slice(2);
const connection = createLazyConnection({ url, apiKey: null, caFile: null });
const { client } = await connection.get();
const putMapping = client.indices.putMapping.bind(client.indices) as (request: object) => Promise<unknown>;
client.indices.putMapping = (async (request: object) => {
  const answer = await putMapping(request);
  process.stdout.write('noted\n');
  return answer;
}) as never;
let time = Date.now();
// Every look at it is a minute later: each batch is reported, and each is noted when it is written.
const clock = { ...systemClock, now: () => (time += 60_000) };
const corpus = { name: 'killed', documents };
await buildIndex({ corpus, embedder: null, directory, clock: systemClock });
const { targets } = await buildIndex({
  corpus,
  embedder: null,
  directory,
  clock,
  targets: [createElasticsearchTarget({ connection, prefix, clock })],
  progress: ({ done }) => process.stdout.write(`texts ${done}\n`),
});
const [{ documents: count, passages, rejects }] = targets as [(typeof targets)[number]];
process.stdout.write(`built ${count} ${passages} ${rejects.count}\n`);
await connection.close();
