import type { TokenIndex } from '../../src/provenance/megatron/token-index.ts';

/** The sequences of a line: `from` … `to` − 1; none when the tokenizer found nothing in it. */
export interface LineSequences {
  readonly from: number;
  readonly to: number;
}

/**
 * Which sequences the lines of the tokenised text became. Megatron's preprocessing adds one entry to the index's bounds
 * for every line, also for one that gives no tokens and so no sequence. With `--partitions P` it deals the lines of all
 * files round, one to each part, and puts the parts one behind the other.
 */
export const createTokenLines = ({ documentBounds }: Pick<TokenIndex, 'documentBounds'>, partitions: number) => {
  const lines = documentBounds.length - 1;
  const starts = [0];
  for (let part = 0; part < partitions; part += 1) {
    starts.push(starts.at(-1)! + Math.max(0, Math.ceil((lines - part) / partitions)));
  }
  return {
    /** Lines that were tokenised. */
    lines,
    /** @param line from 0, counted through all files in the order in which they were tokenised */
    sequencesOf: async (line: number): Promise<LineSequences> => {
      const entry = starts[line % partitions]! + Math.floor(line / partitions);
      const [from, to] = await documentBounds.read(entry, 2);
      return { from: from!, to: to! };
    },
  };
};
