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

const letterOrNumber = /[\p{L}\p{N}]/u;

/** Units of which nearly all texts are made are told by their number: a pattern takes ten times as long. */
const isLetter = (unit: number): boolean => {
  if (unit < 0x80) return (unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x7a);
  if (unit >= 0x4e00 && unit <= 0x9fff) return true;
  if ((unit >= 0x3041 && unit <= 0x3096) || (unit >= 0x30a1 && unit <= 0x30fa) || unit === 0x30fc) return true;
  if (unit === 0x3001 || unit === 0x3002) return false;
  return letterOrNumber.test(String.fromCharCode(unit));
};

/** The letters and numbers of a folded text. */
const essence = (folded: string): Uint16Array => {
  const units = new Uint16Array(folded.length);
  let count = 0;
  for (let index = 0; index < folded.length; index++) {
    const unit = folded.charCodeAt(index);
    if ((unit & 0xf800) !== 0xd800) {
      if (isLetter(unit)) units[count++] = unit;
      continue;
    }
    const character = String.fromCodePoint(folded.codePointAt(index)!);
    for (let part = 0; part < character.length; part++) {
      if (letterOrNumber.test(character)) units[count++] = character.charCodeAt(part);
    }
    index += character.length - 1;
  }
  return units.subarray(0, count);
};

const leastOf = (hashes: Uint32Array): Uint32Array => {
  const least = new Uint32Array(sketchSize + 1);
  let count = 0;
  for (let index = 0; index < hashes.length; index++) {
    const hash = hashes[index]!;
    if (count === sketchSize && hash >= least[count - 1]!) continue;
    let at = count;
    while (at > 0 && least[at - 1]! > hash) at--;
    if (at > 0 && least[at - 1] === hash) continue;
    for (let moved = count; moved > at; moved--) least[moved] = least[moved - 1]!;
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

/**
 * FNV-1a over a shingle's units, mixed so that the order of the hashes says nothing of the text.
 *
 * @param text folded
 */
export const shinglesOf = (text: string): Shingles => {
  const letters = essence(text);
  const hashes = new Uint32Array(letters.length === 0 ? 0 : Math.max(1, letters.length - shingleLength + 1));
  for (let start = 0; start < hashes.length; start++) {
    let hash = 0x811c9dc5 | 0;
    const end = Math.min(letters.length, start + shingleLength);
    for (let index = start; index < end; index++) hash = Math.imul(hash ^ letters[index]!, 0x01000193);
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
  // By hash as a signed number: those above 2³¹ would be objects.
  const byHash = new Map<number, number | number[]>();
  const isLikely = (entry: number, count: number, length: number): boolean =>
    // Of the least hashes of near-duplicates four in five are the same; half of them hardly ever are not.
    count >= Math.min(length, entries[entry]!.shingles.sketch.length) / 2;
  return {
    twinOf: (shingles) => {
      const { sketch } = shingles;
      const common = new Uint8Array(entries.length);
      for (let index = 0; index < sketch.length; index++) {
        const known = byHash.get(sketch[index]! | 0);
        if (typeof known === 'number') common[known]!++;
        else if (known) for (const entry of known) common[entry]!++;
      }
      for (const [entry, { shingles: other, original }] of entries.entries()) {
        if (common[entry]! > 0 && isLikely(entry, common[entry]!, sketch.length) && areNear(other, shingles))
          return original;
      }
      return undefined;
    },
    add: (shingles, original) => {
      const entry = entries.push({ shingles, original }) - 1;
      const { sketch } = shingles;
      for (let index = 0; index < sketch.length; index++) {
        const hash = sketch[index]! | 0;
        const known = byHash.get(hash);
        if (known === undefined) byHash.set(hash, entry);
        else if (typeof known === 'number') byHash.set(hash, [known, entry]);
        else known.push(entry);
      }
    },
  };
};
