import { useEffect, useState } from 'react';
import type { PageSeed } from '../../protocol/page.ts';
import { ApiError, createApi } from '../data/api.ts';
import { formatPlace, parsePlace } from '../data/place.ts';
import type { Preferences } from '../data/preferences.ts';
import { createSession, type Session } from '../data/session.ts';
import { textsFor } from '../i18n/catalogue.ts';
import { PageContext } from './context.tsx';
import { Failure } from './failure.tsx';
import { reloadOnce } from './reload-once.ts';
import { Workspace } from './workspace.tsx';

const browserTexts = () => textsFor(navigator.language.startsWith('ja') ? 'ja-JP' : 'en-US');

const openSession = async (seed: PageSeed, person: string): Promise<Session> => {
  const api = createApi({ token: seed.token, person, fetch: window.fetch.bind(window) });
  const bootstrap = await api.bootstrap();
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const query = new URLSearchParams({ person, token: seed.token });
  return createSession({
    api,
    bootstrap,
    place: parsePlace(location.hash, bootstrap.channels),
    openSocket: ({ onOpen, onText, onClose }) => {
      const socket = new WebSocket(`${scheme}://${location.host}/local/live?${query}`);
      socket.onopen = onOpen;
      socket.onmessage = ({ data }) => onText(String(data));
      socket.onclose = onClose;
      return socket;
    },
    now: () => Date.now(),
    newKey: () => crypto.randomUUID(),
    setTimeout: (run, milliseconds) => window.setTimeout(run, milliseconds),
    clearTimeout: (timer) => window.clearTimeout(timer as number),
    isVisible: () => document.visibilityState === 'visible',
    isWide: () => matchMedia('(min-width: 1000px)').matches,
    onUnauthorized: () => reloadOnce(sessionStorage, Date.now(), () => location.reload()),
  });
};

/** Keeps the address and the session's place the same, both ways. */
const bindAddress = (session: Session): (() => void) => {
  const onHash = (): void => {
    if (location.hash.slice(1) === formatPlace(session.getState().place)) return;
    const { channel, thread } = parsePlace(location.hash, session.getState().channels);
    session.go({ channel, thread, list: false });
  };
  const write = (): void => {
    const hash = `#${formatPlace(session.getState().place)}`;
    if (location.hash !== hash) history.pushState(null, '', hash);
  };
  const stop = session.subscribe(write);
  addEventListener('popstate', onHash);
  addEventListener('hashchange', onHash);
  return () => {
    stop();
    removeEventListener('popstate', onHash);
    removeEventListener('hashchange', onHash);
  };
};

const bindAttention = (session: Session): (() => void) => {
  const seen = (): void => session.seen();
  document.addEventListener('visibilitychange', seen);
  addEventListener('online', seen);
  addEventListener('focus', seen);
  return () => {
    document.removeEventListener('visibilitychange', seen);
    removeEventListener('online', seen);
    removeEventListener('focus', seen);
  };
};

type Phase = { readonly session: Session } | { readonly failure: string } | null;

/** Opens a session for the person the browser acts as, and another one when the person is switched. */
export const App = ({ seed, preferences }: { seed: PageSeed; preferences: Preferences }) => {
  const [person, setPerson] = useState(() => preferences.person() ?? seed.defaultPerson);
  const [phase, setPhase] = useState<Phase>(null);

  useEffect(() => {
    let session: Session | null = null;
    let left = false;
    const unbind: (() => void)[] = [];
    openSession(seed, person)
      .then((opened) => {
        if (left) return opened.close();
        session = opened;
        unbind.push(bindAddress(opened), bindAttention(opened));
        document.documentElement.lang = opened.getState().me.locale.slice(0, 2);
        setPhase({ session: opened });
      })
      .catch((error: unknown) => {
        if (left) return;
        // A person of another workspace, remembered by the browser.
        const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
        if (refused && person !== seed.defaultPerson) setPerson(seed.defaultPerson);
        else setPhase({ failure: error instanceof Error ? error.message : String(error) });
      });
    return () => {
      left = true;
      for (const stop of unbind) stop();
      session?.close();
    };
  }, [seed, person]);

  if (phase === null) return <main className="whole-page quiet">{browserTexts().loading}</main>;
  if ('failure' in phase) return <Failure texts={browserTexts()} detail={phase.failure} />;
  const choosePerson = (id: string): void => {
    preferences.setPerson(id);
    setPerson(id);
  };
  return (
    <PageContext session={phase.session} preferences={preferences}>
      <Workspace key={phase.session.getState().me.id} onPerson={choosePerson} />
    </PageContext>
  );
};
