export interface Sampling {
  /** 0: the likeliest token, always. */
  readonly temperature: number;
  /** Smallest set of tokens whose probabilities sum to this is drawn from; 1: all. */
  readonly topP: number;
}

/**
 * Picks the next token: the likeliest, or one drawn by temperature and nucleus (Holtzman et al., ICLR 2020).
 *
 * @param logits one number a token of the vocabulary
 * @param random uniform in [0, 1); not called when greedy
 * @returns the token's id; of equal logits the lowest id when greedy
 */
export const sampleToken = (logits: Float32Array, { temperature, topP }: Sampling, random: () => number): number => {
  const best = likeliest(logits);
  if (temperature <= 0) return best;

  const top = logits[best]!;
  const weights = new Float64Array(logits.length);
  let total = 0;
  for (let id = 0; id < logits.length; id += 1) {
    weights[id] = Math.exp((logits[id]! - top) / temperature);
    total += weights[id]!;
  }
  const nucleus = topP < 1 ? likeliestShare(weights, total, topP) : weights.keys();
  return draw(nucleus, weights, random, topP < 1 ? undefined : total) ?? best;
};

const likeliest = (logits: Float32Array): number => {
  let best = 0;
  for (let id = 1; id < logits.length; id += 1) if (logits[id]! > logits[best]!) best = id;
  return best;
};

/** The fewest tokens, likeliest first, whose weights reach `share` of the total. */
const likeliestShare = (weights: Float64Array, total: number, share: number): number[] => {
  // All tokens below this weight together weigh less than what the nucleus leaves out: only the others need sorting.
  const floor = ((1 - share) * total) / weights.length;
  const candidates: number[] = [];
  for (let id = 0; id < weights.length; id += 1) if (weights[id]! >= floor) candidates.push(id);
  candidates.sort((a, b) => weights[b]! - weights[a]! || a - b);

  let sum = 0;
  const end = candidates.findIndex((id) => {
    sum += weights[id]!;
    return sum >= share * total;
  });
  return end < 0 ? candidates : candidates.slice(0, end + 1);
};

const draw = (
  ids: Iterable<number>,
  weights: Float64Array,
  random: () => number,
  total?: number,
): number | undefined => {
  const tokens = [...ids];
  let left = random() * (total ?? tokens.reduce((sum, id) => sum + weights[id]!, 0));
  for (const id of tokens) {
    left -= weights[id]!;
    if (left < 0) return id;
  }
  return tokens.at(-1);
};
