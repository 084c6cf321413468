import type { Database, Row } from './database.ts';

/** A file that somebody sent; its bytes are asked for apart. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly mimetype: string;
  readonly size: number;
  /** Who sent it. */
  readonly user: string;
  /** Milliseconds since the Unix epoch. */
  readonly created: number;
}

export interface Files {
  add(file: StoredFile, bytes: Uint8Array): void;
  find(id: string): StoredFile | undefined;
  bytes(id: string): Uint8Array | undefined;
  /** Those of a message, in order. */
  of(channel: string, ts: string): StoredFile[];
  attach(channel: string, ts: string, ids: readonly string[]): void;
  /** Where it was shared. */
  channels(id: string): string[];
  /** A message is gone, and with it what nobody else shows. */
  detach(channel: string, ts: string): void;
}

const toFile = (row: Row): StoredFile => ({
  id: row.id as string,
  name: row.name as string,
  mimetype: row.mimetype as string,
  size: row.size as number,
  user: row.user as string,
  created: row.created as number,
});

const columns = 'id, name, mimetype, size, user, created';

export const createFiles = (database: Database): Files => ({
  add: ({ id, name, mimetype, size, user, created }, bytes) => {
    database.run(
      `insert into files (${columns}, bytes) values (?, ?, ?, ?, ?, ?, ?)`,
      id,
      name,
      mimetype,
      size,
      user,
      created,
      bytes,
    );
  },
  find: (id) => {
    const row = database.get(`select ${columns} from files where id = ?`, id);
    return row && toFile(row);
  },
  bytes: (id) => database.get('select bytes from files where id = ?', id)?.bytes as unknown as Uint8Array | undefined,
  of: (channel, ts) =>
    database
      .all(
        `select ${columns} from files join message_files on file = id where channel = ? and ts = ? order by position`,
        channel,
        ts,
      )
      .map(toFile),
  attach: (channel, ts, ids) => {
    for (const [position, id] of ids.entries()) {
      database.run(
        'insert into message_files (channel, ts, position, file) values (?, ?, ?, ?)',
        channel,
        ts,
        position,
        id,
      );
    }
  },
  channels: (id) =>
    database.all('select distinct channel from message_files where file = ?', id).map((row) => row.channel as string),
  detach: (channel, ts) => {
    const files = database.all('select file from message_files where channel = ? and ts = ?', channel, ts);
    database.run('delete from message_files where channel = ? and ts = ?', channel, ts);
    for (const { file } of files) {
      database.run('delete from files where id = ? and id not in (select file from message_files)', file as string);
    }
  },
});
