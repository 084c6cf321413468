import { parentPort } from 'node:worker_threads';
import { systemClock } from '../../clock.ts';
import { asTenkyoError, TenkyoError } from '../../errors.ts';
import { type Engines, type OpenEnginesOptions, openEngines } from './open-engines.ts';
import type { ReaderFault, ReaderMethod, ReaderReply, ReaderRequest } from './reader-protocol.ts';

/** The thread that reads one build: opens it first, then answers what the engines are asked, several at a time. */
const port = parentPort!;
const underWay = new Map<number, AbortController>();
let engines: Engines | null = null;

const faultOf = (thrown: unknown): ReaderFault => {
  const { code, message, where, expected, found, remedy } = asTenkyoError(thrown);
  return { code, message, where, expected, found, remedy };
};

const opened = (): Engines => {
  if (engines) return engines;
  throw new TenkyoError('internal', 'the reader thread was asked before it was opened');
};

const answer = async (method: ReaderMethod, args: readonly unknown[], signal: AbortSignal): Promise<unknown> => {
  if (method === 'open') {
    engines = await openEngines(args[0] as OpenEnginesOptions, systemClock);
    return { vectors: engines.vector !== null };
  }
  const [what, options] = args as [never, object];
  const withSignal = { ...options, signal } as never;
  if (method === 'keyword') return opened().keyword.search(what, withSignal);
  if (method === 'vector') return opened().vector?.search(what, withSignal) ?? [];
  return opened().spans[method](what, withSignal);
};

port.on('message', async (request: ReaderRequest) => {
  const { id } = request;
  if (request.type === 'abort') {
    underWay.get(id)?.abort(new TenkyoError('cancelled', 'no longer wanted'));
    return;
  }
  const stop = new AbortController();
  underWay.set(id, stop);
  try {
    const value = await answer(request.method, request.args, stop.signal);
    port.postMessage({ id, value } satisfies ReaderReply);
  } catch (thrown) {
    port.postMessage({ id, fault: faultOf(thrown) } satisfies ReaderReply);
  } finally {
    underWay.delete(id);
  }
});
