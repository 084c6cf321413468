import type { Database } from './database.ts';

type SettingName = 'team_id' | 'team_name' | 'page_token' | 'default_channel' | 'default_person';

/** What the workspace is called and what opens it. */
export interface Settings {
  get(name: SettingName): string | undefined;
  set(name: SettingName, value: string): void;
}

export const createSettings = (database: Database): Settings => ({
  get: (name) => database.get('select value from settings where name = ?', name)?.value as string | undefined,
  set: (name, value) => {
    database.run('insert or replace into settings (name, value) values (?, ?)', name, value);
  },
});
