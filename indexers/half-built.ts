import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCurrent } from '../src/search/embedded/build-folder.ts';

/** Stands in a build's folder until the build has ended. */
const markName = 'building.json';

interface Mark {
  readonly fingerprint: string;
  readonly pid: number;
}

const readMark = async (folder: string): Promise<Mark | null> => {
  try {
    return JSON.parse(await readFile(join(folder, markName), 'utf8')) as Mark;
  } catch {
    return null;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const buildsIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
};

/** The folder to build in: the one that a killed build with the same fingerprint left, or a new one. */
export const takeBuildFolder = async (
  folder: string,
  { fingerprint, buildId }: { fingerprint: string; buildId: string },
): Promise<string> => {
  for (const name of await buildsIn(folder)) {
    const mark = await readMark(join(folder, name));
    if (mark?.fingerprint !== fingerprint || (mark.pid !== process.pid && isAlive(mark.pid))) continue;
    await writeFile(join(folder, name, markName), JSON.stringify({ fingerprint, pid: process.pid }));
    return name;
  }
  await mkdir(folder, { recursive: true });
  const taken = new Set(await buildsIn(folder));
  let name = buildId;
  for (let number = 2; taken.has(name); number++) name = `${buildId}-${number}`;
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, markName), JSON.stringify({ fingerprint, pid: process.pid }));
  return name;
};

/** The build is whole: nobody resumes it. */
export const unmark = (folder: string, buildId: string): Promise<void> =>
  rm(join(folder, buildId, markName), { force: true });

/**
 * Removes the builds that nobody needs: all but the current one, the one before it (somebody may be about to open it)
 * and those that a living process still builds.
 */
export const removeOldBuilds = async (folder: string, before: string | null): Promise<void> => {
  const current = await readCurrent(folder);
  for (const name of await buildsIn(folder)) {
    if (name === current || name === before) continue;
    const mark = await readMark(join(folder, name));
    if (mark && mark.pid !== process.pid && isAlive(mark.pid)) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
};
