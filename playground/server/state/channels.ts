import type { Clock } from '../../../src/clock.ts';
import type { Database, Row } from './database.ts';

export interface SuggestedPrompt {
  readonly title: string;
  readonly message: string;
}

export interface StoredChannel {
  readonly id: string;
  /** Empty for a direct message. */
  readonly name: string;
  readonly kind: 'channel' | 'im';
  readonly topic: string;
  /** Milliseconds since the Unix epoch. */
  readonly created: number;
  readonly members: readonly string[];
  readonly prompts: { readonly title: string | null; readonly prompts: readonly SuggestedPrompt[] } | null;
}

export interface Channels {
  add(channel: { id: string; name: string; kind: 'channel' | 'im'; topic: string; members: readonly string[] }): void;
  find(id: string): StoredChannel | undefined;
  findByName(name: string): StoredChannel | undefined;
  /** The direct messages between two, if they ever talked. */
  findDirect(one: string, other: string): StoredChannel | undefined;
  list(): StoredChannel[];
  isMember(channel: string, user: string): boolean;
  /** False when they were in it already. */
  join(channel: string, user: string): boolean;
  setPrompts(channel: string, prompts: StoredChannel['prompts']): void;
  readUpTo(channel: string, user: string): string;
  markRead(channel: string, user: string, ts: string): void;
  /** The next `seconds.6digits` of a channel: the clock's time, or a microsecond after the last one. */
  nextTs(channel: string): string;
}

const formatTs = (microseconds: number): string => {
  const digits = String(microseconds).padStart(16, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
};

export const createChannels = (database: Database, clock: Clock): Channels => {
  const toChannel = (row: Row): StoredChannel => ({
    id: row.id as string,
    name: row.name as string,
    kind: row.kind as 'channel' | 'im',
    topic: row.topic as string,
    created: row.created as number,
    members: database
      .all('select user from members where channel = ? order by user', row.id as string)
      .map((member) => member.user as string),
    prompts: row.prompts === null ? null : (JSON.parse(row.prompts as string) as StoredChannel['prompts']),
  });
  const join = (channel: string, user: string): boolean =>
    database.run('insert or ignore into members (channel, user) values (?, ?)', channel, user) > 0;

  return {
    add: ({ id, name, kind, topic, members }) => {
      database.run(
        'insert into channels (id, name, kind, topic, created, last_us) values (?, ?, ?, ?, ?, 0)',
        id,
        name,
        kind,
        topic,
        clock.now(),
      );
      for (const user of members) join(id, user);
    },
    find: (id) => {
      const row = database.get('select * from channels where id = ?', id);
      return row && toChannel(row);
    },
    findByName: (name) => {
      const row = database.get("select * from channels where name = ? and kind = 'channel'", name);
      return row && toChannel(row);
    },
    findDirect: (one, other) => {
      const row = database.get(
        `select channels.* from channels
           join members a on a.channel = channels.id and a.user = ?
           join members b on b.channel = channels.id and b.user = ?
         where kind = 'im'`,
        one,
        other,
      );
      return row && toChannel(row);
    },
    list: () => database.all("select * from channels order by kind = 'im', created, name").map(toChannel),
    isMember: (channel, user) =>
      database.get('select 1 from members where channel = ? and user = ?', channel, user) !== undefined,
    join,
    setPrompts: (channel, prompts) => {
      database.run('update channels set prompts = ? where id = ?', prompts && JSON.stringify(prompts), channel);
    },
    readUpTo: (channel, user) =>
      (database.get('select read_ts from members where channel = ? and user = ?', channel, user)?.read_ts ??
        '') as string,
    markRead: (channel, user, ts) => {
      database.run('update members set read_ts = max(read_ts, ?) where channel = ? and user = ?', ts, channel, user);
    },
    nextTs: (channel) => {
      const row = database.get(
        'update channels set last_us = max(last_us + 1, ?) where id = ? returning last_us',
        Math.floor(clock.now() * 1_000),
        channel,
      );
      return formatTs(row?.last_us as number);
    },
  };
};
