// `node docker/make-secrets.mjs [FOLDER]`: random passwords of the servers in compose.yaml, each in a file of its own
// that only you can read. What is there is left as it is.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), 'secrets');
mkdirSync(folder, { recursive: true, mode: 0o700 });

const secret = (name, make) => {
  const file = join(folder, name);
  // Containers read them as users of their own; the folder is what keeps others out.
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o644 });
  return readFileSync(file, 'utf8').trim();
};
const random = () => randomBytes(24).toString('hex');

const postgres = secret('postgres_password', random);
const redis = secret('redis_password', random);
const elastic = secret('elastic_password', random);
const qdrant = secret('qdrant_api_key', random);
secret('operator_password', random);
secret('grafana_password', random);
secret('database_url', () => `postgresql://tenkyo:${postgres}@postgres:5432/tenkyo`);
secret('redis_url', () => `redis://:${redis}@redis:6379`);
secret('redis_auth.conf', () => `requirepass ${redis}\n`);
secret('elasticsearch_url', () => `http://elastic:${elastic}@elasticsearch:9200`);
secret('qdrant_config.yaml', () => `service:\n  api_key: ${qdrant}\n`);
