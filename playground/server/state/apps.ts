import type { LocalApp } from '../options.ts';
import type { Database, Row } from './database.ts';

/** An app as the workspace keeps it. */
export interface InstalledApp extends LocalApp {
  readonly id: string;
  readonly userId: string;
  readonly botId: string;
  readonly botToken: string;
  readonly appToken: string;
  /** False for one that is in the file but no longer among the options: its tokens open nothing. */
  readonly installed: boolean;
}

export interface Apps {
  add(app: InstalledApp): void;
  /** Takes over what the options say of an app that the file already has. */
  describe(app: LocalApp): void;
  /** Marks as installed exactly those named. */
  install(names: readonly string[]): void;
  find(id: string): InstalledApp | undefined;
  findByName(name: string): InstalledApp | undefined;
  findByToken(token: string): { app: InstalledApp; kind: 'bot' | 'app' } | undefined;
  /** The installed ones, in the order of their names. */
  list(): InstalledApp[];
}

const toApp = (row: Row): InstalledApp => ({
  id: row.id as string,
  name: row.name as string,
  userId: row.user_id as string,
  botId: row.bot_id as string,
  botToken: row.bot_token as string,
  appToken: row.app_token as string,
  description: row.description as string,
  commands: JSON.parse(row.commands as string) as LocalApp['commands'],
  shortcuts: JSON.parse(row.shortcuts as string) as LocalApp['shortcuts'],
  installed: row.installed === 1,
});

export const createApps = (database: Database): Apps => {
  const find = (sql: string, value: string): InstalledApp | undefined => {
    const row = database.get(sql, value);
    return row && toApp(row);
  };
  return {
    add: (app) => {
      database.run(
        `insert into apps (id, name, user_id, bot_id, bot_token, app_token, description, commands, shortcuts, installed)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        app.id,
        app.name,
        app.userId,
        app.botId,
        app.botToken,
        app.appToken,
        app.description,
        JSON.stringify(app.commands),
        JSON.stringify(app.shortcuts),
        app.installed ? 1 : 0,
      );
    },
    describe: ({ name, description, commands, shortcuts }) => {
      database.run(
        'update apps set description = ?, commands = ?, shortcuts = ? where name = ?',
        description,
        JSON.stringify(commands),
        JSON.stringify(shortcuts),
        name,
      );
    },
    install: (names) => {
      database.run('update apps set installed = name in (select value from json_each(?))', JSON.stringify(names));
    },
    find: (id) => find('select * from apps where id = ?', id),
    findByName: (name) => find('select * from apps where name = ?', name),
    findByToken: (token) => {
      const asBot = find('select * from apps where bot_token = ?', token);
      if (asBot) return { app: asBot, kind: 'bot' };
      const asApp = find('select * from apps where app_token = ?', token);
      return asApp && { app: asApp, kind: 'app' };
    },
    list: () => database.all('select * from apps where installed = 1 order by name').map(toApp),
  };
};
