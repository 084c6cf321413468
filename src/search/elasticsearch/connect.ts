import { readFile } from 'node:fs/promises';
import type { Client } from '@elastic/elasticsearch';
import { TenkyoError } from '../../errors.ts';
import { explainElasticsearchError } from './errors.ts';

export interface ElasticsearchOptions {
  /** http or https; a name and a password may stand in it. */
  readonly url: string;
  readonly apiKey: string | null;
  /** PEM file of the authority that signed the server's certificate; null: those that Node trusts. */
  readonly caFile: string | null;
  /** For one request. Default 30 s. */
  readonly timeoutMs?: number;
}

/** A server of a version that is known to work. */
export interface ElasticsearchConnection {
  readonly client: Client;
  /** The address without its secrets, for messages. */
  readonly where: string;
  readonly version: string;
  close(): Promise<void>;
}

const leastVersion = 9;
/** Beside the first try, on another connection; a search has a deadline of its own. */
const retries = 1;

const withoutSecrets = (url: string): string => {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
};

const readAuthority = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause) => {
    throw new TenkyoError('config_invalid', 'the certificate authority of Elasticsearch cannot be read', {
      where: file,
      found: (cause as NodeJS.ErrnoException).code ?? String(cause),
      remedy: 'Give the path of a PEM file in ELASTICSEARCH_CA_FILE.',
      cause,
    });
  });

/**
 * Opens connections to an Elasticsearch server and asks its version. The client is loaded here: nobody waits for it
 * who doesn't use it.
 *
 * @throws TenkyoError `config_invalid`, `engine_unavailable` (down, silent, too old, refuses the key, something else)
 */
export const connectElasticsearch = async ({
  url,
  apiKey,
  caFile,
  timeoutMs = 30_000,
}: ElasticsearchOptions): Promise<ElasticsearchConnection> => {
  const authority = caFile === null ? null : await readAuthority(caFile);
  const { Client: ElasticsearchClient, Transport } = await import('@elastic/elasticsearch');
  class PromptTransport extends Transport {
    constructor(settings: ConstructorParameters<typeof Transport>[0]) {
      // A connection that the server has closed meanwhile is no reason to wait before the second try.
      super({ ...settings, retryBackoff: () => 0 });
    }
  }
  const where = withoutSecrets(url);
  const client = new ElasticsearchClient({
    node: url,
    requestTimeout: timeoutMs,
    maxRetries: retries,
    Transport: PromptTransport,
    ...(apiKey !== null && { auth: { apiKey } }),
    ...(authority !== null && { tls: { ca: authority } }),
  });
  try {
    const { version } = await client.info();
    if (Number.parseInt(version.number, 10) < leastVersion) {
      throw new TenkyoError('engine_unavailable', 'the Elasticsearch server is too old', {
        where,
        expected: `version ${leastVersion} or newer`,
        found: version.number,
        remedy: 'Upgrade the server, or point ELASTICSEARCH_URL at another.',
      });
    }
    return { client, where, version: version.number, close: () => client.close() };
  } catch (error) {
    await client.close();
    throw explainElasticsearchError(error, { where });
  }
};

/** A connection that is made when it is first needed, and asked for again while it could not be had. */
export interface LazyConnection {
  /** Throws as `connectElasticsearch` does. */
  get(): Promise<ElasticsearchConnection>;
  close(): Promise<void>;
}

export const createLazyConnection = (options: ElasticsearchOptions): LazyConnection => {
  let connection: Promise<ElasticsearchConnection> | null = null;
  return {
    get: () => {
      connection ??= connectElasticsearch(options).catch((error) => {
        connection = null;
        throw error;
      });
      return connection;
    },
    close: async () => {
      const open = await connection?.catch(() => null);
      await open?.close();
    },
  };
};
