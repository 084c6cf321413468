import { graphemeBoundary } from '../text/graphemes.ts';
import { guessLanguage, type Language } from '../text/language.ts';
import { fold } from '../text/normalize.ts';
import { sentenceRanges } from '../text/sentences.ts';
import { keywordTokens } from '../text/tokens.ts';
import { cleanMessage, withoutAddresses } from './clean-message.ts';
import type { WeightedToken } from './ports.ts';

/** A text whose vector is searched for, mixed with those of its companions. */
export type WeightedText = { readonly text: string; readonly weight: number };

/** What the engines are asked. */
export interface SearchPlan {
  /** The message, cleaned: where spans are looked for; their offsets count its units. */
  readonly text: string;
  readonly keyword: readonly WeightedToken[];
  /** One search each, a passage's best counts. Each is a sum of vectors. */
  readonly vector: readonly (readonly WeightedText[])[];
  readonly language: Language | null;
}

/** The question stands beside the answer that was asked about, not above it. */
const questionWeight = 0.5;
/** Slack's longest message; what comes from elsewhere is cut. */
const longestText = 40_000;
/** Characters that are made into queries: the beginning of a very long text says what it is about. */
const longestQuery = 6_000;
/** A text longer than this is embedded in parts: one vector can't stand for many claims. */
const longestClaim = 300;
const mostClaims = 4;

const cut = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, graphemeBoundary(text, length, 0));

/** What a model that ran in circles wrote, once: repeated stretches, then repeated sentences. */
const withoutLoops = (text: string): string => {
  const straight = text.replace(/(.{2,80}?)\1{2,}/gsu, '$1');
  const seen = new Set<string>();
  return sentenceRanges(straight)
    .map(([start, end]) => straight.slice(start, end))
    .filter((sentence) => {
      const key = fold(sentence).trim();
      return key === '' || (!seen.has(key) && seen.add(key));
    })
    .join('');
};

const weigh = (texts: readonly WeightedText[]): WeightedToken[] => {
  const weights = new Map<string, number>();
  for (const { text, weight } of texts) {
    for (const token of keywordTokens(text)) weights.set(token, (weights.get(token) ?? 0) + weight);
  }
  return [...weights].map(([token, weight]) => ({ token, weight }));
};

/** Stretches of whole sentences, as many as are searched for, spread over the text. */
const claims = (text: string): string[] => {
  if (text.length <= longestClaim) return [text];
  const parts: string[] = [];
  for (const [start, end] of sentenceRanges(text)) {
    const last = parts.at(-1);
    const sentence = cut(text.slice(start, end), longestClaim);
    if (last !== undefined && last.length + sentence.length <= longestClaim) parts[parts.length - 1] = last + sentence;
    else parts.push(sentence);
  }
  const step = Math.max(1, parts.length / mostClaims);
  return Array.from({ length: Math.min(mostClaims, parts.length) }, (_, index) => parts[Math.floor(index * step)]!);
};

/**
 * Turns a message (and the question it answered, when that is known) into what the engines are asked. One word works,
 * and so does a long answer that runs in circles.
 */
export const planSearch = ({ text: message, question }: { text: string; question: string | null }): SearchPlan => {
  const text = cut(cleanMessage(message), longestText);
  const query = withoutLoops(cut(withoutAddresses(text), longestQuery));
  const asked = question === null ? '' : cut(withoutAddresses(cleanMessage(question)), longestClaim);
  const companions = asked === '' ? [] : [{ text: asked, weight: questionWeight }];
  return {
    text,
    keyword: weigh([{ text: query, weight: 1 }, ...companions]),
    vector: claims(query)
      .filter((claim) => claim.trim() !== '')
      .map((claim) => [{ text: claim, weight: 1 }, ...companions]),
    language: guessLanguage(query),
  };
};
