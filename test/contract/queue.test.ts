import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { createPgliteBackend, type QueueBackend } from '../../src/jobs/pglite-backend.ts';
import { type EmbeddedDatabase, openPglite } from '../../src/store/pglite/open-pglite.ts';
import { queueContract } from './queue.contract.ts';

let root: string;
let database: EmbeddedDatabase;
let backend: QueueBackend;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tenkyo-queue-'));
  database = await openPglite({ directory: join(root, 'pg') });
  backend = await createPgliteBackend(database.pglite);
});
afterAll(async () => {
  await database.close();
  rmSync(root, { recursive: true, force: true });
});

queueContract('PGlite', async () => {
  await database.pglite.exec('delete from bullmq.job');
  return { backend, close: async () => undefined };
});
