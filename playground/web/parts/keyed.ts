/** Items with their place as key: for lists that are replaced as a whole and have no other names. */
export const keyed = <T>(items: readonly T[]): { readonly key: string; readonly item: T }[] =>
  items.map((item, index) => ({ key: String(index), item }));
