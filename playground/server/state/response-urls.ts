import type { Database } from './database.ts';

/** What an app may still say about one interaction, through the address that came with it. */
export interface ResponseUrl {
  readonly appId: string;
  readonly channel: string;
  readonly user: string;
  /** The message that the interaction was in. */
  readonly messageTs: string | null;
  readonly uses: number;
  /** Milliseconds since the Unix epoch. */
  readonly expires: number;
}

export interface ResponseUrls {
  add(secret: string, url: Omit<ResponseUrl, 'uses'>): void;
  find(secret: string): ResponseUrl | undefined;
  use(secret: string): void;
  removeExpired(now: number): void;
}

export const createResponseUrls = (database: Database): ResponseUrls => ({
  add: (secret, { appId, channel, user, messageTs, expires }) => {
    database.run(
      'insert into response_urls (secret, app_id, channel, user, message_ts, expires) values (?, ?, ?, ?, ?, ?)',
      secret,
      appId,
      channel,
      user,
      messageTs,
      expires,
    );
  },
  find: (secret) => {
    const row = database.get('select * from response_urls where secret = ?', secret);
    return (
      row && {
        appId: row.app_id as string,
        channel: row.channel as string,
        user: row.user as string,
        messageTs: row.message_ts as string | null,
        uses: row.uses as number,
        expires: row.expires as number,
      }
    );
  },
  use: (secret) => {
    database.run('update response_urls set uses = uses + 1 where secret = ?', secret);
  },
  removeExpired: (now) => {
    database.run('delete from response_urls where expires < ?', now);
  },
});
