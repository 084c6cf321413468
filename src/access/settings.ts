import type { Clock } from '../clock.ts';
import type { Quota, Setting, SettingKind, SettingValues } from '../store/admin-records.ts';
import type { SettingsRepository } from '../store/admin-store.ts';
import { createCache } from './cache.ts';

/** What admins have set in one workspace. */
export interface TeamSettings {
  /** null: nothing is set. */
  value<Kind extends SettingKind>(kind: Kind, key: string): Setting<Kind> | null;
  list<Kind extends SettingKind>(kind: Kind): readonly Setting<Kind>[];
}

export interface Settings {
  /** As of at most two seconds ago: other processes change them too. */
  of(team: string): Promise<TeamSettings>;
  /** After a change here: the next look sees it. */
  forget(): void;
}

const keepMs = 2_000;

/** The key of the quota that everybody has who has none of their own. */
export const everybody = 'everybody';

const teamSettings = (rows: readonly Setting[]): TeamSettings => {
  const list = <Kind extends SettingKind>(kind: Kind) => rows.filter((row): row is Setting<Kind> => row.kind === kind);
  return { list, value: (kind, key) => list(kind).find((row) => row.key === key) ?? null };
};

export const createSettings = ({
  repository,
  clock,
}: {
  readonly repository: Pick<SettingsRepository, 'all'>;
  readonly clock: Clock;
}): Settings => {
  const cache = createCache({ clock, keepMs, load: async (team: string) => teamSettings(await repository.all(team)) });
  return { of: cache.get, forget: cache.clear };
};

/** A person's quota: their own, else everybody's, else the configured one. */
export const quotaOf = (settings: TeamSettings, user: string, configured: Quota): Quota =>
  (settings.value('quota', user) ?? settings.value('quota', everybody))?.value ?? configured;

/** A channel's setting when nobody has set one. */
export const openChannel: SettingValues['channel'] = { denied: false, model: null };
