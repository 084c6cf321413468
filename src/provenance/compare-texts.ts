import type { DocumentRef } from '../corpus/document.ts';
import { readJsonl } from '../corpus/read-jsonl.ts';
import { openTokenFile } from './megatron/tokens.ts';
import type { Mismatches } from './mismatches.ts';
import type { OpenedRun } from './open-run.ts';

/** Turns the token ids of a run's files back into text. */
export interface TokenDecoder {
  decode(ids: readonly number[]): string;
  /** The id that `--append-eod` puts after every document; null: none. */
  readonly endOfDocument: number | null;
}

export interface TextReport {
  /** Documents whose tokens and stored text are both there. */
  readonly compared: number;
  readonly equal: number;
}

interface TextComparison {
  readonly opened: OpenedRun;
  readonly decoder: TokenDecoder;
  readonly mismatches: Mismatches;
  /** null: every document. */
  readonly documents: readonly DocumentRef[] | null;
  readonly progress: (done: number) => void;
}

/** Where two texts part, with a little of each. */
const aroundDifference = (left: string, right: string): [string, string] => {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  const cut = (text: string): string => `…${text.slice(Math.max(0, at - 10), at + 30)}… (character ${at})`;
  return [cut(left), cut(right)];
};

/**
 * Decodes documents from the token files and compares them with the lines of the corpus files, reading each file once.
 *
 * @throws TenkyoError `file_missing` or `file_corrupt` for the token and corpus files
 */
export const compareTexts = async (comparison: TextComparison): Promise<TextReport> => {
  const { opened, decoder, mismatches, documents, progress } = comparison;
  let compared = 0;
  let equal = 0;
  for (const { source, prefix, corpus } of opened.run.datasets) {
    const wanted = documents && new Set(documents.flatMap((each) => (each.source === source ? each.sequence : [])));
    if (corpus === null || wanted?.size === 0) continue;
    const last = wanted ? Math.max(...wanted) : Number.POSITIVE_INFINITY;
    const index = opened.files.tokenIndexes.get(source)!;
    const tokens = await openTokenFile(prefix, index);
    try {
      for await (const read of readJsonl(corpus)) {
        if (read.kind === 'reject') continue;
        const { sequence, text } = read.document;
        if (sequence > last || sequence >= index.lengths.length) break;
        if (wanted && !wanted.has(sequence)) continue;
        const [length] = await index.lengths.read(sequence, 1);
        const ids = [...(await tokens.read(sequence, 0, length!))];
        if (ids.length > 0 && ids.at(-1) === decoder.endOfDocument) ids.pop();
        const decoded = decoder.decode(ids);
        compared += 1;
        if (decoded === text) equal += 1;
        else mismatches.compare(`${source} ${sequence}`, 'text, decoded', ...aroundDifference(text, decoded));
        if (compared % 100 === 0) progress(compared);
      }
    } finally {
      await tokens.close();
    }
  }
  return { compared, equal };
};
