import type { SearchIndex } from '../ports.ts';
import { corpusFolder, readCurrent } from './build-folder.ts';
import { type OpenIndexOptions, openIndex } from './open-index.ts';

/** The index of a corpus, whichever build is current. */
export interface CurrentIndex {
  /**
   * Lends the current build for as long as `work` lasts; a build that is replaced meanwhile is closed afterwards.
   *
   * @throws TenkyoError `index_missing`, `index_mismatch`, `file_corrupt`
   */
  use<T>(work: (index: SearchIndex) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Lent {
  readonly index: SearchIndex & { buildId: string };
  users: number;
  retired: boolean;
}

export const createCurrentIndex = (options: OpenIndexOptions): CurrentIndex => {
  const folder = corpusFolder(options.directory, options.corpus);
  let current: Lent | null = null;
  let opening: Promise<Lent> | null = null;

  const retire = async (lent: Lent): Promise<void> => {
    lent.retired = true;
    if (lent.users === 0) await lent.index.close();
  };

  const open = async (): Promise<Lent> => {
    const lent: Lent = { index: await openIndex(options), users: 0, retired: false };
    const before = current;
    current = lent;
    if (before) await retire(before);
    return lent;
  };

  const latest = async (): Promise<Lent> => {
    if (current && (await readCurrent(folder)) === current.index.buildId) return current;
    opening ??= open().finally(() => {
      opening = null;
    });
    return opening;
  };

  return {
    use: async (work) => {
      let lent = await latest();
      // Replaced between the look and here.
      while (lent.retired) lent = await latest();
      lent.users++;
      try {
        return await work(lent.index);
      } finally {
        lent.users--;
        if (lent.retired && lent.users === 0) await lent.index.close();
      }
    },
    close: async () => {
      await opening?.catch(() => undefined);
      if (current) await retire(current);
      current = null;
    },
  };
};
