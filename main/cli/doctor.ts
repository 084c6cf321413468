import { diagnose } from '../doctor/diagnose.ts';
import type { CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { parsePort } from './numbers.ts';

interface DoctorOptions extends CommonOptions {
  readonly port: number;
}

const signs = { ok: 'ok', warning: 'note', fault: 'FAULT' } as const;

/** `tenkyo doctor`: what is configured, reachable and missing; exit 1 on a fault. */
export const registerDoctor: RegisterCommand = (program, cli) => {
  withCommonOptions(
    program
      .command('doctor')
      .description('Looks at everything that is configured and says what is missing and what to do')
      .option('--port <number>', 'port that the local workspace would have', parsePort, 3000),
  ).action(async (options: DoctorOptions) => {
    const findings = await diagnose(() => cli.config(options), { port: options.port });
    const faults = findings.filter(({ state }) => state === 'fault');
    if (faults.length > 0) process.exitCode = 1;
    if (options.json) return cli.json({ ok: faults.length === 0, findings });
    cli.table([
      ['', 'What', 'Found'],
      ...findings.map(({ state, what, found }) => [signs[state], what, found.split('\n')[0] ?? '']),
    ]);
    for (const { state, what, found, remedy } of findings) {
      if (remedy === null) continue;
      cli.print('');
      cli.print(`${signs[state]}: ${what}`);
      for (const line of found.split('\n')) cli.print(`  ${line}`);
      cli.print(`  → ${remedy}`);
    }
    cli.print('');
    cli.print(
      faults.length === 0 ? 'Nothing stands in the way.' : `${faults.length} of ${findings.length} need mending.`,
    );
  });
};
