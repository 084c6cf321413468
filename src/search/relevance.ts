import { centred } from '../embedding/centring.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { sentenceRanges } from '../text/sentences.ts';
import { planSearch } from './plan.ts';
import type { Calibration, KeywordResult, ScoredPassage, SearchIndex } from './ports.ts';
import type { EngineLists } from './present-hit.ts';
import type { Hit } from './result.ts';
import { quantile } from './retrieval-metrics.ts';
import { searchByVector } from './vector-search.ts';

/** Points of a stored distribution: its quantiles in steps of 5 %. */
const points = 21;
/** Sentences from which on a distribution says something. */
const leastQueries = 20;
const shortestSentence = 12;
const candidates = 20;

/**
 * The mean of both engines' shares decides. On the demonstration's queries 93 % of the hits called high were relevant,
 * 34 % of the medium and 4 % of the low ones; on JSQuAD 81, 26 and 1 %.
 */
const highShare = 0.9;
const mediumShare = 0.5;

const quantiles = (values: readonly number[]): number[] | null =>
  values.length < leastQueries
    ? null
    : Array.from({ length: points }, (_, point) => quantile(values, point / (points - 1)));

/** Of a sorted distribution, the share that lies below a score: 0…1, straight between its points. */
const shareBelow = (distribution: readonly number[], score: number): number => {
  const at = distribution.findIndex((value) => value > score);
  if (at < 0) return 1;
  if (at === 0) return 0;
  const [from, to] = [distribution[at - 1]!, distribution[at]!];
  return (at - 1 + (to > from ? (score - from) / (to - from) : 0)) / (distribution.length - 1);
};

/** A keyword score as a share of what the query's words could give: comparable between queries. */
const ofCeiling = ({ hits, coverage }: KeywordResult, score: number): number =>
  hits[0] && hits[0].score > 0 ? (score / hits[0].score) * coverage : 0;

const bestElsewhere = (hits: readonly ScoredPassage[], own: string): ScoredPassage | undefined =>
  hits.find(({ passageId }) => !passageId.startsWith(own));

/**
 * How a corpus answers its own sentences when the document that a sentence stands in is left out: what the best passage
 * of another document scores. A hit that scores more than most of these is closer than documents of this corpus are to
 * each other.
 *
 * @param passages a sample of the corpus, one sentence of each is asked
 */
export const calibrate = async (
  passages: readonly { readonly source: string; readonly sequence: number; readonly text: string }[],
  { index, embedder, signal }: { index: SearchIndex; embedder: Embedder | null; signal?: AbortSignal },
): Promise<Calibration> => {
  const asked = embedder && index.means ? centred(embedder, index.means) : embedder;
  const keyword: number[] = [];
  const vector: number[] = [];
  for (const { source, sequence, text } of passages) {
    const sentence = sentenceRanges(text)
      .map(([start, end]) => text.slice(start, end).trim())
      .find(({ length }) => length >= shortestSentence);
    if (sentence === undefined) continue;
    const plan = planSearch({ text: sentence, question: null });
    const own = `${source}:${sequence}:`;
    const options = { limit: candidates, sources: null, signal };
    const found = await index.keyword.search(plan.keyword, options);
    const word = bestElsewhere(found.hits, own);
    if (word) keyword.push(ofCeiling(found, word.score));
    if (asked && index.vector) {
      const near = bestElsewhere(
        await searchByVector(plan.vector, { embedder: asked, vector: index.vector }, options),
        own,
      );
      if (near) vector.push(near.score);
    }
  }
  return { keyword: quantiles(keyword), vector: quantiles(vector) };
};

/** Of a hit that has this much of the message word for word nobody asks how alike it is. */
const certain = 0.45;

/** Says where a hit's scores stand among those of the calibration; null: the corpus has none. */
export const createBands = (
  calibration: Calibration | null | undefined,
  { exact, keyword, vector }: EngineLists,
): ((passageId: string, foreign: boolean) => Hit['band']) => {
  if (!calibration) return () => null;
  const scores = (hits: readonly ScoredPassage[]) => new Map(hits.map(({ passageId, score }) => [passageId, score]));
  const [exactOf, keywordOf, vectorOf] = [scores(exact?.hits ?? []), scores(keyword?.hits ?? []), scores(vector ?? [])];
  const shareOf = (distribution: readonly number[], score: number | undefined): number =>
    score === undefined ? 0 : shareBelow(distribution, score);
  return (passageId, foreign) => {
    const shares: number[] = [];
    const words = keywordOf.get(passageId);
    // To a passage in another language keywords say nothing.
    if (keyword && calibration.keyword && !(foreign && vector)) {
      shares.push(shareOf(calibration.keyword, words && ofCeiling(keyword, words)));
    }
    if (vector && calibration.vector) shares.push(shareOf(calibration.vector, vectorOf.get(passageId)));
    if ((exactOf.get(passageId) ?? 0) >= certain) return 'high';
    if (shares.length === 0) return null;
    const share = shares.reduce((sum, one) => sum + one, 0) / shares.length;
    if (share >= highShare) return 'high';
    // The calibration's sentences found their like in their own language: a lower place among them says nothing.
    if (foreign) return null;
    return share >= mediumShare ? 'medium' : 'low';
  };
};
