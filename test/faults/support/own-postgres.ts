import { execFile } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

/** A PostgreSQL server of the test's own, to be restarted. */
export interface OwnPostgres {
  readonly url: string;
  /** Breaks off everything as a crash does, and starts again on the same files. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const versions = '/usr/lib/postgresql';

/** The account that the server runs as: it refuses root. */
const idOf = (name: string): { uid: number; gid: number } => {
  const [, , uid, gid] = (readFileSync('/etc/passwd', 'utf8').match(new RegExp(`^${name}:.*$`, 'm'))?.[0] ?? '').split(
    ':',
  );
  return { uid: Number(uid), gid: Number(gid) };
};

export const openOwnPostgres = async (): Promise<OwnPostgres> => {
  const folder = mkdtempSync(join(tmpdir(), 'tenkyo-postgres-'));
  const data = join(folder, 'data');
  const account = process.getuid?.() === 0 ? idOf('nobody') : null;
  if (account) chownSync(folder, account.uid, account.gid);
  const newest =
    readdirSync(versions)
      .sort((one, other) => Number(one) - Number(other))
      .at(-1) ?? '';
  const run = async (program: string, ...args: string[]): Promise<void> => {
    await promisify(execFile)(join(versions, newest, 'bin', program), ['-D', data, ...args], {
      cwd: folder,
      ...account,
    });
  };
  const port = await freePort();
  await run('initdb', '-U', 'tenkyo', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync');
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -k ''`;
  const log = join(folder, 'log');
  await run('pg_ctl', 'start', '-w', '-l', log, '-o', settings);
  return {
    url: `postgresql://tenkyo@127.0.0.1:${port}/postgres`,
    restart: () => run('pg_ctl', 'restart', '-w', '-m', 'immediate', '-l', log, '-o', settings),
    close: async () => {
      await run('pg_ctl', 'stop', '-w', '-m', 'immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
