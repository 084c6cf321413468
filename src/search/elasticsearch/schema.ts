import type { estypes } from '@elastic/elasticsearch';
import { constants } from '../bm25.ts';

/** Goes into an index's fingerprint: raised with each change of the mappings. */
export const schemaVersion = 1;

/** Two indexes hold a corpus: its documents, where stretches are looked up, and their passages, where words are. */
export type IndexKind = 'documents' | 'passages';
export const indexKinds: readonly IndexKind[] = ['documents', 'passages'];

/** What stands in `documents`: the document, and `folded` for phrases, which is not kept. `_id` is `documentKey`. */
export interface StoredDocument {
  readonly id: string;
  readonly source: string;
  readonly sequence: number;
  readonly text: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly lang: string | null;
  /** JSON: what a record says of itself is no field of ours. */
  readonly meta: string;
  /** The document's lot in the sample of the searches' own seed. */
  readonly draw: number;
}

/**
 * `f ÷ (f + 100)` times a constant of the phrase: from two scores of which one frequency is known follows the other.
 * 100 keeps both small and great frequencies within the precision of a 32-bit score.
 */
export const timesConstant = 100;

const kept = { type: 'keyword', index: false, doc_values: false } as const;
const place = { source: { type: 'keyword' }, sequence: { type: 'long' }, lang: { type: 'keyword' } } as const;

/** Characters of a query that a `term` can hold, with room for those that take four bytes. */
const longestTerm = 8_000;

const mappings: Record<IndexKind, estypes.MappingTypeMapping> = {
  documents: {
    dynamic: 'strict',
    _source: { excludes: ['folded'] },
    properties: {
      ...place,
      id: { type: 'keyword', ignore_above: longestTerm },
      text: { type: 'text', index: false },
      title: kept,
      url: kept,
      meta: kept,
      /** Pairs of characters, each at its place: a phrase of them is a stretch of text, whatever it is made of. */
      folded: { type: 'text', analyzer: 'pairs', similarity: 'times', norms: false },
      draw: { type: 'long' },
    },
  },
  passages: {
    dynamic: 'strict',
    _source: { excludes: ['tokens'] },
    properties: {
      ...place,
      documentId: kept,
      start: { type: 'integer' },
      end: { type: 'integer' },
      title: kept,
      url: kept,
      text: { type: 'text', index: false },
      /** The product's own tokens, joined by spaces. */
      tokens: { type: 'text', analyzer: 'whitespace', similarity: 'tokens', index_options: 'freqs' },
    },
  },
};

/** For people who ask the index by other tools; the product doesn't. */
const japanese: estypes.IndicesIndexSettingsAnalysis = {
  analyzer: {
    japanese: {
      type: 'custom',
      tokenizer: 'japanese',
      filter: ['kuromoji_baseform', 'kuromoji_part_of_speech', 'ja_stop', 'kuromoji_stemmer', 'lowercase'],
    },
  },
  tokenizer: { japanese: { type: 'kuromoji_tokenizer', mode: 'search', discard_compound_token: true } },
};

export const indexMappings = (kind: IndexKind, { kuromoji }: { kuromoji: boolean }): estypes.MappingTypeMapping => {
  const mapping = mappings[kind];
  if (kind !== 'passages' || !kuromoji) return mapping;
  return { ...mapping, properties: { ...mapping.properties, text: { type: 'text', analyzer: 'japanese' } } };
};

export const indexAnalysis = ({ kuromoji }: { kuromoji: boolean }): estypes.IndicesIndexSettings => ({
  similarity: {
    tokens: { type: 'BM25', k1: constants.k1, b: constants.b },
    times: { type: 'BM25', k1: timesConstant, b: 0 },
  },
  analysis: {
    ...(kuromoji && japanese),
    tokenizer: { ...(kuromoji && japanese.tokenizer), pairs: { type: 'ngram', min_gram: 2, max_gram: 2 } },
    analyzer: { ...(kuromoji && japanese.analyzer), pairs: { type: 'custom', tokenizer: 'pairs' } },
  },
});
