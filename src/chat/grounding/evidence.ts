import { TenkyoError } from '../../errors.ts';
import type { Hit, SearchResult } from '../../search/result.ts';
import type { GroundingPassage } from './grounding.ts';

/** The search that answers are grounded on: the one behind 🔍. */
export interface EvidenceSearch {
  /** @param model whose iterations are shown */
  find(question: string, model: string, signal: AbortSignal): Promise<SearchResult>;
}

/**
 * The share of what a question's words could score that a passage must reach. Below it a corpus has nothing on the
 * question: docs/decisions/0032-grounded-answers.md has the figures and how it was chosen.
 */
const leastCoverage = 0.23;
/** Further passages must come this near to the best one. */
const nearBest = 0.5;
const mostPassages = 4;

/**
 * The passages that an answer may rest on, best first and numbered from 1; none: the corpus has nothing good enough.
 * How much of the question a passage covers is judged by its words, because shares of words mean the same in every
 * corpus and with every embedding model.
 *
 * @throws TenkyoError `engine_late`, `engine_unavailable` when the words could not be looked up: that is no answer to the question either
 */
export const chooseEvidence = ({ hits, engines }: Pick<SearchResult, 'hits' | 'engines'>): GroundingPassage[] => {
  const keyword = engines.find(({ engine }) => engine === 'keyword');
  if (keyword?.status !== 'ok' || keyword.coverage === undefined) {
    throw new TenkyoError(
      keyword?.status === 'late' ? 'engine_late' : 'engine_unavailable',
      'the corpus could not be searched by words',
      {
        found: keyword?.reason ?? keyword?.status ?? 'no keyword search',
        remedy: 'Try again; `tenkyo doctor` says which engines are reachable.',
      },
    );
  }
  const scoreOf = ({ scores }: Hit): number => scores.keyword ?? 0;
  const best = Math.max(0, ...hits.map(scoreOf));
  if (best === 0 || keyword.coverage < leastCoverage) return [];
  return hits
    .filter((hit) => scoreOf(hit) >= best * nearBest)
    .toSorted((a, b) => scoreOf(b) - scoreOf(a))
    .slice(0, mostPassages)
    .map(({ passageId, documentId, source, title, url, text, reading }, index) => ({
      number: index + 1,
      passageId,
      documentId,
      source,
      title,
      url,
      text,
      reading,
    }));
};
