import type { InstalledApp } from '../state/apps.ts';
import type { Workspace } from '../workspace.ts';

export type SlackEvent = { readonly type: string; readonly event_ts: string } & Record<string, unknown>;

/**
 * Records an event for an app, in the transaction of what caused it, and wakes the delivery after the commit: an event
 * is never lost between the two, nor sent for what was rolled back.
 * Outer shape: https://docs.slack.dev/apis/events-api/#callback-field
 */
export const sendEvent = (workspace: Workspace, app: InstalledApp, event: SlackEvent): void => {
  const { store, team, ids, clock, delivery } = workspace;
  const now = clock.now();
  const eventId = ids.of('Ev');
  store.pendingEvents.add({
    appId: app.id,
    eventId,
    created: now,
    payload: {
      token: 'local',
      team_id: team.id,
      context_team_id: team.id,
      context_enterprise_id: null,
      api_app_id: app.id,
      event,
      type: 'event_callback',
      event_id: eventId,
      event_time: Math.floor(now / 1_000),
      authorizations: [
        { enterprise_id: null, team_id: team.id, user_id: app.userId, is_bot: true, is_enterprise_install: false },
      ],
      is_ext_shared_channel: false,
    },
  });
  store.afterCommit(() => delivery.wake(app.id));
};

/** The installed apps whose bot is in the channel: only they hear of it. */
export const appsIn = ({ store }: Workspace, channel: string): InstalledApp[] =>
  store.apps.list().filter((app) => store.channels.isMember(channel, app.userId));
