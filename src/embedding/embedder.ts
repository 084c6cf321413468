/** Turns texts into vectors whose dot product is their cosine. */
export interface Embedder {
  readonly dimensions: number;
  /** What made the vectors (model, revision, dtype, pooling, prefixes): part of an index's fingerprint. */
  readonly fingerprint: string;
  /** Each language's mean is to be taken from its vectors (`centred`), which an index knows. */
  readonly centring?: boolean;
  /** Texts that it can work on at once: a long build gives it as many at a time. Left out: few. */
  readonly textsAtOnce?: number;
  /**
   * @param texts any number; adapters batch as suits them
   * @param role which prefix to use
   * @returns one L2-normalised vector a text, in order; null for a text that has no vector (empty, unknown characters only)
   */
  embed(
    texts: readonly string[],
    role: 'query' | 'passage',
    options?: { signal?: AbortSignal },
  ): Promise<(Float32Array | null)[]>;
  close(): Promise<void>;
}
