import { Cluster } from 'ioredis';
import type { RedisClient } from './connect.ts';

/** What a server's settings put at risk, as a sentence a person can act on. */
export interface RedisFinding {
  readonly kind: 'version' | 'memory' | 'persistence';
  /** Whether the product cannot work with it. */
  readonly fatal: boolean;
  readonly found: string;
  readonly expected: string;
  readonly remedy: string;
}

const leastVersion = [6, 2] as const;

const fieldsOf = (info: string): ReadonlyMap<string, string> =>
  new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf(':');
      return line.startsWith('#') || at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );

/**
 * What of `INFO` a queue must know: a server that may throw keys away throws jobs away, and one that writes nothing
 * down forgets them at its next start.
 */
export const judgeRedis = (info: string): RedisFinding[] => {
  const fields = fieldsOf(info);
  const findings: RedisFinding[] = [];
  const version = fields.get('redis_version') ?? 'unknown';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < leastVersion[0] || (major === leastVersion[0] && minor < leastVersion[1])) {
    findings.push({
      kind: 'version',
      fatal: true,
      found: version,
      expected: `at least ${leastVersion.join('.')}`,
      remedy: 'Use a newer Redis.',
    });
  }
  const policy = fields.get('maxmemory_policy') ?? 'unknown';
  if (policy !== 'noeviction') {
    findings.push({
      kind: 'memory',
      fatal: false,
      found: `maxmemory-policy ${policy}`,
      expected: 'maxmemory-policy noeviction',
      remedy: 'Set it, or the server may drop questions that wait when its memory is full.',
    });
  }
  if (fields.get('aof_enabled') !== '1') {
    findings.push({
      kind: 'persistence',
      fatal: false,
      found: 'appendonly no',
      expected: 'appendonly yes',
      remedy: 'Set it, or what waits in the queues is lost (and made again later) when the server restarts.',
    });
  }
  return findings;
};

/** Asks the server (of a cluster: each that writes). */
export const inspectRedis = async (client: RedisClient): Promise<RedisFinding[]> => {
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  const found = await Promise.all(nodes.map(async (node) => judgeRedis(await node.info())));
  return [...new Map(found.flat().map((finding) => [`${finding.kind} ${finding.found}`, finding])).values()];
};
