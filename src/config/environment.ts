import { z } from 'zod';

/** A variable of the environment, for the example file: what reads them is in the files beside this one. */
interface VariableFacts {
  readonly description: string;
  /** What it may look like; never a real secret. */
  readonly example: string;
  /** What holds where it isn't set. */
  readonly usual?: string;
}

const variable = ({ description, example, usual }: VariableFacts) =>
  z
    .string()
    .optional()
    .meta({ description, examples: [example], ...(usual !== undefined && { usual }) });

const certificate = (what: string, example: string) =>
  variable({
    description: `PEM file of the authority that signed the certificate of ${what}, relative to the working directory.`,
    example,
    usual: 'those that Node trusts',
  });

/**
 * Every variable that the configuration reads, in the order of the example file; `<APP>` and `<MODEL>` stand for the
 * names that tenkyo.yaml declares.
 */
export const environmentSections: readonly { readonly title: string; readonly variables: z.ZodObject }[] = [
  {
    title: 'Slack. Without tokens the local workspace plays Slack. For every app, or for none:',
    variables: z.strictObject({
      '<APP>_BOT_TOKEN': variable({
        description: 'Bot token: OAuth & Permissions, “Bot User OAuth Token”.',
        example: 'xoxb-…',
      }),
      '<APP>_APP_TOKEN': variable({
        description: 'App-level token with connections:write, for Socket Mode: Basic Information, “App-Level Tokens”.',
        example: 'xapp-…',
      }),
      '<APP>_SIGNING_SECRET': variable({
        description: 'Signing secret, for `slack.receive: http`: Basic Information, “App Credentials”.',
        example: '0123456789abcdef',
      }),
      SLACK_LISTEN: variable({
        description: 'With `slack.receive: http`: where this process listens, `host:port` or a port of this machine.',
        example: '0.0.0.0:3030',
        usual: '127.0.0.1:3030',
      }),
      SLACK_API_URL: variable({
        description: "Another address than Slack's own, for a proxy or a test.",
        example: 'https://slack.com/api/',
        usual: 'https://slack.com/api/',
      }),
    }),
  },
  {
    title: 'This process',
    variables: z.strictObject({
      TENKYO_DATA: variable({
        description: 'Folder of everything that is written.',
        example: '.tenkyo',
        usual: '.tenkyo in the working directory',
      }),
      EXPORT_KEY: variable({
        description:
          'Key of the pseudonyms in exports, at least 32 characters, for several machines to give people the same ones.',
        example: 'thirty-two-characters-or-more-of-it',
        usual: 'one that the data folder keeps',
      }),
      OPERATOR_LISTEN: variable({
        description:
          'Where metrics, health and the board of the queues are served, `host:port` or a port of this machine.',
        example: '127.0.0.1:9464',
        usual: 'off',
      }),
      OPERATOR_PASSWORD: variable({
        description:
          'Password (user `operator`) for /metrics and the board, at least 12 characters; without it there is no board.',
        example: 'twelve-characters-or-more',
      }),
      OPERATOR_BOARD_WRITES: variable({
        description: 'Whether jobs can be tried again or removed on the board.',
        example: 'false',
        usual: 'false',
      }),
    }),
  },
  {
    title: 'Redis and PostgreSQL: several processes, on one machine or many',
    variables: z.strictObject({
      REDIS_URL: variable({
        description: 'Queues and live events; `rediss://` for TLS. Without it both are inside the one process of `up`.',
        example: 'redis://user:secret@redis:6379/0',
      }),
      REDIS_CA_FILE: certificate('Redis', 'redis.pem'),
      REDIS_PREFIX: variable({ description: 'Begins every key.', example: 'tenkyo', usual: 'tenkyo' }),
      REDIS_SENTINELS: variable({
        description: 'Sentinels that know the server, `host:port`, separated by commas.',
        example: 'sentinel-1:26379,sentinel-2:26379',
      }),
      REDIS_SENTINEL_NAME: variable({ description: 'The name that they know it by.', example: 'main' }),
      REDIS_SENTINEL_PASSWORD: variable({ description: 'Their password.', example: 'secret' }),
      REDIS_CLUSTER: variable({
        description: 'Whether REDIS_URL names a node of a cluster; not together with sentinels.',
        example: 'false',
        usual: 'false',
      }),
      DATABASE_URL: variable({
        description: 'PostgreSQL for the records. Without it they are inside the one process of `up`.',
        example: 'postgresql://user:secret@postgres:5432/tenkyo',
      }),
      DATABASE_CA_FILE: certificate('PostgreSQL', 'postgres.pem'),
      DATABASE_CONNECTIONS: variable({
        description: 'Most connections of a process.',
        example: '10',
        usual: '10',
      }),
      DATABASE_STATEMENT_SECONDS: variable({
        description: 'A statement that takes longer is given up.',
        example: '8',
        usual: '8',
      }),
    }),
  },
  {
    title: 'Elasticsearch: keywords and stretches of many documents',
    variables: z.strictObject({
      ELASTICSEARCH_URL: variable({
        description: 'Address; without it, keywords are looked up in the index on this machine.',
        example: 'https://elasticsearch:9200',
      }),
      ELASTICSEARCH_API_KEY: variable({ description: 'Key for it.', example: 'base64…' }),
      ELASTICSEARCH_CA_FILE: certificate('Elasticsearch', 'elasticsearch.pem'),
      ELASTICSEARCH_INDEX_PREFIX: variable({
        description: 'Begins the names of its indexes.',
        example: 'tenkyo',
        usual: 'tenkyo',
      }),
      ELASTICSEARCH_SHARDS: variable({ description: 'Parts of an index.', example: '1', usual: '1' }),
      ELASTICSEARCH_REPLICAS: variable({
        description: 'Copies of an index beside the first.',
        example: '1',
        usual: 'one where there is a second node',
      }),
      ELASTICSEARCH_KUROMOJI: variable({
        description: 'Whether Japanese is also analysed by the kuromoji plugin, which the server must have.',
        example: 'false',
        usual: 'false',
      }),
      ELASTICSEARCH_ALONE: variable({
        description:
          'Whether the index is on the servers alone: texts, keywords and stretches here, vectors on Qdrant, nothing on this machine.',
        example: 'false',
        usual: 'false',
      }),
    }),
  },
  {
    title: 'Qdrant: vectors of many passages',
    variables: z.strictObject({
      QDRANT_URL: variable({
        description: 'Address; without it, vectors are looked up in the index on this machine.',
        example: 'http://qdrant:6333',
      }),
      QDRANT_API_KEY: variable({ description: 'Key for it.', example: 'secret' }),
      QDRANT_NAMESPACE: variable({
        description: 'Begins the names of its collections.',
        example: 'tenkyo',
        usual: 'tenkyo',
      }),
      QDRANT_SHARDS: variable({ description: 'Parts of a collection.', example: '1', usual: '1' }),
      QDRANT_REPLICAS: variable({
        description: 'Copies of a collection, the first included.',
        example: '1',
        usual: '1',
      }),
    }),
  },
  {
    title: 'Model servers',
    variables: z.strictObject({
      '<MODEL>_API_KEY': variable({
        description: "Key for a model's servers, for `provider: openai`.",
        example: 'secret',
        usual: 'none is sent',
      }),
      EMBEDDING_API_KEY: variable({ description: 'Key for the embedding server.', example: 'secret' }),
      HF_ENDPOINT: variable({
        description: 'Address of the hub that `embedding.hub` is fetched from, for a mirror.',
        example: 'https://hub.example',
        usual: 'https://huggingface.co',
      }),
    }),
  },
];
