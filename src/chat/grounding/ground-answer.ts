import type { Locale } from '../../store/records.ts';
import { checkCitations, citedSources } from './citations.ts';
import { chooseEvidence, type EvidenceSearch } from './evidence.ts';
import { extractQuotations } from './extract.ts';
import { groundedQuestion } from './grounded-question.ts';
import type { GroundingMode, GroundingRecord } from './grounding.ts';

/** A model as grounding sees it. */
export interface GroundedModel {
  readonly name: string;
  readonly mode: GroundingMode;
  /** Whether a prompt with this question leaves the answer its room. */
  readonly fits: (question: string) => Promise<boolean>;
}

/** Either the answer is there, or a model is to write it from a question that holds the passages. */
export type GroundedWork =
  | { readonly type: 'answer'; readonly text: string; readonly record: GroundingRecord }
  | { readonly type: 'ask'; readonly question: string; readonly check: (answer: string) => GroundingRecord };

const quoted: Readonly<Record<Locale, (text: string) => string>> = {
  ja: (text) => `「${text}」`,
  en: (text) => `“${text}”`,
};

/**
 * Looks for what a question can be answered with. Nothing good enough: an empty answer, `refused`. A model that quotes
 * is not asked at all; one that writes is given the passages, and what it wrote is checked afterwards.
 */
export const groundAnswer = async ({
  question,
  locale,
  model,
  evidence,
  signal,
}: {
  readonly question: string;
  readonly locale: Locale;
  readonly model: GroundedModel;
  readonly evidence: EvidenceSearch;
  readonly signal: AbortSignal;
}): Promise<GroundedWork> => {
  const result = await evidence.find(question, model.name, signal);
  const passages = chooseEvidence(result);
  const about = { corpus: result.corpus, documents: result.index.documents };
  const refused = (): GroundedWork => ({
    type: 'answer',
    text: '',
    record: { ...about, mode: 'refused', sentences: [], sources: [] },
  });
  if (passages.length === 0) return refused();
  if (model.mode === 'generative') {
    const asked = await groundedQuestion({ question, passages, locale, fits: model.fits });
    const given = new Set(asked.passages.map(({ number }) => number));
    if (given.size > 0) {
      return {
        type: 'ask',
        question: asked.text,
        check: (answer) => {
          const sentences = checkCitations(answer, asked.passages);
          const sources = citedSources(
            sentences,
            passages.filter(({ number }) => given.has(number)),
          );
          return { ...about, mode: 'generative', sentences, sources };
        },
      };
    }
  }
  // A model without room for one sentence of evidence quotes, too.
  const quotations = extractQuotations(question, passages);
  if (quotations.length === 0) return refused();
  const sentences = quotations.map(({ number, text }) => ({ text, citations: [{ number, supported: true }] }));
  return {
    type: 'answer',
    text: quotations.map(({ number, text }) => `${quoted[locale](text)} [${number}]`).join('\n\n'),
    record: { ...about, mode: 'extractive', sentences, sources: citedSources(sentences, passages) },
  };
};
