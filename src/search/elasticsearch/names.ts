import type { DocumentRef } from '../../corpus/document.ts';
import type { IndexKind } from './schema.ts';

/** Index names are lower case and have no `/ \ * ? " < > | , #` or space. */
const base = (prefix: string, corpus: string): string => `${prefix}-${encodeURIComponent(corpus).toLowerCase()}`;

/** What readers ask: stands for the indexes of the current build. */
export const readAlias = (prefix: string, corpus: string, kind: IndexKind): string => `${base(prefix, corpus)}-${kind}`;

/** The index of a build: a corpus that is built again in the same way has the same name, and is gone on with. */
export const indexName = (prefix: string, corpus: string, kind: IndexKind, fingerprint: string): string =>
  `${readAlias(prefix, corpus, kind)}-${fingerprint}`;

/** What a build writes to, with `require_alias`: a server that lost the index makes none by itself. */
export const writeAlias = (prefix: string, corpus: string, kind: IndexKind, fingerprint: string): string =>
  `${indexName(prefix, corpus, kind, fingerprint)}-write`;

export const documentKey = ({ source, sequence }: DocumentRef): string => `${source}:${sequence}`;
