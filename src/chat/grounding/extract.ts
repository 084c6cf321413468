import { fold } from '../../text/normalize.ts';
import { sentenceRanges } from '../../text/sentences.ts';
import { keywordTokens } from '../../text/tokens.ts';
import { isTelling } from './content-words.ts';
import type { GroundingPassage } from './grounding.ts';

/** A sentence of a passage, word for word. */
export interface Quotation {
  readonly number: number;
  readonly text: string;
}

const mostQuotations = 3;
/** A further quotation must say this much of what the best one says of the question. */
const nearBest = 0.6;
/** Longer sentences are mostly lists or broken texts; they are passed over while there are others. */
const longest = 240;

interface Candidate extends Quotation {
  readonly order: number;
  readonly tokens: ReadonlySet<string>;
}

/**
 * The sentences of the passages that share most with a question, quoted as they stand there. Words that few of the
 * sentences have weigh more; a passage's rank decides between equals. Never empty where a passage has a sentence.
 */
export const extractQuotations = (question: string, passages: readonly GroundingPassage[]): Quotation[] => {
  const seen = new Set<string>();
  const all: Candidate[] = passages.flatMap(({ number, text }) =>
    sentenceRanges(text).flatMap(([start, end]) => {
      const sentence = text.slice(start, end).trim();
      const key = fold(sentence);
      if (sentence === '' || seen.has(key)) return [];
      seen.add(key);
      return [{ number, text: sentence, order: seen.size, tokens: new Set(keywordTokens(sentence)) }];
    }),
  );
  const short = all.filter(({ text }) => text.length <= longest);
  const candidates = short.length > 0 ? short : all;
  const asked = [...new Set(keywordTokens(question).filter(isTelling))];
  const weights = new Map(
    asked.map((token) => {
      const holding = candidates.filter(({ tokens }) => tokens.has(token)).length;
      return [token, holding === 0 ? 0 : Math.log(1 + candidates.length / holding)];
    }),
  );
  const scored = candidates
    .map((candidate) => {
      const shared = asked.reduce(
        (sum, token) => sum + (candidate.tokens.has(token) ? (weights.get(token) ?? 0) : 0),
        0,
      );
      // Of two passages that both speak of it, the one that the search puts first.
      return { candidate, score: shared / (1 + 0.15 * (candidate.number - 1)) };
    })
    .toSorted((a, b) => b.score - a.score || a.candidate.order - b.candidate.order);
  const best = scored[0]?.score ?? 0;
  return scored
    .slice(0, mostQuotations)
    .filter(({ score }, index) => index === 0 || score >= best * nearBest)
    .map(({ candidate }) => candidate)
    .toSorted((a, b) => a.order - b.order)
    .map(({ number, text }) => ({ number, text }));
};
