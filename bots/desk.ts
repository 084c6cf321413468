import { createDoor, type DoorRules, type Refusal } from '../src/access/door.ts';
import type { Settings } from '../src/access/settings.ts';
import { TenkyoError } from '../src/errors.ts';
import type { Jobs } from '../src/jobs/jobs.ts';
import type { InboxKey, Place } from '../src/store/records.ts';
import type { NewAnswer, NewSearch, Opened, OpenedAnswer, Store } from '../src/store/store.ts';
import type { RoleContext } from './bot.ts';

/** What became of a question or a search. */
interface Asked {
  readonly id: string;
  /** False: the event had been claimed before, and there is nothing to do or to say. */
  readonly fresh: boolean;
  /** Not null: it was not taken; to be said once. */
  readonly refusal: Refusal | null;
}

/**
 * Opens answers and searches for those whom the door lets in: the record first, its job after the commit, then the
 * delivery is told.
 */
export interface Desk {
  ask(kind: InboxKey['kind'], ts: string, answer: NewAnswer): Promise<Asked>;
  /** Of kind `find`, the person alone sees the result, and who asks for it delivers it. */
  search(kind: InboxKey['kind'], ts: string, search: NewSearch): Promise<Asked>;
}

/** What every face of a bot works with. */
export interface DeskOptions {
  readonly store: Store;
  readonly jobs: Pick<Jobs, 'addGenerate' | 'addSearch'>;
  readonly delivery: Nudge;
  /** Told of events that had been taken before. */
  readonly meter?: { duplicate(kind: string): void };
  readonly settings: Settings;
  readonly rules: DoorRules;
}

/** Tells the pump of this process that there is something to deliver; it would find it by itself a little later. */
export interface Nudge {
  nudge(id: string): void;
}

/** Direct messages have one person's eyes on them. */
const isDirect = (channel: string): boolean => channel.startsWith('D');

export const createDesk = (
  { store, jobs, delivery, meter, settings, rules }: DeskOptions,
  { access, logger }: Pick<RoleContext, 'access' | 'logger'>,
): Desk => {
  const door = createDoor({ settings, access, rules, pace: (model) => store.answers.pace(model) });
  const key = ({ team, app, channel }: Place, kind: InboxKey['kind'], ts: string): InboxKey => ({
    team,
    app,
    channel,
    ts,
    kind,
  });
  const duplicate = (id: string, { kind }: InboxKey): Asked => {
    meter?.duplicate(kind);
    return { id, fresh: false, refusal: null };
  };
  const follow = async ({ id, fresh }: Opened, event: InboxKey, add: (id: string) => Promise<void>): Promise<Asked> => {
    if (!fresh) return duplicate(id, event);
    const { app, kind, channel, ts } = event;
    // From here on `id` names it everywhere: in its job, its delivery and what a person is told when it fails.
    logger.info({ id, app, kind, channel, ts }, 'taken');
    try {
      await add(id);
    } catch (error) {
      // The record is safe: the sweeper adds the job of every open one that has none.
      logger.warn({ id, err: error }, 'the job could not be added; the sweeper will');
    }
    delivery.nudge(id);
    return { id, fresh: true, refusal: null };
  };
  const opening = new Map<string, Promise<OpenedAnswer>>();
  /** A mention comes as two events at once: the second need not ask the store, once the first has its record. */
  const openOnce = async (event: InboxKey, open: () => Promise<OpenedAnswer>): Promise<OpenedAnswer> => {
    const name = Object.values(event).join(' ');
    const first = await opening.get(name)?.catch(() => null);
    if (first) return { ...first, fresh: false, over: null };
    const mine = open();
    opening.set(name, mine);
    try {
      return await mine;
    } finally {
      if (opening.get(name) === mine) opening.delete(name);
    }
  };
  /** A refused event is claimed too: a mention comes twice, and Slack sends again what it thinks lost. */
  const refuse = async (claim: InboxKey, refusal: Refusal): Promise<Asked> =>
    (await store.inbox.claim(claim)) ? { id: '', fresh: true, refusal } : duplicate('', claim);

  return {
    ask: async (kind, ts, answer) => {
      const claim = key(answer, kind, ts);
      const admitted = await door.question(answer);
      if ('refusal' in admitted) return refuse(claim, admitted.refusal);
      const { model, limits } = admitted;
      let { settings: asked = null } = answer;
      if (asked?.grounded) {
        // What it quotes is shown as a result of 🔍 is: only from corpora that may be seen there.
        const seen = await door.search({ ...answer, alone: isDirect(answer.channel) });
        if ('refusal' in seen) return refuse(claim, seen.refusal);
        asked = { ...asked, corpora: seen.corpora };
      }
      const opened = await openOnce(claim, () =>
        store.answers.open(claim, { ...answer, model, settings: asked }, limits),
      );
      if (opened.over) return { id: opened.id, fresh: true, refusal: await door.refusalOf(opened.over, model) };
      const { turn } = opened;
      return follow(opened, claim, async (id) => {
        if (turn !== null) await jobs.addGenerate(model, id, turn);
      });
    },

    search: async (kind, ts, search) => {
      const claim = key(search, kind, ts);
      const admitted = await door.search({ ...search, alone: kind === 'find' || isDirect(search.channel) });
      if ('refusal' in admitted) return refuse(claim, admitted.refusal);
      const { corpora } = admitted;
      const opened = await store.searches.open(claim, { ...search, query: { ...search.query, corpora } });
      return follow(opened, claim, (id) => jobs.addSearch(id));
    },
  };
};

/** The workspace of an event. An app installed for a whole organisation gives none; that is not supported. */
export const teamOf = ({ teamId }: { readonly teamId?: string }): string => {
  if (teamId === undefined) throw new TenkyoError('internal', 'The event names no workspace.');
  return teamId;
};
