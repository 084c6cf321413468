import type { Quota } from './admin-records.ts';

/** What a question may not go over. Counted where it is opened, so that two processes can't both let the last one in. */
export interface OpenLimits {
  readonly quota: Quota;
  /** Questions that may wait for the model; null: any number. */
  readonly waiting: number | null;
  /** Answers of the person that are under way; further ones wait for these. Left out or null: any number. */
  readonly running?: number | null;
}

/** The limit that a question would have gone over. */
export type OverLimit =
  | {
      readonly limit: keyof Quota;
      readonly most: number;
      /** When there is room again, milliseconds since the epoch; null: as soon as an answer ends. */
      readonly freeAt: number | null;
    }
  | { readonly limit: 'waiting'; readonly most: number; readonly waiting: number };
