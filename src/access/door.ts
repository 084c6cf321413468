import type { CorpusConfig, LimitsConfig, ModelConfig } from '../config/config.ts';
import { expectedSeconds } from '../jobs/queue-place.ts';
import type { OpenLimits, OverLimit } from '../store/limits.ts';
import type { Pace } from '../store/store.ts';
import type { Access } from './access.ts';
import { openChannel, quotaOf, type Settings } from './settings.ts';
import { type Audience, visibleCorpora } from './visibility.ts';

/** Why a question or a search is not taken. */
export type Refusal =
  | { readonly why: 'banned' }
  /** `since`: when the channel was denied. */
  | { readonly why: 'channel_denied'; readonly since: number }
  | { readonly why: 'paused'; readonly model: string }
  | { readonly why: 'over_quota'; readonly over: Exclude<OverLimit, { limit: 'waiting' }> }
  /** `seconds`: about how long the last in the queue will wait; null: not known. */
  | { readonly why: 'queue_full'; readonly model: string; readonly waiting: number; readonly seconds: number | null }
  /** No corpus may be shown there. */
  | { readonly why: 'nothing_visible' };

interface Entry {
  readonly team: string;
  readonly channel: string;
  readonly user: string;
}

type Admission<Pass> = Pass | { readonly refusal: Refusal };

/** Decides at the moment of asking who may ask what, where; by what admins have set. */
export interface Door {
  /**
   * @param model the app's own; the channel may have another
   * @param exactly this model, whatever the channel has
   */
  question(
    entry: Entry & { readonly model: string; readonly exactly?: boolean },
  ): Promise<Admission<{ model: string; limits: OpenLimits }>>;
  search(entry: Entry & Pick<Audience, 'alone'>): Promise<Admission<{ corpora: readonly string[] }>>;
  /** What a limit that the store found means for the person. */
  refusalOf(over: OverLimit, model: string): Promise<Refusal>;
}

export interface DoorRules {
  readonly corpora: readonly Pick<CorpusConfig, 'name' | 'visibility'>[];
  readonly models: readonly Pick<ModelConfig, 'name' | 'concurrency'>[];
  readonly limits: LimitsConfig;
}

export const createDoor = ({
  settings,
  access,
  rules: { corpora, models, limits },
  pace,
}: {
  readonly settings: Pick<Settings, 'of'>;
  readonly access: Pick<Access, 'inGroup'>;
  readonly rules: DoorRules;
  readonly pace: (model: string) => Promise<Pace | null>;
}): Door => {
  const enter = async ({ team, channel, user }: Entry) => {
    const set = await settings.of(team);
    const place = set.value('channel', channel);
    const refusal: Refusal | null = set.value('ban', user)
      ? { why: 'banned' }
      : place?.value.denied
        ? { why: 'channel_denied', since: place.changedAt }
        : null;
    return { set, place: place?.value ?? openChannel, refusal };
  };

  return {
    question: async (entry) => {
      const { set, place, refusal } = await enter(entry);
      if (refusal) return { refusal };
      const model = entry.exactly ? entry.model : (place.model ?? entry.model);
      if (set.value('model', model)?.value.paused) return { refusal: { why: 'paused', model } };
      return {
        model,
        limits: { quota: quotaOf(set, entry.user, limits), waiting: limits.waiting, running: limits.running },
      };
    },

    search: async (entry) => {
      const { refusal } = await enter(entry);
      if (refusal) return { refusal };
      const visible = await visibleCorpora(corpora, entry, access);
      // Where no corpus is configured at all, the search itself says so.
      if (visible.length === 0 && corpora.length > 0) return { refusal: { why: 'nothing_visible' } };
      return { corpora: visible };
    },

    refusalOf: async (over, model) => {
      if (over.limit !== 'waiting') return { why: 'over_quota', over };
      const lately = await pace(model);
      const atOnce = models.find(({ name }) => name === model)?.concurrency ?? 1;
      const seconds = expectedSeconds(over.waiting, lately, atOnce);
      return { why: 'queue_full', model, waiting: over.waiting, seconds };
    },
  };
};
