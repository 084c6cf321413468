import type { PGlite } from '@electric-sql/pglite';
import { type BackendFactory, createPostgresBackend, runMigrations } from 'bullmq';
import { createPglitePool } from './pglite-pool.ts';

/**
 * Where the queues are: BullMQ asks it for a backend for each queue and worker. The connection is inside, so that
 * those who make queues know nothing of it.
 */
export type QueueBackend = BackendFactory;

/** The queues in PGlite's schema `bullmq`, brought to BullMQ's version of it. Await it before other work begins there. */
export const createPgliteBackend = async (pglite: PGlite): Promise<QueueBackend> => {
  const pool = await createPglitePool(pglite);
  const client = await pool.connect();
  await runMigrations(client);
  client.release();
  return (name, options, extra) => createPostgresBackend(name, { ...options, connection: pool }, extra);
};
