import { asTenkyoError, TenkyoError } from '../errors.ts';
import type { Fault } from './protocol.ts';

export const toFault = (error: unknown): Fault => {
  const { code, message, where, expected, found, remedy } = asTenkyoError(error);
  return { code: code === 'internal' ? 'model_failed' : code, message, where, expected, found, remedy };
};

export const fromFault = ({ code, message, ...facts }: Fault): TenkyoError => new TenkyoError(code, message, facts);
