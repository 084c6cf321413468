import { asTenkyoError, type TenkyoError } from '../../src/errors.ts';

/** The error that something fails with; fails itself when it doesn't. */
export const refusalOf = async (work: Promise<unknown>): Promise<TenkyoError> => {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) return asTenkyoError(outcome.error);
  throw new Error(`it did not fail, and gave ${JSON.stringify(outcome.value)}`);
};
