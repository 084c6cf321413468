import { kindOfPart } from '../src/corpus/part.ts';
import type { CorpusDeclaration } from './list-files.ts';

/** The indexes of a corpus. */
interface CorpusIndexes {
  /** Has the corpus's name. */
  readonly texts: CorpusDeclaration;
  /** What a model was tuned on, apart: so it takes no place from what it was trained on. null: the corpus has none. */
  readonly tuning: CorpusDeclaration | null;
}

/** No corpus of a configuration can have this name. */
const tuningIndexOf = (corpus: string): string => `${corpus}~tuning`;

/**
 * Which indexes a corpus is searched by. Where it holds both texts and tuning data, each has one of its own; otherwise
 * all of it is in one.
 */
export const corpusIndexes = ({ name, documents }: CorpusDeclaration): CorpusIndexes => {
  if (typeof documents === 'string') return { texts: { name, documents }, tuning: null };
  const texts = documents.filter((part) => kindOfPart(part) === 'pretraining');
  if (texts.length === 0 || texts.length === documents.length) return { texts: { name, documents }, tuning: null };
  const tuning = documents.filter((part) => !texts.includes(part));
  return {
    texts: { name, documents: texts, apart: tuning },
    tuning: { name: tuningIndexOf(name), documents: tuning, apart: texts },
  };
};
