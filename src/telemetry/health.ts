import type { Clock } from '../clock.ts';
import { asTenkyoError } from '../errors.ts';

/** Asks a part whether it works; rejects where it does not. */
export type Probe = () => Promise<unknown>;

interface Readiness {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, { ready: boolean; ms: number; error?: string }>>;
}

export interface Health {
  /** Asks every part at once. */
  look(): Promise<Readiness>;
  /** From now on not ready, whatever the parts say: work goes to others. */
  stop(): void;
}

const probeWithinMs = 2_000;

/** The readiness of a process: that of each part it cannot work without. */
export const createHealth = (probes: Readonly<Record<string, Probe>>, clock: Clock): Health => {
  let stopping = false;
  const ask = async (probe: Probe): Promise<Readiness['parts'][string]> => {
    const began = clock.now();
    const waiting = new AbortController();
    const late = clock.sleep(probeWithinMs, waiting.signal).then(() => {
      throw new Error(`no answer within ${probeWithinMs} ms`);
    });
    late.catch(() => undefined);
    try {
      await Promise.race([probe(), late]);
      return { ready: true, ms: clock.now() - began };
    } catch (error) {
      // A message may hold an address with a password: the code and the log say more.
      const { code, message } = asTenkyoError(error);
      return {
        ready: false,
        ms: clock.now() - began,
        error: code === 'internal' && !message.startsWith('no answer') ? 'error' : message,
      };
    } finally {
      waiting.abort();
    }
  };
  return {
    look: async () => {
      const names = Object.keys(probes);
      const states = await Promise.all(Object.values(probes).map(ask));
      const parts = Object.fromEntries(names.map((name, index) => [name, states[index]!]));
      return { ready: !stopping && states.every(({ ready }) => ready), parts };
    },
    stop: () => {
      stopping = true;
    },
  };
};
