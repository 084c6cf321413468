import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Longer than anything takes to be made: a process was killed over it. */
const abandonedAfterMs = 6 * 60 * 60 * 1000;

const ending = '.half';

/** Where something is made before it takes its place: a name of its own beside it. */
export const halfMade = (path: string): string =>
  `${path}.${process.pid}-${process.hrtime.bigint().toString(36)}${ending}`;

/** Removes what killed processes left half made of `path`. */
export const removeAbandoned = async (path: string, now: number): Promise<void> => {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith(ending)) continue;
    const half = join(folder, name);
    // Another process may remove it, or finish it, at the same time.
    const changed = await stat(half).then(
      ({ mtimeMs }) => mtimeMs,
      () => now,
    );
    if (now - changed > abandonedAfterMs) await rm(half, { recursive: true, force: true });
  }
};
