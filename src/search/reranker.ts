/** Reads a query and a passage together, which engines can't do with a whole corpus. */
export interface Reranker {
  /**
   * @returns a number a passage, in order; the greater, the better it answers the query. Only those of one call can be
   *   compared.
   */
  score(
    query: string,
    passages: readonly string[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly number[]>;
}
