import { TenkyoError } from '../../errors.ts';
import type { Range } from '../../text/graphemes.ts';

/** Characters of the shortest stretch whose being there is asked. */
const leastAsked = 2;

/**
 * The maximal stretches of a text that a corpus holds, found by asking whether it holds this or that stretch, many
 * questions at a time. First come blocks that every stretch of the shortest length contains one of: what is absent
 * rules out all that holds it. Then come all stretches of the shortest length that are left. Where they stand in a
 * row, the end of the longest stretch is never before that of its left neighbour, so the row is halved by starts and
 * by ends at once; a copy of the whole row is one question.
 *
 * @param minimum characters (code points)
 * @param holds whether the corpus holds a stretch; asked with many at once, each stretch once
 * @returns ranges in UTF-16 units, in order
 */
export const findMaximalSpans = async (
  text: string,
  minimum: number,
  holds: (stretch: string) => Promise<boolean>,
): Promise<Range[]> => {
  const block = Math.floor((minimum + 1) / 2);
  if (block < leastAsked) {
    throw new TenkyoError('usage', 'the shortest span is too short for this index', {
      expected: `${2 * leastAsked - 1} characters or more`,
      found: `${minimum}`,
    });
  }
  const offsets = [0];
  for (const character of text) offsets.push(offsets.at(-1)! + character.length);
  const count = offsets.length - 1;

  const asked = new Map<string, Promise<boolean>>();
  const has = (start: number, end: number): Promise<boolean> => {
    const stretch = text.slice(offsets[start], offsets[end]);
    const known = asked.get(stretch) ?? holds(stretch);
    asked.set(stretch, known);
    return known;
  };
  const each = (from: number, to: number, step: number): number[] =>
    Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, at) => from + at * step);

  /** By start: where the longest stretch ends; 0: there is none. */
  const ends = new Uint32Array(count + 1);
  const alive = new Uint8Array(Math.max(0, count - minimum + 1)).fill(1);
  if (alive.length === 0) return [];
  await Promise.all(
    each(0, count - block + 1, block).map(async (at) => {
      if (!(await has(at, at + block)))
        alive.fill(0, Math.max(0, at + block - minimum), Math.min(alive.length, at + 1));
    }),
  );
  await Promise.all(
    each(0, alive.length, 1).map(async (at) => {
      if (alive[at] && !(await has(at, at + minimum))) alive[at] = 0;
    }),
  );

  /** Ends for the starts `from` to `to`: at least `low` and what is alive, at most `high`. */
  const settle = async (from: number, to: number, low: number, high: number): Promise<void> => {
    if (from > to) return;
    if (Math.max(low, from + minimum) >= high) {
      ends.fill(high, from, to + 1);
      return;
    }
    const start = (from + to) >>> 1;
    const least = Math.max(low, start + minimum);
    const end = (least + high + 1) >>> 1;
    if (least >= high || (await has(start, end))) {
      await Promise.all([settle(from, start - 1, low, high), settle(start, to, Math.min(end, high), high)]);
    } else await Promise.all([settle(from, start, low, end - 1), settle(start + 1, to, low, high)]);
  };
  const rows: Promise<void>[] = [];
  for (let from = 0; from < alive.length; from++) {
    if (!alive[from]) continue;
    let to = from;
    while (alive[to + 1]) to++;
    const row: Range = [from, to];
    const end = to + minimum;
    rows.push(has(from, end).then((whole) => settle(...row, whole ? end : 0, end)));
    from = to;
  }
  await Promise.all(rows);

  const spans: Range[] = [];
  let furthest = 0;
  for (const [start, end] of ends.entries()) {
    if (end <= furthest) continue;
    furthest = end;
    spans.push([offsets[start]!, offsets[end]!]);
  }
  return spans;
};
