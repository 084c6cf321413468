/** What the controls of a search result are called; the model apps show the same results in direct messages. */
export const actionIds = {
  context: 'hit_context',
  readings: 'hit_readings',
  more: 'hits_more',
  retry: 'search_retry',
  /** In the modals. */
  contextRange: 'view_context_range',
  contextPrevious: 'view_context_previous',
  contextNext: 'view_context_next',
  contextBack: 'view_context_back',
  listPrevious: 'view_list_previous',
  listNext: 'view_list_next',
  listContext: 'view_list_context',
} as const;

export const findShortcut = 'find_in_training_data';

/** A hit as a button names it: the search's id and the hit's rank. */
export interface HitReference {
  readonly searchId: string;
  readonly rank: number;
}

export const hitValue = ({ searchId, rank }: HitReference): string => `${searchId}:${rank}`;

/** null: not a value of ours. */
export const readHitValue = (value: string | undefined): HitReference | null => {
  const [, searchId, rank] = /^([\w-]+):(\d{1,6})$/.exec(value ?? '') ?? [];
  return searchId && rank ? { searchId, rank: Number(rank) } : null;
};
