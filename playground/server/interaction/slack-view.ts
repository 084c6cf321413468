import type { StoredView } from '../state/views.ts';
import type { Workspace } from '../workspace.ts';

/** Inputs as they stand: block_id → action_id → value. */
export type ViewState = Record<string, Record<string, unknown>>;

/** A view as apps get it back: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export const slackView = (
  { team, store }: Workspace,
  view: StoredView,
  state: ViewState = {},
): Record<string, unknown> => {
  const { body, id, rootId, previousId, hash, appId } = view;
  const app = store.apps.find(appId);
  return {
    ...body,
    id,
    team_id: team.id,
    private_metadata: body.private_metadata ?? '',
    callback_id: body.callback_id ?? '',
    external_id: body.external_id ?? '',
    title: body.title ?? null,
    submit: body.submit ?? null,
    close: body.close ?? null,
    clear_on_close: body.clear_on_close ?? false,
    notify_on_close: body.notify_on_close ?? false,
    state: { values: state },
    hash,
    root_view_id: rootId,
    previous_view_id: previousId,
    app_id: appId,
    app_installed_team_id: team.id,
    bot_id: app?.botId ?? '',
  };
};
