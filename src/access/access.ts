import type { Clock } from '../clock.ts';
import { asTenkyoError } from '../errors.ts';
import { localeFrom } from '../i18n/texts.ts';
import type { Locale } from '../store/records.ts';
import { createCache } from './cache.ts';

/** Who may do what, and in which language somebody reads. */
export interface Access {
  /** Fails closed: who could not be looked up is no admin, and `reason` says why. */
  isAdmin(user: string): Promise<AdminVerdict>;
  /** User ids of the admins, for the line that says whom to ask; empty when they cannot be found out. */
  admins(): Promise<readonly string[]>;
  /** Whether an event is of the workspace that the app is installed in; false too when that can't be found out. */
  isHome(team: string | undefined): Promise<boolean>;
  /** Whether somebody is in one of the user groups; false too when that can't be found out. */
  inGroup(user: string, groups: readonly string[]): Promise<boolean>;
  /** English unless Slack says Japanese; English too when Slack does not answer in time. */
  localeOf(user: string): Promise<Locale>;
}

interface AdminVerdict {
  readonly admin: boolean;
  /** Why it could not be found out; null when it could. */
  readonly reason: string | null;
}

/** The workspace's people, as Slack knows them. Throws what Slack's client throws. */
export interface Directory {
  /** The workspace that the app is installed in. */
  home(): Promise<string>;
  person(user: string): Promise<DirectoryPerson>;
  /** User ids of a user group; paid plans only, so it may be refused. */
  groupMembers(group: string): Promise<readonly string[]>;
  /** User ids of the workspace's admins and owners. */
  workspaceAdmins(): Promise<readonly string[]>;
}

interface DirectoryPerson {
  /** Slack's own, `ja-JP`. */
  readonly locale: string | null;
  /** Admin, owner or primary owner of the workspace that the app is installed in. */
  readonly isWorkspaceAdmin: boolean;
}

export interface AccessOptions {
  /** Ids and a user group that the lab configured; both empty: the workspace's admins and owners. */
  readonly admins: { readonly users: readonly string[]; readonly userGroup: string | null };
  readonly directory: Directory;
  readonly clock: Clock;
}

/** Who stops being an admin may act as one for this long. */
const keepMs = 60_000;
/** The workspace of an app never changes. */
const homeKeepMs = 86_400_000;
/** A language is not worth waiting for longer: the handlers that ask for it have three seconds. */
const localeWithinMs = 1_000;

export const createAccess = ({ admins, directory, clock }: AccessOptions): Access => {
  const people = createCache({ clock, keepMs, load: (user: string) => directory.person(user) });
  const groups = createCache({ clock, keepMs, load: (group: string) => directory.groupMembers(group) });
  const workspace = createCache({ clock, keepMs, load: (_all: 'all') => directory.workspaceAdmins() });
  const home = createCache({ clock, keepMs: homeKeepMs, load: (_all: 'all') => directory.home() });
  const configured = admins.users.length > 0 || admins.userGroup !== null;

  const check = async (user: string): Promise<boolean> => {
    if (admins.users.includes(user)) return true;
    if (admins.userGroup !== null) return (await groups.get(admins.userGroup)).includes(user);
    return !configured && (await people.get(user)).isWorkspaceAdmin;
  };

  return {
    isAdmin: async (user) => {
      try {
        return { admin: await check(user), reason: null };
      } catch (error) {
        return { admin: false, reason: asTenkyoError(error).message };
      }
    },

    admins: async () => {
      try {
        if (!configured) return await workspace.get('all');
        const group = admins.userGroup === null ? [] : await groups.get(admins.userGroup);
        return [...new Set([...admins.users, ...group])];
      } catch {
        return admins.users;
      }
    },

    isHome: async (team) => {
      try {
        return team !== undefined && team === (await home.get('all'));
      } catch {
        return false;
      }
    },

    inGroup: async (user, names) => {
      try {
        return (await Promise.all(names.map((name) => groups.get(name)))).some((members) => members.includes(user));
      } catch {
        return false;
      }
    },

    localeOf: async (user) => {
      const waiting = new AbortController();
      try {
        const late = clock.sleep(localeWithinMs, waiting.signal).then(
          () => null,
          () => null,
        );
        const person = await Promise.race([people.get(user), late]);
        return localeFrom(person?.locale);
      } catch {
        return localeFrom(null);
      } finally {
        waiting.abort();
      }
    },
  };
};
