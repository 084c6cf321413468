import type { Database } from './database.ts';

/** What an agent calls a thread. */
export interface ThreadTitles {
  set(channel: string, threadTs: string, title: string): void;
  get(channel: string, threadTs: string): string | null;
}

export const createThreadTitles = (database: Database): ThreadTitles => ({
  set: (channel, threadTs, title) => {
    database.run(
      'insert or replace into thread_titles (channel, thread_ts, title) values (?, ?, ?)',
      channel,
      threadTs,
      title,
    );
  },
  get: (channel, threadTs) =>
    (database.get('select title from thread_titles where channel = ? and thread_ts = ?', channel, threadTs)?.title ??
      null) as string | null,
});
