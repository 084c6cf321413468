/** Something that two ways of knowing a run disagree about. */
export interface Mismatch {
  /** A position, or a document of a source. */
  readonly where: string;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/** Counts all mismatches and keeps the first few. */
export interface Mismatches {
  readonly count: number;
  readonly shown: readonly Mismatch[];
  /** Notes a mismatch when the two differ as JSON; says whether they were equal. */
  compare(where: string, what: string, expected: unknown, found: unknown): boolean;
}

const text = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 400);

export const collectMismatches = ({ keep }: { readonly keep: number }): Mismatches => {
  const shown: Mismatch[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    shown,
    compare: (where, what, expected, found) => {
      const [left, right] = [JSON.stringify(expected), JSON.stringify(found)];
      if (left === right) return true;
      count += 1;
      if (shown.length < keep) shown.push({ where, what, expected: text(expected), found: text(found) });
      return false;
    },
  };
};
