import type { Clock } from '../clock.ts';

/** Remembers what was loaded for a while; failures are not remembered, and one load runs at a time for a key. */
export const createCache = <Key, Value>({
  clock,
  keepMs,
  load,
}: {
  readonly clock: Clock;
  readonly keepMs: number;
  load(key: Key): Promise<Value>;
}): { get(key: Key): Promise<Value>; clear(): void } => {
  const kept = new Map<Key, { value: Promise<Value>; until: number }>();
  return {
    clear: () => kept.clear(),
    get: (key) => {
      const now = clock.now();
      const found = kept.get(key);
      if (found && found.until > now) return found.value;
      for (const [old, { until }] of kept) if (until <= now) kept.delete(old);
      const value = load(key);
      const entry = { value, until: now + keepMs };
      kept.set(key, entry);
      value.catch(() => {
        if (kept.get(key) === entry) kept.delete(key);
      });
      return value;
    },
  };
};
