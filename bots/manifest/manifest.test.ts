import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { AppRole } from '../../src/config/config.ts';
import { createManifest, manifestText } from './manifest.ts';
import { botEvents, botScopes, legacyEvents, scopeless, scopelessEvents, scopeNeeds } from './needs.ts';

const everyRole: readonly AppRole[] = ['model', 'search', 'admin'];
const noGroups = { admins: { userGroup: null }, corpora: [{ visibility: 'everyone' }] } as const;
const manifestOf = (roles: readonly AppRole[], requestUrl: string | null = null, userGroup: string | null = null) =>
  createManifest({
    app: { name: 'our-app', roles },
    admins: { userGroup },
    corpora: [],
    requestUrl,
    suggestions: [{ locale: 'en', text: 'Why?' }],
  });

/** The code that talks to Slack, tests and this folder left out. */
const sources = ['bots', 'src/delivery', 'src/slack'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => join(folder, file))
    .filter((file) => !file.startsWith('bots/manifest/'))
    .map((file) => readFileSync(file, 'utf8')),
);
const found = (pattern: RegExp): string[] => [
  ...new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, name]) => name!))),
];

describe('the manifest and the code', () => {
  const methods = [
    ...found(/\bclient\s*\.((?:[a-z]\w*\.)+[a-z]\w*)\(/g),
    ...found(/\bcall\(\s*'([a-z]\w*(?:\.\w+)+)'/g),
    ...found(/\bapiCall\(\s*'([a-z]\w*(?:\.\w+)+)'/g),
    ...found(/^\s*'([a-z]\w*(?:\.\w+)+)': \[/gm),
  ];
  const events = found(/\bbolt\.event\(\s*'([a-z_.]+)'/g);

  it('finds what the code calls', () => {
    expect(methods.length).toBeGreaterThan(12);
    for (const method of ['chat.startStream', 'conversations.replies', 'usergroups.users.list', 'views.open']) {
      expect(methods).toContain(method);
    }
    expect(events).toEqual(expect.arrayContaining(['app_mention', 'message', 'reaction_added']));
  });

  it('asks for a scope for every method, or the method needs none (else: add it in bots/manifest/needs.ts)', () => {
    const known = new Set([...scopeNeeds.flatMap((need) => need.methods), ...scopeless]);
    expect(methods.filter((method) => !known.has(method))).toEqual([]);
  });

  it('names no method that nothing calls (else: take it out of bots/manifest/needs.ts)', () => {
    const named = [...scopeNeeds.flatMap((need) => need.methods), ...scopeless];
    expect(named.filter((method) => !methods.includes(method))).toEqual([]);
  });

  it('subscribes to what is listened to, and to nothing else', () => {
    const subscribed = botEvents(everyRole).map((event) => event.replace(/^message\..*/, 'message'));
    expect([...new Set([...subscribed, ...legacyEvents])].toSorted()).toEqual(events.toSorted());
  });

  it('asks for no scope without a use', () => {
    for (const { scope, methods: used, events: heard, why } of scopeNeeds) {
      expect(why.length).toBeGreaterThan(20);
      expect([scope, used.length + heard.length > 0 || scope === 'commands']).toEqual([scope, true]);
    }
    const heard = new Set(scopeNeeds.flatMap(({ events: needed }) => needed));
    expect(botEvents(everyRole).filter((event) => !heard.has(event))).toEqual(scopelessEvents);
  });

  it('gives every role the scopes of its events', () => {
    for (const role of everyRole) {
      const scopes = botScopes([role], noGroups);
      for (const event of botEvents([role]).filter((one) => !scopelessEvents.includes(one))) {
        expect([role, event, scopes.some((need) => need.events.includes(event))]).toEqual([role, event, true]);
      }
    }
  });
});

describe('the manifest', () => {
  it('is smaller for an app that does less', () => {
    const scopes = (roles: readonly AppRole[], userGroup: string | null = null) =>
      manifestOf(roles, null, userGroup).oauth_config?.scopes?.bot ?? [];
    expect(scopes(['model'])).not.toContain('commands');
    expect(scopes(['model'])).not.toContain('channels:read');
    expect(scopes(['admin'])).toEqual(['chat:write', 'channels:read', 'groups:read', 'users:read', 'commands']);
    expect(scopes(['admin'], 'S1')).toContain('usergroups:read');
    expect(manifestOf(['search']).features).not.toHaveProperty('agent_view');
    expect(manifestOf(['admin']).settings?.event_subscriptions?.bot_events).toEqual(['app_home_opened']);
  });

  it('asks for the members of user groups where a corpus is for some of them alone', () => {
    const scopes = (userGroups: readonly string[]) =>
      botScopes(['search'], { ...noGroups, corpora: [{ visibility: { channels: ['C1'], userGroups } }] });
    const groups = expect.objectContaining({ scope: 'usergroups:read' });
    expect(scopes(['S1'])).toContainEqual(groups);
    expect(scopes([])).not.toContainEqual(groups);
  });

  it('is for Socket Mode, or for requests to an address', () => {
    expect(manifestOf(everyRole).settings).toMatchObject({
      socket_mode_enabled: true,
      interactivity: { is_enabled: true },
    });
    expect(JSON.stringify(manifestOf(everyRole))).not.toContain('url');
    const url = 'https://bots.example.org/slack/our-app/events';
    const { settings, features } = manifestOf(everyRole, url);
    expect(settings).toMatchObject({
      socket_mode_enabled: false,
      interactivity: { request_url: url },
      event_subscriptions: { request_url: url },
    });
    expect(features?.slash_commands?.map((command) => command.url)).toEqual([url]);
  });

  it("keeps Slack's limits", () => {
    const manifest = createManifest({
      app: { name: `a${'b'.repeat(60)}`, roles: everyRole },
      ...noGroups,
      requestUrl: null,
      suggestions: Array.from({ length: 9 }, () => ({ locale: 'ja' as const, text: '長'.repeat(300) })),
    });
    expect(manifest.display_information.name.length).toBeLessThanOrEqual(35);
    expect(manifest.display_information.description?.length).toBeLessThanOrEqual(140);
    expect(manifest.features?.agent_view?.agent_description?.length).toBeLessThanOrEqual(300);
    expect(manifest.features?.agent_view?.suggested_prompts).toHaveLength(4);
    expect(manifest.features?.bot_user?.display_name).toMatch(/^[a-z0-9._-]{1,80}$/);
  });

  it('is YAML that says beside each scope what it is for', () => {
    const manifest = manifestOf(everyRole, null, 'S1');
    const scopes = botScopes(everyRole, { ...noGroups, admins: { userGroup: 'S1' } });
    const text = manifestText(manifest, scopes);
    expect(parse(text)).toEqual(manifest);
    for (const { scope, why } of scopes) expect(text).toContain(`- ${scope} # ${why}`);
  });
});
