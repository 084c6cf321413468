import type { OperatorConfig } from './config.ts';
import { listenFrom } from './listen.ts';
import type { Problem } from './problems.ts';
import { type Environment, value } from './tokens.ts';

const shortestPassword = 12;

/**
 * The operator's port from `OPERATOR_LISTEN`, `OPERATOR_PASSWORD`, `OPERATOR_BOARD_WRITES`; null without an address.
 *
 * @param problems what is wrong is added here
 */
export const operatorFrom = (env: Environment, problems: Problem[]): OperatorConfig | null => {
  const listen = listenFrom(env, 'OPERATOR_LISTEN', problems);
  const password = value(env, 'OPERATOR_PASSWORD');
  const writes = value(env, 'OPERATOR_BOARD_WRITES') ?? 'false';
  if (password !== null && password.length < shortestPassword) {
    problems.push({
      path: 'OPERATOR_PASSWORD',
      found: 'a short one',
      expected: `at least ${shortestPassword} characters`,
    });
  }
  if (writes !== 'true' && writes !== 'false') {
    problems.push({ path: 'OPERATOR_BOARD_WRITES', found: JSON.stringify(writes), expected: '"true" or "false"' });
  }
  return listen && { listen, password, boardWrites: writes === 'true' };
};
