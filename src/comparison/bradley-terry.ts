import { quantile } from '../search/retrieval-metrics.ts';
import type { Winner } from '../store/feedback-records.ts';

/** One vote, with the names of who stood against whom. */
export interface Judgement {
  readonly first: string;
  readonly second: string;
  readonly winner: Winner;
}

/** How one entrant does. */
export interface Standing {
  readonly name: string;
  /** On the scale of chess (400 points: ten to one); the mean of a group is 1,000. */
  readonly rating: number;
  /** Within these lie 95 % of the ratings of resampled votes. */
  readonly low: number;
  readonly high: number;
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  readonly bothBad: number;
  /** From 1. Entrants of different groups were never compared, not even through others: their ratings say nothing of each other. */
  readonly group: number;
}

export interface RankOptions {
  /** Numbers in [0, 1), for resampling. */
  readonly random: () => number;
  /** Resampled sets of votes; default 500. */
  readonly samples?: number;
}

/** Votes for one outcome between two entrants, by their places in the sorted names: `one` < `two`. */
interface Cell {
  readonly one: number;
  readonly two: number;
  /** What `one` got: 1 won, 0.5 tied, 0 lost. */
  readonly score: number;
  count: number;
}

/** An entrant that always won would have no finite strength: each also won and lost half a time against an average one. */
const prior = 0.5;
const tolerance = 1e-7;
const mostIterations = 500;
const meanRating = 1_000;

const scores: Readonly<Record<Winner, number>> = { first: 1, second: 0, tie: 0.5, both_bad: 0.5 };

/** The votes counted, in an order that does not depend on theirs. */
const countCells = (votes: readonly Judgement[], places: ReadonlyMap<string, number>): Cell[] => {
  const cells = new Map<string, Cell>();
  for (const { first, second, winner } of votes) {
    const [a, b] = [places.get(first) as number, places.get(second) as number];
    const score = a < b ? scores[winner] : 1 - scores[winner];
    const [one, two] = a < b ? [a, b] : [b, a];
    const key = `${one} ${two} ${score}`;
    const cell = cells.get(key) ?? { one, two, score, count: 0 };
    cell.count += 1;
    cells.set(key, cell);
  }
  return [...cells.values()].sort((a, b) => a.one - b.one || a.two - b.two || a.score - b.score);
};

/** The group of each entrant: those connected by votes, numbered in the order of names. */
const groupsOf = (count: number, cells: readonly Cell[]): number[] => {
  const root = Array.from({ length: count }, (_, index) => index);
  const find = (index: number): number => {
    let at = index;
    while (root[at] !== at) at = root[at] as number;
    return at;
  };
  for (const { one, two } of cells) {
    const [a, b] = [find(one), find(two)];
    root[Math.max(a, b)] = Math.min(a, b);
  }
  const numbers = new Map<number, number>();
  return root.map((_, index) => {
    const own = find(index);
    const number = numbers.get(own) ?? numbers.size + 1;
    numbers.set(own, number);
    return number;
  });
};

/**
 * Strengths by minorisation and maximisation (Hunter, “MM algorithms for generalized Bradley–Terry models”, Annals of
 * Statistics, 2004); a tie is half a win for each.
 */
const strengthsOf = (count: number, cells: readonly Cell[]): number[] => {
  const wins = new Array<number>(count).fill(prior);
  for (const { one, two, score, count: votes } of cells) {
    wins[one] = (wins[one] as number) + score * votes;
    wins[two] = (wins[two] as number) + (1 - score) * votes;
  }
  let strengths = new Array<number>(count).fill(1);
  for (let iteration = 0; iteration < mostIterations; iteration += 1) {
    const weights = strengths.map((strength) => (2 * prior) / (strength + 1));
    for (const { one, two, count: votes } of cells) {
      const weight = votes / ((strengths[one] as number) + (strengths[two] as number));
      weights[one] = (weights[one] as number) + weight;
      weights[two] = (weights[two] as number) + weight;
    }
    const next = wins.map((won, index) => won / (weights[index] as number));
    const moved = next.some((strength, index) => Math.abs(strength / (strengths[index] as number) - 1) > tolerance);
    strengths = next;
    if (!moved) break;
  }
  return strengths;
};

const ratingsOf = (strengths: readonly number[], groups: readonly number[]): number[] => {
  const logs = strengths.map((strength) => 400 * Math.log10(strength));
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [index, group] of groups.entries()) {
    const { sum, count } = sums.get(group) ?? { sum: 0, count: 0 };
    sums.set(group, { sum: sum + (logs[index] as number), count: count + 1 });
  }
  return logs.map((log, index) => {
    const { sum, count } = sums.get(groups[index] as number) as { sum: number; count: number };
    return meanRating + log - sum / count;
  });
};

/** As many votes, drawn from them with replacement (Efron, 1979). */
const resample = (cells: readonly Cell[], random: () => number): Cell[] => {
  const ends: number[] = [];
  for (const { count } of cells) ends.push((ends.at(-1) ?? 0) + count);
  const total = ends.at(-1) ?? 0;
  const drawn = cells.map((cell) => ({ ...cell, count: 0 }));
  for (let vote = 0; vote < total; vote += 1) {
    const place = Math.floor(random() * total);
    (drawn[ends.findIndex((end) => place < end)] as Cell).count += 1;
  }
  return drawn.filter(({ count }) => count > 0);
};

/**
 * The table of entrants by the model of Bradley and Terry (Biometrika, 1952), with bootstrap intervals; within a group
 * the strongest first. The order of the votes, and who of a pair is named first, make no difference.
 */
export const rankEntrants = (
  votes: readonly Judgement[],
  { random, samples = 500 }: RankOptions,
): readonly Standing[] => {
  const fair = votes.filter(({ first, second }) => first !== second);
  const names = [...new Set(fair.flatMap(({ first, second }) => [first, second]))].sort();
  const cells = countCells(fair, new Map(names.map((name, index) => [name, index])));
  const groups = groupsOf(names.length, cells);
  const ratings = ratingsOf(strengthsOf(names.length, cells), groups);
  const resampled = Array.from({ length: samples }, () =>
    ratingsOf(strengthsOf(names.length, resample(cells, random)), groups),
  );
  return names
    .map((name, index): Standing => {
      const spread = resampled.map((one) => one[index] as number);
      const of = (mine: readonly Winner[], theirs: readonly Winner[]): number =>
        fair.filter(
          ({ first, second, winner }) =>
            (first === name && mine.includes(winner)) || (second === name && theirs.includes(winner)),
        ).length;
      return {
        name,
        rating: ratings[index] as number,
        low: quantile(spread, 0.025),
        high: quantile(spread, 0.975),
        wins: of(['first'], ['second']),
        losses: of(['second'], ['first']),
        ties: of(['tie'], ['tie']),
        bothBad: of(['both_bad'], ['both_bad']),
        group: groups[index] as number,
      };
    })
    .sort((a, b) => a.group - b.group || b.rating - a.rating || (a.name < b.name ? -1 : 1));
};
