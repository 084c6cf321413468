import { fold } from '../text/normalize.ts';

/** Characters of a shingle. */
const shingleLength = 5;
/** Shingles that two passages must share, as a share of all of both (Jaccard). */
const nearShare = 0.8;
/** Least shingles kept to compare first: most pairs share hardly one. */
const sketchSize = 16;

/** A passage as what it says: the distinct shingles of its letters and numbers, in one width and case, as sorted hashes. */
export type Shingles = Uint32Array;

const essence = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]/gu, '');

/** FNV-1a over a shingle's units, mixed so that the least hashes are a fair sample (MinHash; Broder, 1997). */
export const shinglesOf = (text: string): Shingles => {
  const letters = essence(text);
  const count = Math.max(letters.length === 0 ? 0 : 1, letters.length - shingleLength + 1);
  const hashes = new Uint32Array(count);
  for (let start = 0; start < count; start++) {
    let hash = 0x811c9dc5;
    const end = Math.min(letters.length, start + shingleLength);
    for (let index = start; index < end; index++) hash = Math.imul(hash ^ letters.charCodeAt(index), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hashes[start] = hash ^ (hash >>> 13);
  }
  hashes.sort();
  let distinct = 0;
  for (let index = 0; index < count; index++) {
    if (index === 0 || hashes[index] !== hashes[index - 1]) hashes[distinct++] = hashes[index]!;
  }
  return hashes.subarray(0, distinct);
};

const shared = (a: Shingles, b: Shingles): number => {
  let count = 0;
  let j = 0;
  for (const hash of a) {
    while (j < b.length && b[j]! < hash) j++;
    if (b[j] === hash) count++;
  }
  return count;
};

/** Whether two passages say the same but for a few words. */
export const areNearDuplicates = (a: Shingles, b: Shingles): boolean => {
  const [less, more] = a.length <= b.length ? [a, b] : [b, a];
  if (less.length === 0 || less.length < nearShare * more.length) return false;
  // Of the least hashes of near-duplicates at least a few are the same.
  if (shared(less.subarray(0, sketchSize), more.subarray(0, sketchSize)) < Math.min(less.length, sketchSize) / 4)
    return false;
  const both = shared(a, b);
  return both >= nearShare * (a.length + b.length - both);
};
