import type { AppsManifestCreateArguments } from '@slack/web-api';
import { Document, isScalar, isSeq } from 'yaml';
import type { AppConfig, Config } from '../../src/config/config.ts';
import { SUGGESTED_PROMPT_TITLE, SUGGESTED_PROMPTS } from '../../src/slack/limits.ts';
import { describeApp } from '../local-app.ts';
import { botEvents, botScopes, type NamedGroups, type ScopeNeed } from './needs.ts';

export interface ManifestOptions extends NamedGroups {
  readonly app: Pick<AppConfig, 'name' | 'roles'>;
  /** Where Slack sends events to, https; null: Socket Mode, no address is needed. */
  readonly requestUrl: string | null;
  readonly suggestions: Config['suggestions'];
}

type ScopeList = NonNullable<NonNullable<NonNullable<Manifest['oauth_config']>['scopes']>['bot']>;
type EventList = NonNullable<NonNullable<NonNullable<Manifest['settings']>['event_subscriptions']>['bot_events']>;

type Manifest = AppsManifestCreateArguments['manifest'];
/** Slack's own limits, https://docs.slack.dev/reference/app-manifest. */
const longestName = 35;

/** The manifest of an app, as https://api.slack.com/apps takes it under “From a manifest”. */
export const createManifest = ({ app, admins, corpora, requestUrl, suggestions }: ManifestOptions): Manifest => {
  const { name, description, commands, shortcuts } = describeApp(app);
  const url = requestUrl === null ? {} : { url: requestUrl };
  const request = requestUrl === null ? {} : { request_url: requestUrl };
  const events = botEvents(app.roles);
  const prompts = suggestions
    .slice(0, SUGGESTED_PROMPTS)
    .map(({ text }) => ({ title: text.slice(0, SUGGESTED_PROMPT_TITLE), message: text }));
  return {
    display_information: { name: name.slice(0, longestName), description },
    features: {
      // A chat of its own beside the channels; the older assistant_view is closed to new apps.
      ...(app.roles.includes('model') && {
        agent_view: { agent_description: description, ...(prompts.length > 0 && { suggested_prompts: prompts }) },
      }),
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: name, always_online: false },
      ...(commands.length > 0 && {
        slash_commands: commands.map((command) => ({
          command: command.name,
          description: command.description,
          usage_hint: command.usageHint,
          // People and channels come as ids: a name may be anybody's.
          should_escape: true,
          ...url,
        })),
      }),
      ...(shortcuts.length > 0 && {
        shortcuts: shortcuts.map((shortcut) => ({
          type: 'message' as const,
          name: shortcut.name,
          callback_id: shortcut.callbackId,
          description: shortcut.description,
        })),
      }),
    },
    oauth_config: { scopes: { bot: botScopes(app.roles, { admins, corpora }).map(({ scope }) => scope) as ScopeList } },
    settings: {
      ...(events.length > 0 && { event_subscriptions: { ...request, bot_events: events as EventList } }),
      interactivity: { is_enabled: true, ...request },
      org_deploy_enabled: false,
      socket_mode_enabled: requestUrl === null,
      token_rotation_enabled: false,
    },
  };
};

/** The manifest as YAML, each scope with what it is for beside it: Slack reads past comments. */
export const manifestText = (manifest: Manifest, scopes: readonly ScopeNeed[]): string => {
  const document = new Document(manifest);
  const list = document.getIn(['oauth_config', 'scopes', 'bot']);
  for (const item of isSeq(list) ? list.items : []) {
    if (isScalar(item)) item.comment = ` ${scopes.find(({ scope }) => scope === item.value)?.why}`;
  }
  return document.toString({ lineWidth: 0 });
};
