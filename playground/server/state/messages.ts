import type { Block, Reaction } from '../../protocol/messages.ts';
import type { Database, Row } from './database.ts';

export interface MessageMetadata {
  readonly event_type: string;
  readonly event_payload: Record<string, unknown>;
}

export interface StoredMessage {
  readonly channel: string;
  readonly ts: string;
  /** The root's `ts`; null for a root. */
  readonly threadTs: string | null;
  readonly user: string;
  readonly appId: string | null;
  readonly subtype: string | null;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly metadata: MessageMetadata | null;
  readonly edited: { readonly user: string; readonly ts: string } | null;
  readonly markdown: boolean;
  /** Until when its native stream takes text, milliseconds since the Unix epoch; null when it is no stream. */
  readonly streamUntil: number | null;
  readonly clientKey: string | null;
}

interface ThreadFacts {
  readonly count: number;
  readonly users: readonly string[];
  readonly latest: string | null;
}

/** A stretch of messages; `after` and `before` are left out of it. */
export interface Stretch {
  readonly after?: string;
  readonly before?: string;
  readonly limit: number;
  readonly newestFirst: boolean;
}

export interface Messages {
  add(message: StoredMessage): void;
  /** Writes what can change: text, blocks, metadata, edited, markdown, subtype, stream. */
  save(message: StoredMessage): void;
  remove(channel: string, ts: string): void;
  find(channel: string, ts: string): StoredMessage | undefined;
  /** Roots only. */
  roots(channel: string, stretch: Stretch): StoredMessage[];
  /** Without the root. */
  replies(channel: string, root: string, stretch: Stretch): StoredMessage[];
  thread(channel: string, root: string): ThreadFacts;
  /** Newest `ts` of a channel's roots, `''` when it is empty. */
  latest(channel: string): string;
  reactions(channel: string, ts: string): Reaction[];
  /** False when there was one. */
  react(channel: string, ts: string, name: string, user: string): boolean;
  /** False when there was none. */
  unreact(channel: string, ts: string, name: string, user: string): boolean;
  /** Streams that have not been stopped, living or lapsed. */
  openStreams(): StoredMessage[];
}

const toMessage = (row: Row): StoredMessage => ({
  channel: row.channel as string,
  ts: row.ts as string,
  threadTs: row.thread_ts as string | null,
  user: row.user as string,
  appId: row.app_id as string | null,
  subtype: row.subtype as string | null,
  text: row.text as string,
  blocks: JSON.parse(row.blocks as string) as Block[],
  metadata: row.metadata === null ? null : (JSON.parse(row.metadata as string) as MessageMetadata),
  edited: row.edited_ts === null ? null : { user: row.edited_by as string, ts: row.edited_ts as string },
  markdown: row.markdown === 1,
  streamUntil: row.stream_until as number | null,
  clientKey: row.client_key as string | null,
});

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

export const createMessages = (database: Database): Messages => {
  const stretchOf = (condition: string, values: string[], { after = '', before, limit, newestFirst }: Stretch) =>
    database
      .all(
        `select * from messages where ${condition} and ts > ? and ts < ?
         order by ts ${newestFirst ? 'desc' : 'asc'} limit ?`,
        ...values,
        after,
        before ?? '~',
        limit,
      )
      .map(toMessage);

  return {
    add: (message) => {
      database.run(
        `insert into messages (channel, ts, thread_ts, user, app_id, subtype, text, blocks, metadata, edited_by,
           edited_ts, markdown, stream_until, client_key) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        message.channel,
        message.ts,
        message.threadTs,
        message.user,
        message.appId,
        message.subtype,
        message.text,
        JSON.stringify(message.blocks),
        json(message.metadata),
        message.edited?.user ?? null,
        message.edited?.ts ?? null,
        message.markdown ? 1 : 0,
        message.streamUntil,
        message.clientKey,
      );
    },
    save: (message) => {
      database.run(
        `update messages set text = ?, blocks = ?, metadata = ?, edited_by = ?, edited_ts = ?, markdown = ?,
           subtype = ?, stream_until = ? where channel = ? and ts = ?`,
        message.text,
        JSON.stringify(message.blocks),
        json(message.metadata),
        message.edited?.user ?? null,
        message.edited?.ts ?? null,
        message.markdown ? 1 : 0,
        message.subtype,
        message.streamUntil,
        message.channel,
        message.ts,
      );
    },
    remove: (channel, ts) => {
      database.run('delete from reactions where channel = ? and ts = ?', channel, ts);
      database.run('delete from messages where channel = ? and ts = ?', channel, ts);
    },
    find: (channel, ts) => {
      const row = database.get('select * from messages where channel = ? and ts = ?', channel, ts);
      return row && toMessage(row);
    },
    roots: (channel, stretch) => stretchOf('channel = ? and thread_ts is null', [channel], stretch),
    replies: (channel, root, stretch) => stretchOf('channel = ? and thread_ts = ?', [channel, root], stretch),
    thread: (channel, root) => {
      const rows = database.all(
        'select user, max(ts) as last, count(*) as count, min(ts) as first from messages where channel = ? and thread_ts = ? group by user order by first',
        channel,
        root,
      );
      return {
        count: rows.reduce((sum, row) => sum + (row.count as number), 0),
        users: rows.map((row) => row.user as string),
        latest: rows.reduce<string | null>(
          (latest, row) => (latest === null || (row.last as string) > latest ? (row.last as string) : latest),
          null,
        ),
      };
    },
    latest: (channel) =>
      (database.get('select max(ts) as ts from messages where channel = ? and thread_ts is null', channel)?.ts ??
        '') as string,
    reactions: (channel, ts) => {
      const users = new Map<string, string[]>();
      for (const row of database.all(
        'select name, user from reactions where channel = ? and ts = ? order by sequence',
        channel,
        ts,
      )) {
        const name = row.name as string;
        users.set(name, [...(users.get(name) ?? []), row.user as string]);
      }
      return [...users].map(([name, list]) => ({ name, users: list }));
    },
    react: (channel, ts, name, user) =>
      database.run(
        'insert or ignore into reactions (channel, ts, name, user) values (?, ?, ?, ?)',
        channel,
        ts,
        name,
        user,
      ) > 0,
    unreact: (channel, ts, name, user) =>
      database.run(
        'delete from reactions where channel = ? and ts = ? and name = ? and user = ?',
        channel,
        ts,
        name,
        user,
      ) > 0,
    openStreams: () => database.all('select * from messages where stream_until is not null').map(toMessage),
  };
};
