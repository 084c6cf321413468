import { VIEW_STACK } from '../../../src/slack/limits.ts';
import { checkView } from '../checks/check-view.ts';
import { nameBlocks } from '../checks/name-blocks.ts';
import { pageView } from '../live/page-view.ts';
import { SlackFault } from '../slack-fault.ts';
import type { StoredView, ViewBody } from '../state/views.ts';
import type { Workspace } from '../workspace.ts';

/** The view of a call or of an acknowledgement, checked, its blocks named. */
export const readView = (workspace: Workspace, value: Record<string, unknown>, type: 'modal' | 'home'): ViewBody => {
  const checked = checkView(value, type);
  if ('error' in checked) throw new SlackFault(checked.error, checked.faults);
  return { ...checked.body, blocks: nameBlocks(checked.body.blocks, workspace.ids) };
};

const newHash = ({ clock, ids }: Workspace): string => `${Math.floor(clock.now() / 1_000)}.${ids.short()}`;

const claimExternalId = ({ store }: Workspace, appId: string, body: ViewBody, owner: string | null): void => {
  if (!body.external_id) return;
  const other = store.views.findByExternalId(appId, body.external_id);
  if (other && other.id !== owner) throw new SlackFault('duplicate_external_id');
};

/** Opens a modal for a person, over `previous` or as the first. */
export const openView = (
  workspace: Workspace,
  { appId, user, body, previous }: { appId: string; user: string; body: ViewBody; previous: StoredView | null },
): StoredView => {
  const { store, ids, clock, live } = workspace;
  return store.transaction(() => {
    claimExternalId(workspace, appId, body, null);
    if (previous && store.views.stack(previous.rootId).length >= VIEW_STACK) throw new SlackFault('push_limit_reached');
    const id = ids.of('V');
    const view: StoredView = {
      id,
      appId,
      user,
      rootId: previous?.rootId ?? id,
      previousId: previous?.id ?? null,
      hash: newHash(workspace),
      body,
    };
    store.views.add(view, clock.now());
    store.afterCommit(() => live.send([user], { type: 'view_opened', view: pageView(view) }));
    return view;
  });
};

export const updateView = (workspace: Workspace, view: StoredView, body: ViewBody): StoredView => {
  const { store, live } = workspace;
  return store.transaction(() => {
    claimExternalId(workspace, view.appId, body, view.id);
    const updated: StoredView = { ...view, body, hash: newHash(workspace) };
    store.views.save(updated);
    store.afterCommit(() => live.send([view.user], { type: 'view_updated', view: pageView(updated) }));
    return updated;
  });
};

/** The Home tab of an app as one person sees it. */
export const publishHome = (workspace: Workspace, appId: string, user: string, body: ViewBody): StoredView => {
  const { store, ids, clock, live } = workspace;
  return store.transaction(() => {
    const known = store.views.findHome(appId, user);
    claimExternalId(workspace, appId, body, known?.id ?? null);
    const id = known?.id ?? ids.of('V');
    const view: StoredView = { id, appId, user, rootId: id, previousId: null, hash: newHash(workspace), body };
    if (known) store.views.save(view);
    else store.views.add(view, clock.now());
    const app = store.apps.find(appId)?.userId;
    if (app) store.afterCommit(() => live.send([user], { type: 'home_published', app, view: pageView(view) }));
    return view;
  });
};

/** Closes a modal and those above it, or with `all` the whole stack. Answers with what was closed, the top first. */
export const closeViews = (workspace: Workspace, view: StoredView, { all }: { all: boolean }): StoredView[] => {
  const { store, live } = workspace;
  return store.transaction(() => {
    const stack = store.views.stack(view.rootId);
    const closed = stack.slice(all ? 0 : stack.findIndex(({ id }) => id === view.id)).reverse();
    for (const { id, user } of closed) {
      store.views.remove(id);
      store.afterCommit(() => live.send([user], { type: 'view_closed', viewId: id }));
    }
    return closed;
  });
};
