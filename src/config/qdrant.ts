import type { QdrantConfig } from './config.ts';
import type { Problem } from './problems.ts';
import { type Environment, value } from './tokens.ts';

/**
 * The Qdrant server from `QDRANT_URL`, `_API_KEY`, `_NAMESPACE`, `_SHARDS`, `_REPLICAS`; null without a URL.
 *
 * @param problems what is wrong is added here
 */
export const qdrantFrom = (env: Environment, problems: Problem[]): QdrantConfig | null => {
  const read = (name: string): string | null => value(env, `QDRANT_${name}`);
  const url = read('URL');
  if (url === null) return null;
  const refuse = (name: string, found: string, expected: string): void => {
    problems.push({ path: `QDRANT_${name}`, found, expected });
  };
  const count = (name: string): number => {
    const text = read(name) ?? '1';
    if (!/^[1-9]\d{0,3}$/.test(text)) refuse(name, JSON.stringify(text), 'a whole number from 1 to 9999');
    return Number(text);
  };
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    refuse('URL', 'no address', 'http://… or https://…');
  const namespace = read('NAMESPACE') ?? 'tenkyo';
  if (!/^[a-z0-9][a-z0-9._-]{0,60}$/.test(namespace)) {
    refuse('NAMESPACE', JSON.stringify(namespace), 'lower-case letters, digits, ".", "_" or "-"');
  }
  return { url, apiKey: read('API_KEY'), namespace, shards: count('SHARDS'), replicas: count('REPLICAS') };
};
