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

/** The two lists of a result: what stands in the training texts, and below it what stands in the tuning data. */
export const hitLists = ['texts', 'tuning'] as const;
type HitList = (typeof hitLists)[number];

/** A hit as a button names it: the search's id, and the hit's rank in its list. */
export interface HitReference {
  readonly searchId: string;
  readonly list: HitList;
  readonly rank: number;
}

export const hitValue = ({ searchId, list, rank }: HitReference): string =>
  `${searchId}:${list === 'tuning' ? 't' : ''}${rank}`;

/** null: not a value of ours. */
export const readHitValue = (value: string | undefined): HitReference | null => {
  const [, searchId, tuning, rank] = /^([\w-]+):(t?)(\d{1,6})$/.exec(value ?? '') ?? [];
  return searchId && rank ? { searchId, list: tuning === 't' ? 'tuning' : 'texts', rank: Number(rank) } : null;
};
