#!/usr/bin/env node
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import dotenv from 'dotenv';
import { loadConfig } from '../../src/config/load.ts';
import { asTenkyoError, describeError, type ErrorCode } from '../../src/errors.ts';
import { registerAsk } from './ask.ts';
import { registerBots } from './bots.ts';
import type { Cli } from './cli.ts';
import { registerDoctor } from './doctor.ts';
import { registerEvalCompare } from './eval-compare.ts';
import { registerEvalGrounding } from './eval-grounding.ts';
import { registerEvalRetrieval } from './eval-retrieval.ts';
import { registerExport } from './export.ts';
import { registerIndex } from './index-command.ts';
import { registerManifest } from './manifest.ts';
import { terminalOutput } from './output.ts';
import { packageFacts } from './package-facts.ts';
import { registerPlayground } from './playground.ts';
import { registerRuns } from './runs.ts';
import { registerSearch } from './search.ts';
import { registerTrace } from './trace.ts';
import { registerTraceText } from './trace-text.ts';
import { registerUp } from './up.ts';
import { registerVerify } from './verify.ts';
import { registerWorkers } from './workers.ts';

/** Wrong usage or configuration: the person can mend it and start again. Everything else is exit 1. */
const mendable: readonly ErrorCode[] = [
  'usage',
  'config_invalid',
  'node_too_old',
  'port_in_use',
  'data_locked',
  'data_version',
  'file_missing',
  'file_corrupt',
  'index_missing',
  'index_mismatch',
];

const createCli = (packageRoot: string): Cli => {
  const cwd = process.cwd();
  dotenv.config({ path: resolve(cwd, '.env'), quiet: true });
  return {
    env: process.env,
    cwd,
    ...terminalOutput(process.stdout, process.stderr),
    config: async ({ config, data }) =>
      loadConfig({
        file: config,
        data,
        demonstration: resolve(packageRoot, 'demo/tenkyo.yaml'),
        cwd,
        env: process.env,
      }),
  };
};

const main = async (): Promise<void> => {
  const { root, version } = packageFacts();
  const program = new Command('tenkyo')
    .version(version)
    .description("Chat with your lab's model in Slack, and see what it read in training.")
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows how it is used)');
  const cli = createCli(root);
  for (const register of [
    registerUp,
    registerBots,
    registerWorkers,
    registerPlayground,
    registerIndex,
    registerSearch,
    registerTrace,
    registerTraceText,
    registerVerify,
    registerRuns,
    registerAsk,
    registerEvalRetrieval,
    registerEvalGrounding,
    registerEvalCompare,
    registerExport,
    registerManifest,
    registerDoctor,
  ]) {
    register(program, cli);
  }
  // A wait between two tries keeps no process alive by itself, and between two requests nothing else may.
  const alive = setInterval(() => undefined, 2 ** 30);
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed its message; asking for help or the version is no error.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    cli.note(describeError(error));
    if (process.env.TENKYO_DEBUG) cli.note(String(asTenkyoError(error).cause ?? (error as Error).stack));
    process.exitCode = mendable.includes(asTenkyoError(error).code) ? 2 : 1;
  } finally {
    clearInterval(alive);
  }
};

await main();
