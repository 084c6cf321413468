import { asTenkyoError, type ErrorCode } from '../../src/errors.ts';

/** One thing that `tenkyo doctor` looked at. */
export interface Finding {
  readonly area: 'process' | 'configuration' | 'data' | 'slack' | 'servers' | 'models' | 'corpora';
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly found: string;
  /** What to do; null where nothing has to be done. */
  readonly remedy: string | null;
}

export type Area = Finding['area'];

/** What is made when it is first needed is no fault while it is missing, nor is a server that is starting. */
const passing: readonly ErrorCode[] = ['index_missing', 'model_busy'];

/** What an error says, as a finding. */
export const findingOf = (area: Area, what: string, error: unknown): Finding => {
  const { code, message, where, expected, found, remedy } = asTenkyoError(error);
  const said = [message, where, expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean);
  return {
    area,
    what,
    state: passing.includes(code) ? 'warning' : 'fault',
    found: said.join('; '),
    remedy: remedy ?? 'Run it again with TENKYO_DEBUG=1 and look at the cause.',
  };
};

/** Runs one check: what it tells, or what went wrong. */
export const examine = async (area: Area, what: string, look: () => Promise<string> | string): Promise<Finding> => {
  try {
    return { area, what, state: 'ok', found: await look(), remedy: null };
  } catch (error) {
    return findingOf(area, what, error);
  }
};
