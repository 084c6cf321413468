import { once } from 'node:events';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Config, ListenAddress } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';
import { lockDirectory } from '../../src/store/pglite/directory-lock.ts';
import { nodeProblem } from '../cli/node-version.ts';
import { openDataDirectory } from '../compose/data-directory.ts';
import { isEmbedded } from '../compose/records.ts';
import { examine, type Finding } from './finding.ts';

export const checkNode = (version = process.versions.node): Promise<Finding> =>
  examine('process', 'Node', () => {
    if (nodeProblem(version) === null) return version;
    throw new TenkyoError('node_too_old', 'Node is too old', {
      expected: '24 or newer',
      found: version,
      remedy: 'Install Node 24 from https://nodejs.org.',
    });
  });

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The process number of a living `up` that has this data directory; null: none. */
const livingUp = (file: string): number | null => {
  if (!existsSync(file)) return null;
  const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number };
  return isAlive(pid) ? pid : null;
};

export const checkData = async (
  config: Pick<Config, 'dataDirectory' | 'redis' | 'database'>,
): Promise<{ finding: Finding; running: number | null }> => {
  let running: number | null = null;
  const finding = await examine('data', 'data directory', () => {
    const paths = openDataDirectory(config.dataDirectory);
    try {
      accessSync(paths.root, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (cause) {
      throw new TenkyoError('config_invalid', 'the data directory cannot be written to', {
        where: paths.root,
        found: (cause as NodeJS.ErrnoException).code,
        remedy: 'Name a folder that you may write to, with --data or TENKYO_DATA.',
        cause,
      });
    }
    running = livingUp(paths.process);
    if (running !== null) return `${paths.root}, in use by a living Tenkyo (process ${running})`;
    // With records and queues on servers, any number of processes share it.
    if (isEmbedded(config)) lockDirectory(paths.database).release();
    return paths.root;
  });
  return { finding, running };
};

const canListen = async ({ host, port }: ListenAddress, setting: string): Promise<string> => {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new TenkyoError(code === 'EADDRINUSE' ? 'port_in_use' : 'config_invalid', 'the port cannot be opened', {
      where: `${host}:${port}`,
      found: code === 'EADDRINUSE' ? 'another program uses it' : code,
      remedy: `Stop the other program, or give another address with ${setting}.`,
      cause,
    });
  }
  server.close();
  await once(server, 'close');
  return `${host}:${port} is free`;
};

/** The ports that `up` would open; none while a living one has them. */
export const checkPorts = async (
  config: Pick<Config, 'apps' | 'slack' | 'operator'>,
  { port, running }: { port: number; running: boolean },
): Promise<Finding[]> => {
  if (running) return [];
  const local = config.apps.some(({ tokens }) => tokens === null);
  const { slack, operator } = config;
  const ports: [string, ListenAddress, string][] = [
    ...(local ? ([['port of the local workspace', { host: '127.0.0.1', port }, '--port']] as const) : []),
    ...(!local && slack.receive === 'http'
      ? ([['port for requests from Slack', slack.listen, 'SLACK_LISTEN']] as const)
      : []),
    ...(operator ? ([['port of the operator', operator.listen, 'OPERATOR_LISTEN']] as const) : []),
  ].map((each) => [...each]);
  return Promise.all(
    ports.map(([what, listen, setting]) => examine('process', what, () => canListen(listen, setting))),
  );
};
