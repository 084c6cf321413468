/**
 * What no start can go below: imports the libraries that `tenkyo up` imports, opens PGlite in the given folder and
 * loads the demonstration's chat model and embedder. Prints the milliseconds since the process began, and ends.
 */
import { PGlite } from '@electric-sql/pglite';
import { env, pipeline } from '@huggingface/transformers';

await Promise.all([
  import('@slack/bolt'),
  import('bullmq'),
  import('kysely'),
  import('hono'),
  import('@hono/node-server'),
  import('ws'),
  import('zod'),
  import('commander'),
  import('dotenv'),
  import('pino'),
  import('yaml'),
  import('pg'),
  import('ioredis'),
  import('prom-client'),
  import('eventsource-parser'),
  import('@qdrant/js-client-rest'),
  import('hyparquet'),
  import('hyparquet-compressors'),
  import('cli-progress'),
]);
env.allowRemoteModels = false;
env.localModelPath = `${process.cwd()}/demo/models`;
const [database] = await Promise.all([
  PGlite.create({ dataDir: process.argv[2] }),
  pipeline('text-generation', 'demo-3m-finetuned', { dtype: 'q8' }),
  pipeline('feature-extraction', 'embedder', { dtype: 'q8' }),
]);
await database.query('select 1');
console.log(Math.round(performance.now()));
process.exit(0);
