import { resolve } from 'node:path';
import type { ElasticsearchConfig } from './config.ts';
import type { Problem } from './problems.ts';
import { type Environment, value } from './tokens.ts';

const defaultPrefix = 'tenkyo';

const isAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/**
 * The Elasticsearch server from `ELASTICSEARCH_URL`, `_API_KEY`, `_CA_FILE` (relative to the working directory),
 * `_INDEX_PREFIX`, `_SHARDS`, `_REPLICAS`, `_KUROMOJI`, `_ALONE`; null without a URL. A URL may hold a password and is never shown.
 *
 * @param problems what is wrong is added here
 */
export const elasticsearchFrom = (
  env: Environment,
  { cwd, problems }: { cwd: string; problems: Problem[] },
): ElasticsearchConfig | null => {
  const read = (name: string): string | null => value(env, `ELASTICSEARCH_${name}`);
  const refuse = (name: string, found: string, expected: string): void => {
    problems.push({ path: `ELASTICSEARCH_${name}`, found, expected });
  };
  const count = (name: string, least: number, most: number): number | null => {
    const text = read(name);
    if (text === null) return null;
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    refuse(name, JSON.stringify(text), `a whole number from ${least} to ${most}`);
    return null;
  };

  const flag = (name: string): boolean => {
    const text = read(name) ?? 'false';
    if (text !== 'true' && text !== 'false') refuse(name, JSON.stringify(text), '"true" or "false"');
    return text === 'true';
  };

  const url = read('URL');
  if (url === null) return null;
  if (!isAddress(url)) refuse('URL', 'no address', 'http://… or https://…');
  const prefix = read('INDEX_PREFIX') ?? defaultPrefix;
  if (!/^[a-z0-9][a-z0-9._-]{0,60}$/.test(prefix)) {
    refuse('INDEX_PREFIX', JSON.stringify(prefix), 'lower-case letters, digits, ".", "_" or "-"');
  }
  const caFile = read('CA_FILE');
  return {
    url,
    apiKey: read('API_KEY'),
    caFile: caFile === null ? null : resolve(cwd, caFile),
    prefix,
    shards: count('SHARDS', 1, 1_024) ?? 1,
    replicas: count('REPLICAS', 0, 10),
    kuromoji: flag('KUROMOJI'),
    alone: flag('ALONE'),
  };
};
