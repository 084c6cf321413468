import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import type { Preferences } from '../data/preferences.ts';
import type { Session } from '../data/session.ts';
import type { State } from '../data/state.ts';
import { createTimes, type Times } from '../data/times.ts';
import { textsFor } from '../i18n/catalogue.ts';
import type { Texts } from '../i18n/texts.ts';

interface Page {
  readonly session: Session;
  readonly preferences: Preferences;
  /** What stands in the composers, by conversation; it outlives them. */
  readonly typed: Map<string, string>;
}

const Context = createContext<Page | null>(null);

export const PageContext = ({ children, session, preferences }: Omit<Page, 'typed'> & { children: ReactNode }) => {
  const page = useMemo(() => ({ session, preferences, typed: new Map() }), [session, preferences]);
  return <Context value={page}>{children}</Context>;
};

export const usePage = (): Page => {
  const page = useContext(Context);
  if (!page) throw new Error('usePage outside of PageContext');
  return page;
};

export const useSession = (): Session => usePage().session;

/** A part of the state; `select` must return what is in the state and make nothing new. */
export const useSelected = <T,>(select: (state: State) => T): T => {
  const { subscribe, getState } = useSession();
  return useSyncExternalStore(subscribe, () => select(getState()));
};

export const useTexts = (): Texts => textsFor(useSelected(({ me }) => me.locale));

export const useTimes = (): Times => {
  const locale = useSelected(({ me }) => me.locale);
  return useMemo(() => createTimes(locale), [locale]);
};

/** The display name behind an id; null when nobody has it. */
export const useNames = (): ((id: string) => string | null) => {
  const people = useSelected((state) => state.people);
  const channels = useSelected((state) => state.channels);
  return (id) => people[id]?.displayName ?? channels.find((channel) => channel.id === id)?.name ?? null;
};
