import type { Clock } from '../../../src/clock.ts';

/** What the next calls of a method meet, on demand. */
export type CallFault =
  | { readonly kind: 'rate_limited'; readonly retryAfter: number }
  | { readonly kind: 'error'; readonly error: string }
  /** The call has its effect; the answer is a 500. */
  | { readonly kind: 'apply_then_500' }
  /** The call has its effect; the connection closes without an answer. */
  | { readonly kind: 'apply_then_drop' }
  /** The answer comes this many milliseconds late. */
  | { readonly kind: 'delay'; readonly ms: number };

/** Faults for tests: what Slack does on its bad days, one call at a time. */
export interface Faults {
  /** The next `times` calls of the method (`*`: of any but `apps.connections.open`). */
  add(method: string, fault: CallFault, times: number): void;
  /** Takes the fault that the call meets. */
  take(method: string): CallFault | undefined;
  setStreaming(on: boolean): void;
  /** False while native streaming is off: its methods are unknown, as on GovSlack. */
  streaming(): boolean;
  late(ms: number, signal: AbortSignal): Promise<void>;
}

export const createFaults = (clock: Clock): Faults => {
  const waiting: { method: string; fault: CallFault; times: number }[] = [];
  let streaming = true;
  return {
    add: (method, fault, times) => {
      waiting.push({ method, fault, times });
    },
    take: (method) => {
      const index = waiting.findIndex(
        ({ method: wanted }) => wanted === method || (wanted === '*' && method !== 'apps.connections.open'),
      );
      const entry = waiting[index];
      if (!entry) return undefined;
      entry.times -= 1;
      if (entry.times <= 0) waiting.splice(index, 1);
      return entry.fault;
    },
    setStreaming: (on) => {
      streaming = on;
    },
    streaming: () => streaming,
    late: (ms, signal) => clock.sleep(ms, signal),
  };
};
