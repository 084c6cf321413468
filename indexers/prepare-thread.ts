import { parentPort } from 'node:worker_threads';
import { preparePassages } from '../src/search/prepare-document.ts';
import type { PrepareReply, PrepareRequest } from './preparer.ts';

/** Cuts documents into passages and finds their tokens; `preparer.ts` is its other end. */
const serve = (port: NonNullable<typeof parentPort>): void => {
  port.on('message', ({ id, documents }: PrepareRequest) => {
    let reply: PrepareReply;
    try {
      reply = { id, passages: documents.map(preparePassages) };
    } catch (error) {
      reply = { id, error };
    }
    port.postMessage(reply);
  });
};

if (parentPort) serve(parentPort);
