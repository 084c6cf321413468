import type { Clock } from '../../../src/clock.ts';
import { TRIGGER_LIFETIME_MS } from '../../../src/slack/limits.ts';
import type { Ids } from '../ids.ts';

/** What a `trigger_id` stands for: one person's act, that lets one app open one view. */
export interface Trigger {
  readonly appId: string;
  readonly user: string;
  /** The view that the act was in. */
  readonly viewId: string | null;
}

type RedeemedTrigger = Trigger | 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id';

/** https://docs.slack.dev/interactivity/handling-user-interaction: 3 seconds, one use. */
export interface Triggers {
  issue(trigger: Trigger): string;
  redeem(id: string, appId: string): RedeemedTrigger;
}

/** A spent or late trigger is remembered this long, to tell it from one that never was. */
const REMEMBERED_MS = 10 * 60_000;

export const createTriggers = ({ clock, ids }: { clock: Clock; ids: Ids }): Triggers => {
  const triggers = new Map<string, Trigger & { issued: number; used: boolean }>();
  return {
    issue: (trigger) => {
      const now = clock.now();
      for (const [id, { issued }] of triggers) {
        if (issued >= now - REMEMBERED_MS) break;
        triggers.delete(id);
      }
      const id = `${Math.floor(now / 1_000)}.${ids.short()}.${ids.uuid().replaceAll('-', '')}`;
      triggers.set(id, { ...trigger, issued: now, used: false });
      return id;
    },
    redeem: (id, appId) => {
      const trigger = triggers.get(id);
      if (trigger?.appId !== appId) return 'invalid_trigger_id';
      if (trigger.used) return 'exchanged_trigger_id';
      if (clock.now() > trigger.issued + TRIGGER_LIFETIME_MS) return 'expired_trigger_id';
      trigger.used = true;
      return trigger;
    },
  };
};
