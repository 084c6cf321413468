import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { databaseName } from './schema.ts';
import type { SpanBuild } from './span-build-thread.ts';
import { spanFileName } from './span-file.ts';

// Node runs the sources, and refuses TypeScript under node_modules: there the compiled file stands beside this one.
const threadFile = new URL(`./span-build-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * Makes the suffix arrays of a build in a thread of its own: sorting holds up nobody.
 *
 * @param folder the build's, with its database
 * @returns bytes of the file
 */
export const writeSpans = async (folder: string, signal?: AbortSignal): Promise<number> => {
  signal?.throwIfAborted();
  const path = join(folder, spanFileName);
  const temporary = `${path}.new`;
  const workerData: SpanBuild = { database: join(folder, databaseName), path: temporary };
  const worker = new Worker(threadFile, { name: 'spans', workerData });
  const onAbort = (): void => void worker.terminate();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('exit', () => resolve());
    });
    signal?.throwIfAborted();
    const handle = await open(temporary, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(temporary, path);
    return (await stat(path)).size;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await rm(temporary, { force: true });
  }
};
