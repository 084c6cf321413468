import type { EvidenceSearch } from '../../src/chat/grounding/evidence.ts';
import { type GroundedWork, groundAnswer } from '../../src/chat/grounding/ground-answer.ts';
import type { DocumentRef } from '../../src/corpus/document.ts';
import { asTenkyoError } from '../../src/errors.ts';
import type { Locale } from '../../src/store/records.ts';
import type { OpenModel } from './open-models.ts';
import type { OpenSearch } from './open-search.ts';

/** Hits that passages are chosen among. */
export const evidenceHits = 8;

/**
 * The search behind 🔍 as the evidence of grounded answers.
 *
 * @param corpora those that may be shown; without it all
 * @param hiddenOf documents of a corpus that nothing may rest on; without it there are none
 */
export const evidenceOf = (
  search: Pick<OpenSearch, 'corpusFor' | 'search'>,
  {
    corpora,
    hiddenOf,
  }: {
    readonly corpora?: readonly string[];
    readonly hiddenOf?: (corpus: string) => Promise<readonly DocumentRef[]>;
  } = {},
): EvidenceSearch => ({
  find: async (text, model, signal) => {
    const query = { text, question: null, model, ...(corpora ? { corpora } : {}) };
    const corpus = search.corpusFor(query);
    return search.search(corpus, query, { limit: evidenceHits, signal, hidden: (await hiddenOf?.(corpus)) ?? [] });
  },
});

/** What a model answers a question with from the corpus, or what it is to be asked. */
export const groundWith = (
  { config: { name, grounding, maxTokens }, prompt }: Pick<OpenModel, 'config' | 'prompt'>,
  evidence: EvidenceSearch,
  { question, locale, signal }: { question: string; locale: Locale; signal: AbortSignal },
): Promise<GroundedWork> =>
  groundAnswer({
    question,
    locale,
    evidence,
    signal,
    model: {
      name,
      mode: grounding,
      fits: async (asked) => {
        try {
          return (await prompt([], asked)).maxTokens >= maxTokens;
        } catch (error) {
          if (asTenkyoError(error).code === 'prompt_too_long') return false;
          throw error;
        }
      },
    },
  });
