import type { SearchResult } from '../../src/search/result.ts';
import { hiddenAmong, withoutHidden } from '../../src/search/without-hidden.ts';
import type { SearchRecord } from '../../src/store/records.ts';
import type { Store } from '../../src/store/store.ts';

/** The result of a search as it may be shown now: without what has been hidden since. null: it has none. */
export const readResult = async (
  hidden: Store['hidden'],
  { team, result }: Pick<SearchRecord, 'team' | 'result'>,
): Promise<SearchResult | null> => result && withoutHidden(result, hiddenAmong(await hidden.all(team, result.corpus)));
