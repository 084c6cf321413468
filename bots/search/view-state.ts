import { z } from 'zod';
import { hitLists } from './actions.ts';

/** What a modal shows, kept with it by Slack (`private_metadata`). */
const viewState = z.object({
  searchId: z.string(),
  list: z.enum(hitLists),
  rank: z.number().int().positive().nullable(),
  range: z.union([z.literal(100), z.literal(250), z.literal('document')]),
  /** Page of the list that the modal came from, from 0; null: it came from the message. */
  page: z.number().int().nonnegative().nullable(),
});

export type ViewState = z.infer<typeof viewState>;

export const writeViewState = (state: ViewState): string => JSON.stringify(state);

/** null: not a modal of ours, or one of an older version. */
export const readViewState = (privateMetadata: string | undefined): ViewState | null => {
  try {
    return viewState.parse(JSON.parse(privateMetadata ?? ''));
  } catch {
    return null;
  }
};
