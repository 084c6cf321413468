import type { EvidenceSearch } from '../../src/chat/grounding/evidence.ts';
import type { GroundingRecord } from '../../src/chat/grounding/grounding.ts';
import { TenkyoError } from '../../src/errors.ts';
import type { Locale } from '../../src/store/records.ts';
import { guessLanguage } from '../../src/text/language.ts';
import { groundWith } from './ground-with.ts';
import type { OpenModel } from './open-models.ts';

export interface GroundedAnswer {
  readonly text: string;
  readonly grounding: GroundingRecord;
}

/** One grounded answer, written to its end, in the language of its question. */
export const writeGrounded = async (
  model: OpenModel,
  evidence: EvidenceSearch,
  { question, signal }: { question: string; signal: AbortSignal },
): Promise<GroundedAnswer & { readonly locale: Locale }> => {
  const locale = guessLanguage(question) === 'ja' ? 'ja' : 'en';
  const work = await groundWith(model, evidence, { question, locale, signal });
  if (work.type === 'answer') return { text: work.text, grounding: work.record, locale };
  const { prompt, maxTokens } = await model.prompt([], work.question);
  const { temperature, topP, name } = model.config;
  let text = '';
  for await (const part of model.generator.generate({ prompt, maxTokens, temperature, topP, signal })) {
    if (part.type === 'end') return { text, grounding: work.check(text), locale };
    if (part.type === 'text') text += part.text;
  }
  throw new TenkyoError('model_failed', 'the model stopped without an end', { where: name });
};
