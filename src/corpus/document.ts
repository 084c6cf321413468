/** A text of a corpus file. */
export interface Document {
  /** The record's own id; `<source>/<file>#<line>` where it has none. */
  readonly id: string;
  /** The data set's short name. */
  readonly source: string;
  /**
   * Place in its source, from 0: line or row, running on over the source's files; where token files say so, the
   * sequence by which a run's index files know it.
   */
  readonly sequence: number;
  readonly text: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly lang: string | null;
  /** What else the record said of it. */
  readonly meta: Readonly<Record<string, unknown>>;
}

/** `meta.dump` of an instance that a dump of a run holds: the one document whose record itself says when it was read. */
export interface DumpFacts {
  /** Of the whole run, 0-based. */
  readonly iteration: number;
  /** As the dump has them. */
  readonly dataset: string;
  readonly doc_ids?: unknown;
}

/** Names a document for good, whichever build of an index it is in. */
export type DocumentRef = Pick<Document, 'source' | 'sequence'>;

/** The search unit: a range of a document's text, in UTF-16 units of the original. */
export interface Passage {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The id of a passage: the document and the range, so that it can be found again in any later build. */
export const passageId = ({ source, sequence }: DocumentRef, start: number, end: number): string =>
  `${source}:${sequence}:${start}-${end}`;

/** What a passage's id says; null when it is none. */
export const parsePassageId = (id: string): (DocumentRef & { start: number; end: number }) | null => {
  const found = /^(.+):(\d+):(\d+)-(\d+)$/s.exec(id);
  if (!found) return null;
  const [sequence, start, end] = found.slice(2).map(Number);
  return { source: found[1]!, sequence: sequence!, start: start!, end: end! };
};
