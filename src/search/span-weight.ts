/** A span in one document tells more than one that stands in a hundred: 1, 0.77 (two), 0.5 (ten), 0.33 (a hundred). */
export const distinctness = (documents: number): number => 1 / (1 + 0.3 * Math.log2(Math.max(1, documents)));

/** What a span tells: its length in UTF-16 units, less for boilerplate that stands everywhere. */
export const spanWeight = ({
  start,
  end,
  documentCount,
}: {
  readonly start: number;
  readonly end: number;
  readonly documentCount: number;
}): number => (end - start) * distinctness(documentCount);
