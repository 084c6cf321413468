import { chunk } from '../corpus/chunk.ts';
import type { Document } from '../corpus/document.ts';
import { keywordTokens } from '../text/tokens.ts';

/** A passage as every index takes it. */
export interface PreparedPassage {
  /** UTF-16 units of the document's text, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** Keyword tokens of the title and the passage, joined by spaces. */
  readonly tokens: string;
  readonly tokenCount: number;
}

/** A document that is ready to be written. */
export interface PreparedDocument {
  readonly document: Document;
  readonly passages: readonly PreparedPassage[];
}

/** What passages are made from. */
export type Unprepared = Pick<Document, 'source' | 'sequence' | 'title' | 'text'>;

/** The passages of a document with their tokens: most of the work of building an index. */
export const preparePassages = (document: Unprepared): PreparedPassage[] => {
  const titleTokens = document.title === null ? [] : keywordTokens(document.title);
  return chunk(document).map(({ start, end, text }) => {
    const tokens = [...titleTokens, ...keywordTokens(text)];
    return { start, end, tokens: tokens.join(' '), tokenCount: tokens.length };
  });
};
