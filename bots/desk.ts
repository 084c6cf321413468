import { TenkyoError } from '../src/errors.ts';
import type { Jobs } from '../src/jobs/jobs.ts';
import type { InboxKey, Place } from '../src/store/records.ts';
import type { NewAnswer, NewSearch, Opened, Store } from '../src/store/store.ts';
import type { Logger } from '../src/telemetry/log.ts';

/** Opens answers and searches: the record first, its job after the commit, then the delivery is told. */
export interface Desk {
  /** Resolves false when the event had been claimed before. */
  ask(kind: InboxKey['kind'], ts: string, answer: NewAnswer): Promise<boolean>;
  search(kind: InboxKey['kind'], ts: string, search: NewSearch): Promise<boolean>;
}

/** What every face of a bot works with. */
export interface DeskOptions {
  readonly store: Store;
  readonly jobs: Pick<Jobs, 'addGenerate' | 'addSearch'>;
  readonly delivery: Nudge;
  /** Told of events that had been taken before. */
  readonly meter?: { duplicate(kind: string): void };
}

/** Tells the pump of this process that there is something to deliver; it would find it by itself a little later. */
export interface Nudge {
  nudge(id: string): void;
}

export const createDesk = ({ store, jobs, delivery, meter }: DeskOptions, logger: Logger): Desk => {
  const key = ({ team, app, channel }: Place, kind: InboxKey['kind'], ts: string): InboxKey => ({
    team,
    app,
    channel,
    ts,
    kind,
  });
  const follow = async (
    { id, fresh }: Opened,
    event: InboxKey,
    add: (id: string) => Promise<void>,
  ): Promise<boolean> => {
    const { app, kind, channel, ts } = event;
    if (!fresh) {
      meter?.duplicate(kind);
      return false;
    }
    // From here on `id` names it everywhere: in its job, its delivery and what a person is told when it fails.
    logger.info({ id, app, kind, channel, ts }, 'taken');
    try {
      await add(id);
    } catch (error) {
      // The record is safe: the sweeper adds the job of every open one that has none.
      logger.warn({ id, err: error }, 'the job could not be added; the sweeper will');
    }
    delivery.nudge(id);
    return true;
  };
  return {
    ask: async (kind, ts, answer) =>
      follow(await store.answers.open(key(answer, kind, ts), answer), key(answer, kind, ts), (id) =>
        jobs.addGenerate(answer.model, id),
      ),
    search: async (kind, ts, search) =>
      follow(await store.searches.open(key(search, kind, ts), search), key(search, kind, ts), (id) =>
        jobs.addSearch(id),
      ),
  };
};

/** The workspace of an event. An app installed for a whole organisation gives none; that is not supported. */
export const teamOf = ({ teamId }: { readonly teamId?: string }): string => {
  if (teamId === undefined) throw new TenkyoError('internal', 'The event names no workspace.');
  return teamId;
};
