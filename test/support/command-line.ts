import { resolve } from 'node:path';
import { Command } from 'commander';
import type { Cli, RegisterCommand } from '../../main/cli/cli.ts';
import { loadConfig } from '../../src/config/load.ts';

export interface CommandOutcome {
  readonly lines: readonly string[];
  readonly tables: readonly (readonly (readonly string[])[])[];
  readonly json: readonly unknown[];
  readonly notes: readonly string[];
  /** What the command set; 0 when it set nothing. */
  readonly exitCode: number;
}

/** Runs a sub-command as the terminal would, on the demonstration's configuration, and gives what it printed. */
export const runCommand = async (register: RegisterCommand, ...args: readonly string[]): Promise<CommandOutcome> => {
  const [lines, tables, json, notes]: [string[], CommandOutcome['tables'][number][], unknown[], string[]] = [
    [],
    [],
    [],
    [],
  ];
  const cli: Cli = {
    env: {},
    cwd: process.cwd(),
    print: (line) => void lines.push(line),
    json: (value) => void json.push(JSON.parse(JSON.stringify(value))),
    table: (rows) => void tables.push(rows),
    note: (line) => void notes.push(line),
    lines: async (all) => {
      const before = lines.length;
      for await (const line of all) lines.push(line);
      return lines.length - before;
    },
    config: async ({ config, data }) =>
      loadConfig({ file: config, data, demonstration: resolve('demo/tenkyo.yaml'), cwd: process.cwd(), env: {} }),
  };
  const program = new Command('tenkyo').exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  register(program, cli);
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await program.parseAsync([...args], { from: 'user' });
    return { lines, tables, json, notes, exitCode: Number(process.exitCode ?? 0) };
  } finally {
    process.exitCode = before;
  }
};
