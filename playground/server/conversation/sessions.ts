/** Where an agent works, and who it is. */
export interface Session {
  readonly channel: string;
  readonly threadTs: string;
  /** The app's bot. */
  readonly user: string;
}

/**
 * The agents that are at work (https://docs.slack.dev/reference/methods/agents.sessions.setStatus): people see Stop
 * beside them. A session lasts until its app ends it; it does not outlive the process.
 */
export interface Sessions {
  /** True: at work from now on. */
  set(session: Session, working: boolean): void;
  has(session: Session): boolean;
  list(): Session[];
  /** Somebody stopped this stream: it takes no more text. */
  cut(channel: string, ts: string): void;
  isCut(channel: string, ts: string): boolean;
}

export const createSessions = ({
  changed,
}: {
  readonly changed: (session: Session & { readonly working: boolean }) => void;
}): Sessions => {
  const working = new Map<string, Session>();
  const streams = new Set<string>();
  const keyOf = ({ channel, threadTs, user }: Session): string => `${channel} ${threadTs} ${user}`;
  return {
    set: ({ channel, threadTs, user }, on) => {
      const session = { channel, threadTs, user };
      const key = keyOf(session);
      if (working.has(key) === on) return;
      if (on) working.set(key, session);
      else working.delete(key);
      changed({ ...session, working: on });
    },
    has: (session) => working.has(keyOf(session)),
    list: () => [...working.values()],
    cut: (channel, ts) => {
      streams.add(`${channel} ${ts}`);
    },
    isCut: (channel, ts) => streams.has(`${channel} ${ts}`),
  };
};
