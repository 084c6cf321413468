/** Every `href` in a tree, wherever it stands. */
export const hrefsOf = (tree: unknown): string[] => {
  if (Array.isArray(tree)) return tree.flatMap(hrefsOf);
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, value]) =>
    key === 'href' && typeof value === 'string' ? [value] : hrefsOf(value),
  );
};
