import { Queue } from 'bullmq';
import type { QueueBackend } from './pglite-backend.ts';
import { generateQueue, indexQueue, searchQueue } from './queues.ts';

/** The queues as BullMQ's own objects, for a board that shows them. Closed by the caller. */
export const openBoardQueues = (backend: QueueBackend, models: readonly string[]): Queue[] =>
  [...models.map((model) => generateQueue(model).name), searchQueue.name, indexQueue.name].map(
    // The same class over whatever backend: its type names the one of Redis.
    (name) => new Queue(name, { connection: {} }, backend) as unknown as Queue,
  );
