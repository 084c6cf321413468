import type { DocumentRef } from '../corpus/document.ts';

/** The numbers of hidden documents by their source, as filters of search servers name them. */
export const hiddenBySource = (hidden: readonly DocumentRef[] = []): Map<string, number[]> => {
  const found = new Map<string, number[]>();
  for (const { source, sequence } of hidden) found.set(source, [...(found.get(source) ?? []), sequence]);
  return found;
};
