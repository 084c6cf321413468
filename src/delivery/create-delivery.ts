import type { Clock } from '../clock.ts';
import { asTenkyoError, TenkyoError } from '../errors.ts';
import type { Feed } from '../feed/feed.ts';
import type { SlackClient } from '../slack/client-policy.ts';
import { failureId } from '../store/failure-id.ts';
import type { Delivery, DeliveryKind } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Logger } from '../telemetry/log.ts';
import { type HeldDelivery, holdDelivery } from './held-delivery.ts';
import type { Presenter } from './presenter.ts';
import { pump } from './pump.ts';

export interface DeliveryOptions {
  readonly store: Store;
  readonly feed: Feed;
  /** A delivery of a kind that has none here is left to the process that has it. */
  readonly presenters: Readonly<Partial<Record<DeliveryKind, Presenter>>>;
  /** The client of an app; null: the app is not in this process. */
  readonly slack: (app: string) => SlackClient | null;
  /** Names of the apps of this process. */
  readonly apps: readonly string[];
  readonly clock: Clock;
  /** Unlike any other process's, past ones included. */
  readonly owner: string;
  readonly logger: Logger;
  /** False: post and edit alone, also where Slack could stream. */
  readonly nativeStreaming?: boolean;
  readonly timing?: DeliveryTiming;
}

export interface DeliveryTiming {
  readonly leaseMs: number;
  readonly renewMs: number;
  readonly sweepMs: number;
}

/** A killed process's delivery is taken over within 13 s + 4 s, which leaves a busy machine some of the 20 s promised. */
const defaultTiming: DeliveryTiming = { leaseMs: 13_000, renewMs: 4_000, sweepMs: 4_000 };
/** Errors of ours in a row after which a delivery is given up. */
const mostErrors = 5;

export interface Deliverer {
  /** There is something to deliver: takes it up at once if nobody has. Returns immediately. */
  nudge(id: string): void;
  /** Takes up what is unheld, now and at intervals. */
  start(): void;
  /** Lets go of all deliveries, ending their native streams; another process, or the next one, goes on. */
  stop(): Promise<void>;
}

export const createDelivery = ({
  store,
  feed,
  presenters,
  slack,
  apps,
  clock,
  owner,
  logger,
  nativeStreaming = true,
  timing: { leaseMs, renewMs, sweepMs } = defaultTiming,
}: DeliveryOptions): Deliverer => {
  const stopping = new AbortController();
  const ours = { apps: apps.filter((app) => slack(app) !== null), kinds: Object.keys(presenters) as DeliveryKind[] };
  const running = new Map<string, Promise<void>>();
  const errors = new Map<string, number>();
  const streaming = new Map<string, { off: boolean; simple?: boolean; sessionless?: boolean }>();
  const atWork = new Map<string, number>();
  const threads = new Map<string, Promise<void>>();
  let sweeping = Promise.resolve();

  const streamingOf = ({ app, team }: Delivery) => {
    const key = `${app} ${team}`;
    const known = streaming.get(key) ?? { off: !nativeStreaming };
    streaming.set(key, known);
    return known;
  };
  const aloneIn = ({ app, team, channel, threadTs }: Delivery) => {
    const key = [app, team, channel, threadTs].join(' ');
    return async (run: () => Promise<void>) => {
      const before = threads.get(key) ?? Promise.resolve();
      const mine = before.catch(() => {}).then(run);
      threads.set(key, mine);
      try {
        await mine;
      } finally {
        if (threads.get(key) === mine) threads.delete(key);
      }
    };
  };

  /** A failure ends the delivery, or leaves it for the next sweep. */
  const settle = async (held: HeldDelivery, error: unknown) => {
    const { code, found } = asTenkyoError(error);
    const { id } = held.row;
    if (code === 'lock_lost' || code === 'shutdown') return logger.info({ id, code }, 'delivery let go');
    const count = (errors.get(id) ?? 0) + 1;
    errors.set(id, count);
    const permanent = code === 'slack_refused' || count >= mostErrors;
    logger.error({ id, failure: failureId(id), code, found, permanent, err: error }, 'delivery failed');
    if (!permanent) return;
    errors.delete(id);
    await held.save({ status: 'failed', failure: found ?? code });
  };

  const deliver = async (id: string): Promise<void> => {
    const lease = await store.deliveries.lease(id, owner, leaseMs, ours);
    if (!lease) return;
    const row = lease.delivery;
    const client = slack(row.app);
    const presenter = presenters[row.kind];
    if (!client || !presenter) return store.deliveries.release(id, lease.fence);
    const held = holdDelivery({
      lease,
      deliveries: store.deliveries,
      leaseMs,
      renewMs,
      clock,
      stopping: stopping.signal,
    });
    try {
      await pump({
        held,
        store,
        feed,
        client,
        presenter,
        clock,
        logger,
        streaming: streamingOf(row),
        alone: aloneIn(row),
        atWork,
      });
      errors.delete(id);
    } catch (error) {
      await settle(held, error);
    } finally {
      await held.release();
    }
  };

  const nudge = (id: string) => {
    if (running.has(id) || stopping.signal.aborted) return;
    const run = deliver(id)
      .catch((error) => logger.error({ id, err: error }, 'delivery could not be taken up'))
      .finally(() => running.delete(id));
    running.set(id, run);
  };
  const sweep = async () => {
    for (const id of await store.deliveries.unheld(apps)) nudge(id);
  };

  return {
    nudge,
    start: () => {
      sweeping = (async () => {
        while (!stopping.signal.aborted) {
          await sweep().catch((error) => logger.error({ err: error }, 'delivery sweep failed'));
          await clock.sleep(sweepMs, stopping.signal).catch(() => {});
        }
      })();
    },
    stop: async () => {
      stopping.abort(new TenkyoError('shutdown', 'the process is stopping'));
      await sweeping;
      await Promise.all(running.values());
    },
  };
};
