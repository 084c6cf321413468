import type { Document } from './document.ts';
import type { Place } from './fields.ts';
import type { CorpusRecord } from './record.ts';

/** A record that is no document; the build goes on without it. */
export interface Reject {
  readonly file: string;
  /** Line of the file; row of a table; sequence of a token file. From 1, as editors count. */
  readonly line: number;
  readonly reason: string;
}

export type Read = {
  /** Place of the record in the file, from 0. */
  readonly record: number;
  /** Bytes of the record; 0 where it has none of its own. */
  readonly bytes: number;
} & ({ readonly kind: 'document'; readonly document: Document } | { readonly kind: 'reject'; readonly reject: Reject });

/** A file whose records are documents of one source. */
export interface SourceFile {
  readonly path: string;
  readonly source: string;
  /** Its name within the source, in the ids of records that have none: the base name, or more where two share one. */
  readonly label: string;
  /** `sequence` of its first record: a source's numbers run on over its files. */
  readonly firstSequence: number;
}

/** `source/file#line`, with the line from 1. */
export const recordId = ({ source, label }: Pick<SourceFile, 'source' | 'label'>, number: number): string =>
  `${source}/${label}#${number + 1}`;

export const placeIn = (file: SourceFile, number: number): Place => ({
  source: file.source,
  sequence: file.firstSequence + number,
  id: recordId(file, number),
});

/** What was read of a record: its document, or why it is none. */
export const readOf = (
  path: string,
  { number, bytes }: Pick<CorpusRecord, 'number' | 'bytes'>,
  found: Document | string,
): Read =>
  typeof found === 'string'
    ? { kind: 'reject', reject: { file: path, line: number + 1, reason: found }, record: number, bytes }
    : { kind: 'document', document: found, record: number, bytes };
