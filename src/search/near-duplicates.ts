import { fold } from '../text/normalize.ts';

/** Characters of a shingle. */
const shingleLength = 5;
/** Shingles that two passages must share, as a share of all of both (Jaccard). */
const nearShare = 0.8;
/** Least shingles kept to compare first: most pairs share hardly one. */
const sketchSize = 16;

/** A passage as what it says: hashes of the shingles of its letters and numbers, in one width and case. */
export interface Shingles {
  /** The least distinct hashes, in order: a fair sample (MinHash; Broder, 1997). */
  readonly sketch: Uint32Array;
  /** All distinct hashes, in order; made when they are first asked for, since most passages are like no other. */
  all(): Uint32Array;
}

const essence = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]+/gu, '');

const leastOf = (hashes: Uint32Array): Uint32Array => {
  const least = new Uint32Array(sketchSize + 1);
  let count = 0;
  for (let index = 0; index < hashes.length; index++) {
    const hash = hashes[index]!;
    if (count === sketchSize && hash >= least[count - 1]!) continue;
    let at = count;
    while (at > 0 && least[at - 1]! > hash) at--;
    if (at > 0 && least[at - 1] === hash) continue;
    least.copyWithin(at + 1, at, count);
    least[at] = hash;
    if (count < sketchSize) count++;
  }
  return least.subarray(0, count);
};

const distinct = (hashes: Uint32Array): Uint32Array => {
  const sorted = hashes.toSorted();
  let count = 0;
  for (const [index, hash] of sorted.entries()) if (index === 0 || hash !== sorted[count - 1]) sorted[count++] = hash;
  return sorted.subarray(0, count);
};

/** FNV-1a over a shingle's units, mixed so that the order of the hashes says nothing of the text. */
export const shinglesOf = (text: string): Shingles => {
  const letters = essence(text);
  const hashes = new Uint32Array(letters.length === 0 ? 0 : Math.max(1, letters.length - shingleLength + 1));
  for (let start = 0; start < hashes.length; start++) {
    let hash = 0x811c9dc5;
    const end = Math.min(letters.length, start + shingleLength);
    for (let index = start; index < end; index++) hash = Math.imul(hash ^ letters.charCodeAt(index), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hashes[start] = hash ^ (hash >>> 13);
  }
  let all: Uint32Array | undefined;
  return {
    sketch: leastOf(hashes),
    all: () => {
      all ??= distinct(hashes);
      return all;
    },
  };
};

const sharedBy = (a: Uint32Array, b: Uint32Array): number => {
  let count = 0;
  let j = 0;
  for (const hash of a) {
    while (j < b.length && b[j]! < hash) j++;
    if (b[j] === hash) count++;
  }
  return count;
};

const areNear = (a: Shingles, b: Shingles): boolean => {
  const [one, other] = [a.all(), b.all()];
  const least = nearShare * Math.max(one.length, other.length);
  if (Math.min(one.length, other.length) < least) return false;
  const both = sharedBy(one, other);
  return both >= nearShare * (one.length + other.length - both);
};

/** Passages that differ from each other, found again by what they hold. */
export interface Originals<T> {
  /** The first that was added and says the same but for a few words. */
  twinOf(shingles: Shingles): T | undefined;
  add(shingles: Shingles, original: T): void;
}

export const createOriginals = <T>(): Originals<T> => {
  const entries: { readonly shingles: Shingles; readonly original: T }[] = [];
  const byHash = new Map<number, number[]>();
  return {
    twinOf: (shingles) => {
      const common = new Map<number, number>();
      for (const hash of shingles.sketch) {
        for (const entry of byHash.get(hash) ?? []) common.set(entry, (common.get(entry) ?? 0) + 1);
      }
      // Of the least hashes of near-duplicates four in five are the same; half of them hardly ever are not.
      const likely = [...common].filter(
        ([entry, count]) => count >= Math.min(shingles.sketch.length, entries[entry]!.shingles.sketch.length) / 2,
      );
      const found = likely
        .map(([entry]) => entry)
        .toSorted((a, b) => a - b)
        .find((entry) => areNear(entries[entry]!.shingles, shingles));
      return found === undefined ? undefined : entries[found]!.original;
    },
    add: (shingles, original) => {
      const entry = entries.push({ shingles, original }) - 1;
      for (const hash of shingles.sketch) {
        const known = byHash.get(hash);
        if (known) known.push(entry);
        else byHash.set(hash, [entry]);
      }
    },
  };
};
