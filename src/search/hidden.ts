import type { DocumentRef } from '../corpus/document.ts';

/** Whether a document is among those that no result may show. */
export const hides = (hidden: readonly DocumentRef[] = []): ((document: DocumentRef) => boolean) => {
  if (hidden.length === 0) return () => false;
  const keys = new Set(hidden.map(({ source, sequence }) => `${source}:${sequence}`));
  return ({ source, sequence }) => keys.has(`${source}:${sequence}`);
};
