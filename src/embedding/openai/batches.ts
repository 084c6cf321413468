/** Most texts and characters of one request. */
export interface BatchLimits {
  readonly texts: number;
  readonly characters: number;
}

/** Indexes of texts, in order, in groups within the limits; a text longer than the limit stands alone. */
export const batchesOf = (texts: readonly string[], { texts: most, characters }: BatchLimits): number[][] => {
  const batches: number[][] = [];
  let open: number[] = [];
  let size = 0;
  for (const [index, text] of texts.entries()) {
    if (open.length > 0 && (open.length >= most || size + text.length > characters)) {
      batches.push(open);
      open = [];
      size = 0;
    }
    open.push(index);
    size += text.length;
  }
  if (open.length > 0) batches.push(open);
  return batches;
};
