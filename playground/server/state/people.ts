import type { LocaleName } from '../../protocol/people.ts';
import type { Database, Row } from './database.ts';

/** A person or a bot user. */
export interface Member {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly locale: LocaleName;
  readonly isAdmin: boolean;
  /** For bot users: their app. */
  readonly appId: string | null;
  readonly color: string;
}

interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
}

export interface People {
  add(member: Member): void;
  find(id: string): Member | undefined;
  findByName(name: string): Member | undefined;
  /** Those who write by hand, then the bots; each in the order of their names. */
  list(): Member[];
  addGroup(group: UserGroup): void;
  groups(): UserGroup[];
}

const toMember = (row: Row): Member => ({
  id: row.id as string,
  name: row.name as string,
  displayName: row.display_name as string,
  locale: row.locale as LocaleName,
  isAdmin: row.is_admin === 1,
  appId: row.app_id as string | null,
  color: row.color as string,
});

export const createPeople = (database: Database): People => ({
  add: ({ id, name, displayName, locale, isAdmin, appId, color }) => {
    database.run(
      'insert into people (id, name, display_name, locale, is_admin, app_id, color) values (?, ?, ?, ?, ?, ?, ?)',
      id,
      name,
      displayName,
      locale,
      isAdmin ? 1 : 0,
      appId,
      color,
    );
  },
  find: (id) => {
    const row = database.get('select * from people where id = ?', id);
    return row && toMember(row);
  },
  findByName: (name) => {
    const row = database.get('select * from people where name = ?', name);
    return row && toMember(row);
  },
  list: () => database.all('select * from people order by app_id is not null, is_admin desc, name').map(toMember),
  addGroup: ({ id, handle, name, users }) => {
    database.run(
      'insert into user_groups (id, handle, name, users) values (?, ?, ?, ?)',
      id,
      handle,
      name,
      JSON.stringify(users),
    );
  },
  groups: () =>
    database.all('select * from user_groups order by handle').map((row) => ({
      id: row.id as string,
      handle: row.handle as string,
      name: row.name as string,
      users: JSON.parse(row.users as string) as string[],
    })),
});
