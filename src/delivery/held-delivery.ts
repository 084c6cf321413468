import type { Clock } from '../clock.ts';
import { TenkyoError } from '../errors.ts';
import type { Delivery } from '../store/records.ts';
import type { DeliveriesRepository, Lease } from '../store/store.ts';

export interface HeldDeliveryOptions {
  readonly lease: Lease;
  readonly deliveries: DeliveriesRepository;
  readonly leaseMs: number;
  readonly renewMs: number;
  readonly clock: Clock;
  /** Aborts when the process stops. */
  readonly stopping: AbortSignal;
}

/** A delivery while its lease is ours. Everything throws `lock_lost` once it is not. */
export interface HeldDelivery {
  /** As last saved. */
  readonly row: Delivery;
  /** Whether another pump had it before: it may have posted without saving what. */
  readonly takenOver: boolean;
  /** Aborts when the lease is lost or the process stops. */
  readonly signal: AbortSignal;
  /** Asks the store whether the lease is still ours, and prolongs it: before each write to Slack. */
  check(): Promise<void>;
  save(change: Parameters<DeliveriesRepository['update']>[2]): Promise<void>;
  release(): Promise<void>;
}

export const holdDelivery = ({
  lease: { delivery, fence },
  deliveries,
  leaseMs,
  renewMs,
  clock,
  stopping,
}: HeldDeliveryOptions): HeldDelivery => {
  const lost = new AbortController();
  const released = new AbortController();
  let row = delivery;

  const lose = (): never => {
    const error = new TenkyoError('lock_lost', 'another process delivers this now', { where: delivery.id });
    lost.abort(error);
    throw error;
  };
  const check = async () => {
    if (lost.signal.aborted || !(await deliveries.renew(delivery.id, fence, leaseMs))) lose();
  };
  const renewing = (async () => {
    while (!released.signal.aborted && !lost.signal.aborted) {
      await clock.sleep(renewMs, released.signal).catch(() => {});
      // An error of the store leaves the lease to run out; the next write finds out.
      if (!released.signal.aborted) await check().catch(() => {});
    }
  })();

  return {
    get row() {
      return row;
    },
    takenOver: fence > 1,
    signal: AbortSignal.any([stopping, lost.signal]),
    check,
    save: async (change) => {
      if (lost.signal.aborted || !(await deliveries.update(delivery.id, fence, change))) lose();
      row = { ...row, ...change };
    },
    release: async () => {
      released.abort();
      await renewing;
      await deliveries.release(delivery.id, fence);
    },
  };
};
