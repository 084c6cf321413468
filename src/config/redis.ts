import { resolve } from 'node:path';
import type { RedisConfig, ServerAddress } from './config.ts';
import type { Problem } from './problems.ts';
import { type Environment, value } from './tokens.ts';

const hostAndPort = (text: string, port: number): { host: string; port: number } | null => {
  const url = `redis://${text}`;
  if (!URL.canParse(url)) return null;
  const { hostname, port: given } = new URL(url);
  // `redis` is no scheme that the URL standard knows: an IPv6 address keeps its brackets.
  const host = hostname.replace(/^\[|\]$/g, '');
  return host === '' ? null : { host, port: given === '' ? port : Number(given) };
};

/**
 * Redis from `REDIS_URL` (`redis://` or, with TLS, `rediss://`), `_CA_FILE` (relative to the working directory),
 * `_PREFIX`, and either `_SENTINELS` with `_SENTINEL_NAME` and `_SENTINEL_PASSWORD`, or `_CLUSTER=true`, where the URL names one of its nodes; null without
 * a URL. User, password and TLS of the URL hold for every node. A URL may hold a password and is never shown.
 *
 * @param problems what is wrong is added here
 */
export const redisFrom = (
  env: Environment,
  { cwd, problems }: { cwd: string; problems: Problem[] },
): RedisConfig | null => {
  const read = (name: string): string | null => value(env, `REDIS_${name}`);
  const refuse = (name: string, found: string, expected: string): void => {
    problems.push({ path: `REDIS_${name}`, found, expected });
  };
  const nodes = (name: string, port: number): ServerAddress[] => {
    const list = (read(name) ?? '').split(',').flatMap((one) => one.trim() || []);
    return list.flatMap((one) => {
      const node = hostAndPort(one, port);
      if (node) return [node];
      refuse(name, JSON.stringify(one), 'host:port, separated by commas');
      return [];
    });
  };

  const url = read('URL');
  if (url === null) return null;
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    refuse('URL', 'no address', 'redis://… or rediss://…');
  }
  const prefix = read('PREFIX') ?? 'tenkyo';
  if (!/^[a-z0-9][a-z0-9._-]{0,60}$/.test(prefix)) {
    refuse('PREFIX', JSON.stringify(prefix), 'lower-case letters, digits, ".", "_" or "-"');
  }
  const sentinels = nodes('SENTINELS', 26_379);
  const sentinelName = read('SENTINEL_NAME');
  if (sentinels.length > 0 && sentinelName === null) {
    refuse('SENTINEL_NAME', 'nothing', 'the name under which the sentinels know the server');
  }
  const cluster = read('CLUSTER') ?? 'false';
  if (cluster !== 'true' && cluster !== 'false') refuse('CLUSTER', JSON.stringify(cluster), '"true" or "false"');
  if (sentinels.length > 0 && cluster === 'true')
    refuse('CLUSTER', 'sentinels too', 'sentinels or a cluster, not both');
  const caFile = read('CA_FILE');
  return {
    url,
    caFile: caFile === null ? null : resolve(cwd, caFile),
    prefix,
    sentinels:
      sentinels.length === 0 || sentinelName === null
        ? null
        : { nodes: sentinels, name: sentinelName, password: read('SENTINEL_PASSWORD') },
    cluster: cluster === 'true',
  };
};
