import type { Reading } from '../../src/search/result.ts';
import { grouped } from './numbers.ts';

/** `1,012/1,039`, `not read`, `unknown`: as in the line that people quote. */
export const iterationText = (reading: Reading): string => {
  if (reading.state === 'unknown') return 'unknown';
  if (reading.state === 'not_read') return 'not read';
  const { shown, first, lastIndex } = reading;
  return shown === null
    ? `not before ${grouped(first)}/${grouped(lastIndex)}`
    : `${grouped(shown)}/${grouped(lastIndex)}`;
};
