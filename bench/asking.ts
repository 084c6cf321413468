import type { LiveEvent } from '../playground/protocol/live.ts';
import { actAs, visibleText } from '../test/support/person.ts';
import type { RunningTenkyo } from '../test/support/running-tenkyo.ts';

/** What a person sees of one answer: milliseconds after the question was sent. */
export interface Seen {
  /** The first words. */
  readonly firstMs: number;
  /** The last words. */
  readonly lastMs: number;
  /** The message as it stays, with its controls and its small print. */
  readonly wholeMs: number;
  /** By the small print. */
  readonly tokens: number;
}

export interface Asking {
  /** @param ending the last words of the answer; null: not known before */
  ask(text: string, ending: string | null): Promise<Seen>;
  close(): void;
}

interface Watched {
  text: string;
  ts: string | null;
  readonly see: (text: string, whole: boolean) => void;
}

/** Asks a bot in the local workspace, as the page does, and notes when the answer is there; it looks at nothing twice. */
export const openAsking = async (
  tenkyo: RunningTenkyo,
  { bot: botName, channel: channelName }: { readonly bot: string; readonly channel: string },
): Promise<Asking> => {
  const person = await actAs(tenkyo);
  const bot = person.bot(botName).id;
  const channel = person.channel(channelName).id;
  const threads = new Map<string, Watched>();
  const early = new Map<string, LiveEvent[]>();

  const follow = (watched: Watched, event: LiveEvent): void => {
    if (event.type === 'message') {
      watched.ts = event.message.ts;
      watched.text = visibleText(event.message);
      watched.see(watched.text, !event.message.streaming && /\d (?:トークン|tokens?)/.test(watched.text));
    } else if (event.type === 'stream') {
      watched.text = watched.text.slice(0, event.at) + event.text;
      watched.see(watched.text, false);
    }
  };
  const take = (event: LiveEvent): void => {
    if (event.type === 'stream') {
      for (const watched of threads.values()) if (watched.ts === event.ts) follow(watched, event);
      return;
    }
    if (event.type !== 'message' || event.message.user !== bot) return;
    const root = event.message.threadTs ?? '';
    const watched = threads.get(root);
    if (watched) follow(watched, event);
    // An answer may be quicker than the reply to the sending of its question.
    else early.set(root, [...(early.get(root) ?? []), event]);
  };
  const socket = new WebSocket(
    `${tenkyo.url.replace(/\/$/, '').replace(/^http/, 'ws')}/local/live?person=${person.me.id}&token=${tenkyo.token}`,
  );
  socket.addEventListener('message', ({ data }) => take(JSON.parse(String(data)) as LiveEvent));
  await new Promise((open) => socket.addEventListener('open', open, { once: true }));

  return {
    ask: async (text, ending) => {
      const began = performance.now();
      const since = (): number => performance.now() - began;
      const whole = Promise.withResolvers<Seen>();
      const late = setTimeout(() => whole.reject(new Error(`no answer to “${text}” within 2 minutes`)), 120_000);
      let firstMs: number | null = null;
      let lastMs: number | null = null;
      const see = (seen: string, ended: boolean): void => {
        firstMs ??= since();
        if (ending !== null && seen.includes(ending)) lastMs ??= since();
        if (!ended) return;
        const tokens = Number(/(\d+) (?:トークン|tokens?)/.exec(seen)?.[1]);
        whole.resolve({ firstMs, lastMs: lastMs ?? since(), wholeMs: since(), tokens });
      };
      const { ts } = await person.send(channel, `<@${bot}> ${text}`);
      threads.set(ts, { text: '', ts: null, see });
      for (const event of early.get(ts) ?? []) take(event);
      early.delete(ts);
      try {
        return await whole.promise;
      } finally {
        clearTimeout(late);
        threads.delete(ts);
      }
    },
    close: () => {
      socket.close();
      person.close();
    },
  };
};
