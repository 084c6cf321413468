import type { Database, Row } from './database.ts';

/** A view as the app gave it, checked. */
export type ViewBody = {
  readonly type: 'modal' | 'home';
  readonly blocks: readonly ({ readonly type: string; readonly block_id?: string } & Record<string, unknown>)[];
  readonly title?: { readonly text: string };
  readonly submit?: { readonly text: string };
  readonly close?: { readonly text: string };
  readonly callback_id?: string;
  readonly private_metadata?: string;
  readonly external_id?: string;
  readonly clear_on_close?: boolean;
  readonly notify_on_close?: boolean;
};

export interface StoredView {
  readonly id: string;
  readonly appId: string;
  readonly user: string;
  readonly rootId: string;
  readonly previousId: string | null;
  readonly hash: string;
  readonly body: ViewBody;
}

export interface Views {
  add(view: StoredView, opened: number): void;
  save(view: StoredView): void;
  find(id: string): StoredView | undefined;
  findByExternalId(appId: string, externalId: string): StoredView | undefined;
  findHome(appId: string, user: string): StoredView | undefined;
  /** The modals over one root, the lowest first. */
  stack(rootId: string): StoredView[];
  remove(id: string): void;
  /** A page that was reloaded leaves its modals behind. */
  removeModalsOpenedBefore(time: number): void;
}

const toView = (row: Row): StoredView => ({
  id: row.id as string,
  appId: row.app_id as string,
  user: row.user as string,
  rootId: row.root_id as string,
  previousId: row.previous_id as string | null,
  hash: row.hash as string,
  body: JSON.parse(row.body as string) as ViewBody,
});

export const createViews = (database: Database): Views => {
  const find = (condition: string, ...values: string[]): StoredView | undefined => {
    const row = database.get(`select * from views where ${condition}`, ...values);
    return row && toView(row);
  };
  return {
    add: ({ id, appId, user, rootId, previousId, hash, body }, opened) => {
      database.run(
        `insert into views (id, app_id, user, type, root_id, previous_id, external_id, hash, body, opened)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        id,
        appId,
        user,
        body.type,
        rootId,
        previousId,
        body.external_id ?? null,
        hash,
        JSON.stringify(body),
        opened,
      );
    },
    save: ({ id, hash, body }) => {
      database.run(
        'update views set hash = ?, body = ?, external_id = ? where id = ?',
        hash,
        JSON.stringify(body),
        body.external_id ?? null,
        id,
      );
    },
    find: (id) => find('id = ?', id),
    findByExternalId: (appId, externalId) => find('app_id = ? and external_id = ?', appId, externalId),
    findHome: (appId, user) => find("app_id = ? and user = ? and type = 'home'", appId, user),
    stack: (rootId) => {
      const above = new Map(
        database.all('select * from views where root_id = ?', rootId).map((row) => [row.previous_id, toView(row)]),
      );
      const stack: StoredView[] = [];
      for (let next = above.get(null); next; next = above.get(next.id)) stack.push(next);
      return stack;
    },
    remove: (id) => {
      database.run('delete from views where id = ?', id);
    },
    removeModalsOpenedBefore: (time) => {
      database.run("delete from views where type = 'modal' and opened < ?", time);
    },
  };
};
