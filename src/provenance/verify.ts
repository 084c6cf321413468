import type { DocumentRef } from '../corpus/document.ts';
import { compareTexts, type TextReport, type TokenDecoder } from './compare-texts.ts';
import { collectMismatches, type Mismatch, type Mismatches } from './mismatches.ts';
import type { Batch, Occurrence, SamplePart } from './occurrence.ts';
import type { OpenedRun } from './open-run.ts';
import { compareWithOracle, type OracleReport } from './oracle.ts';
import { chooseDistinct } from './random.ts';

export type VerifyProgress = (what: 'samples' | 'documents' | 'texts' | 'oracle', done: number, total: number) => void;

export interface VerifyOptions {
  readonly opened: OpenedRun;
  /** Positions to walk: that many, chosen by `seed`, or all. */
  readonly samples: number | 'all';
  readonly seed: number;
  /** A file made elsewhere to compare with; null: none. */
  readonly oracle: string | null;
  /** Compares documents' tokens with their stored texts; null: no tokenizer is declared. */
  readonly decoder: TokenDecoder | null;
  /** Called now and then with how far it is. */
  readonly progress?: VerifyProgress;
}

export interface VerifyReport {
  readonly run: string;
  readonly samples: { readonly checked: number; readonly total: number };
  /** Documents whose every occurrence was looked for at its position. */
  readonly documents: { readonly checked: number; readonly total: number };
  /** null: not compared. */
  readonly texts: TextReport | null;
  readonly oracle: OracleReport | null;
  readonly mismatches: number;
  /** The first 20. */
  readonly shown: readonly Mismatch[];
}

const shownMismatches = 20;
const progressEvery = 1000;

type Compared = Pick<Occurrence, 'phase' | 'iteration' | 'epoch' | 'tokenStart' | 'tokenEnd' | 'labelOnly'>;

const compared = (phase: string, iteration: number, part: Omit<SamplePart, 'sequence'>): Compared => ({
  phase,
  iteration,
  epoch: part.epoch,
  tokenStart: part.tokenStart,
  tokenEnd: part.tokenEnd,
  labelOnly: part.labelOnly,
});

/** Compares the forward walk with the lookup of one run, in both directions. */
const createComparison = ({ occurrences: store, walk }: OpenedRun, mismatches: Mismatches) => {
  let batch: Batch | null = null;
  const read = new Map<string, readonly Occurrence[]>();

  const occurrencesOf = async (document: DocumentRef): Promise<readonly Occurrence[]> => {
    const key = `${document.source}:${document.sequence}`;
    const known = read.get(key);
    if (known) return known;
    // Neighbouring positions share documents; all of a large run's occurrences would not fit.
    if (read.size > 5000) read.clear();
    const found = await store.occurrences(document);
    read.set(key, found);
    return found;
  };

  const compareAt = async (
    position: number,
    document: DocumentRef,
    occurrences: readonly Occurrence[],
  ): Promise<void> => {
    const walked = await walk.at(position);
    const expected =
      walked?.sample.source === document.source
        ? walked.sample.parts
            .filter(({ sequence }) => sequence === document.sequence)
            .map((part) => compared(walked.phase, walked.iteration, part))
        : [];
    const found = occurrences
      .filter((occurrence) => occurrence.position === position)
      .map((occurrence) => compared(occurrence.phase, occurrence.iteration, occurrence));
    mismatches.compare(`position ${position}`, `${document.source} ${document.sequence}`, expected, found);
  };

  return {
    /** Everything in the sample must be found by looking its documents, and its iteration, up. */
    sample: async (position: number): Promise<readonly DocumentRef[]> => {
      const walked = (await walk.at(position))!;
      const { sample, iteration } = walked;
      if (batch?.iteration !== iteration) batch = await store.batch(iteration);
      const inBatch = batch.samples.find((candidate) => candidate.position === position);
      mismatches.compare(`position ${position}`, `batch ${iteration}`, sample, inBatch ?? null);
      const documents = [...new Set(sample.parts.map(({ sequence }) => sequence))].map((sequence) => ({
        source: sample.source,
        sequence,
      }));
      for (const document of documents) await compareAt(position, document, await occurrencesOf(document));
      return documents;
    },
    /** Everything that looking the document up gives must stand where it says. */
    document: async (document: DocumentRef): Promise<void> => {
      const occurrences = await occurrencesOf(document);
      for (const position of new Set(occurrences.map((occurrence) => occurrence.position))) {
        await compareAt(position, document, occurrences);
      }
      const iterations = occurrences
        .filter(({ labelOnly, skipped }) => !labelOnly && !skipped)
        .map(({ iteration }) => iteration);
      const [summary] = await store.summaries([document]);
      const expected = [...new Set(iterations)].sort((a, b) => a - b);
      const found = summary?.state === 'read' ? summary.iterations : [];
      mismatches.compare(`${document.source} ${document.sequence}`, 'iterations of the summary', expected, found);
    },
  };
};

function* allDocuments({ facts }: OpenedRun): Generator<DocumentRef> {
  for (const { source, documents } of facts.sources) {
    for (let sequence = 0; sequence < documents; sequence += 1) yield { source, sequence };
  }
}

/**
 * Walks a run forward (position → dataset → sample → documents) and compares what it finds with the lookup (document →
 * occurrences, iteration → documents), each way; and both with an oracle, where one is given. Where a tokenizer is
 * given, the documents met on the way are decoded from the token files and compared with their stored texts.
 *
 * @throws TenkyoError `file_missing` or `file_corrupt` for the oracle, the token and the corpus files
 */
export const verifyRun = async (options: VerifyOptions): Promise<VerifyReport> => {
  const { opened, samples, seed, oracle, decoder, progress } = options;
  const mismatches = collectMismatches({ keep: shownMismatches });
  const compare = createComparison(opened, mismatches);

  const total = opened.walk.positions;
  const chosen = samples === 'all' ? null : chooseDistinct(Math.min(samples, total), total, seed);
  const checked = chosen?.length ?? total;
  const touched = new Map<string, DocumentRef>();
  for (let index = 0; index < checked; index += 1) {
    const documents = await compare.sample(chosen?.[index] ?? index);
    if (chosen) for (const document of documents) touched.set(`${document.source}:${document.sequence}`, document);
    if (index % progressEvery === 0) progress?.('samples', index, checked);
  }

  const documentTotal = opened.facts.sources.reduce((sum, { documents }) => sum + documents, 0);
  const documentsToCheck = chosen ? touched.size : documentTotal;
  let documentsChecked = 0;
  for (const document of chosen ? touched.values() : allDocuments(opened)) {
    await compare.document(document);
    documentsChecked += 1;
    if (documentsChecked % progressEvery === 0) progress?.('documents', documentsChecked, documentsToCheck);
  }
  const report = { checked: documentsChecked, total: documentTotal };

  const texts =
    decoder &&
    (await compareTexts({
      opened,
      decoder,
      mismatches,
      documents: chosen && [...touched.values()],
      progress: (done) => progress?.('texts', done, documentsToCheck),
    }));
  const compareOracle = (file: string) =>
    compareWithOracle({ file, opened, mismatches, progress: (done, of) => progress?.('oracle', done, of) });

  return {
    run: opened.run.name,
    samples: { checked, total },
    documents: report,
    texts,
    oracle: oracle === null ? null : await compareOracle(oracle),
    mismatches: mismatches.count,
    shown: mismatches.shown,
  };
};
