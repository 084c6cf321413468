import { createHash } from 'node:crypto';
import type { DocumentRef } from '../corpus/document.ts';

/** The seed that searches draw with; indexes may hold its draws. */
export const sampleSeed = 42;

/** A document's lot in the sample of a seed: 48 bits. */
export const drawOf = ({ source, sequence }: DocumentRef, seed: number): number =>
  createHash('sha256').update(`${seed}\0${source}\0${sequence}`).digest().readUIntBE(0, 6);

/**
 * At most `limit` documents: all in order when they fit, else those whose hash with the seed is least, in order. The
 * sample depends on the documents and the seed alone, so that every index adapter draws the same.
 */
export const sampleDocuments = <T extends DocumentRef>(
  documents: readonly T[],
  { limit, seed }: { limit: number; seed: number },
): T[] => {
  if (documents.length <= limit) return [...documents];
  const drawn = documents.map((document, order) => ({
    document,
    order,
    draw: drawOf(document, seed),
  }));
  return drawn
    .toSorted((a, b) => a.draw - b.draw)
    .slice(0, limit)
    .toSorted((a, b) => a.order - b.order)
    .map(({ document }) => document);
};
