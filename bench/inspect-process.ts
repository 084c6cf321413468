import { writeFileSync } from 'node:fs';

/** A process of the product, looked into by its debugger's port. */
export interface InspectedProcess {
  /** MB of live objects, after a full collection. */
  heapMb(): Promise<number>;
  startProfile(): Promise<void>;
  /** Ends the profile and writes it, for a browser's performance view. */
  endProfile(file: string): Promise<void>;
  close(): void;
}

/** Has a process listen on a port of its own choosing; the address is in what it prints. */
export const inspectable = '--inspect=127.0.0.1:0';

/** @param output what the process has printed */
export const inspectProcess = async (output: string): Promise<InspectedProcess> => {
  const address = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(output)?.[0];
  if (address === undefined) throw new Error(`no debugger listens:\n${output}`);
  const socket = new WebSocket(address);
  const replies = new Map<number, (result: Record<string, unknown>) => void>();
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: Record<string, unknown> };
    if (id !== undefined) replies.get(id)?.(result ?? {});
  });
  await new Promise((open) => socket.addEventListener('open', open, { once: true }));
  const send = (method: string, params: object = {}): Promise<Record<string, unknown>> => {
    last += 1;
    const id = last;
    return new Promise((resolve) => {
      replies.set(id, (result) => {
        replies.delete(id);
        resolve(result);
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  };

  return {
    heapMb: async () => {
      await send('HeapProfiler.collectGarbage');
      const { usedSize } = await send('Runtime.getHeapUsage');
      return Number(usedSize) / 2 ** 20;
    },
    startProfile: async () => {
      await send('Profiler.enable');
      await send('Profiler.start');
    },
    endProfile: async (file) => {
      const { profile } = await send('Profiler.stop');
      writeFileSync(file, JSON.stringify(profile));
    },
    close: () => socket.close(),
  };
};
