import type { Document } from '../../src/corpus/document.ts';
import { TenkyoError } from '../../src/errors.ts';
import type { Batch, Occurrence, ReadingSummary } from '../../src/provenance/occurrence.ts';
import type { OpenedRun } from '../../src/provenance/open-run.ts';
import { readingOf } from '../../src/provenance/reading.ts';
import { iterationsOf } from '../../src/provenance/run.ts';
import { findDocuments, type RunDocument, readDocuments } from '../../src/provenance/run-documents.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { configuredRun, configuredRuns } from './configured-runs.ts';
import { grouped, parseIndex } from './numbers.ts';
import { traceCommand } from './trace-command.ts';
import { asksRuns, dumpCorpora, noSuchRow, oneCorpus, traceDumpDocument, traceDumpIteration } from './trace-dump.ts';
import { withRun } from './with-run.ts';

interface TraceOptions extends CommonOptions {
  readonly run?: string;
  readonly corpus?: string;
  readonly checkpoint?: number;
}

const tokenRange = ({ tokenStart, tokenEnd, labelOnly }: Pick<Occurrence, 'tokenStart' | 'tokenEnd' | 'labelOnly'>) =>
  labelOnly ? 'label only' : `${grouped(tokenStart)}–${grouped(tokenEnd)}`;

const orNotTrained = (text: string, { skipped }: Pick<Occurrence, 'skipped'>): string =>
  skipped ? `${text} (loaded, not trained)` : text;

const readingLine = (summary: ReadingSummary): string => {
  if (summary.state === 'unknown') {
    return summary.phase === undefined
      ? 'Iterations: unknown.'
      : `Read in phase ${summary.phase}, whose order was not recorded: iterations unknown.`;
  }
  if (summary.state === 'not_read') return 'In the data, but never read.';
  const { timesRead, iterations, first, last } = summary;
  const times = timesRead === 1 ? 'once' : `${grouped(timesRead)} times`;
  return `Read ${times}, in ${grouped(iterations.length)} iteration${iterations.length === 1 ? '' : 's'}: first ${grouped(first)}, last ${grouped(last)}`;
};

const checkpointLine = (summary: ReadingSummary, checkpoint: number): string | null => {
  const reading = readingOf(summary, checkpoint);
  if (reading.state !== 'read') return null;
  return reading.shown === null
    ? `Checkpoint ${grouped(checkpoint)} has not read it.`
    : `Checkpoint ${grouped(checkpoint)} has read it, last in iteration ${grouped(reading.shown)}.`;
};

const traceDocument = async (
  cli: Cli,
  { run, occurrences: store }: OpenedRun,
  { id, source, sequence, title }: RunDocument,
  { json = false, checkpoint }: TraceOptions,
) => {
  const document = { id, source, sequence, title };
  const occurrences = await store.occurrences(document);
  const summary = (await store.summaries([document]))[0]!;
  const iterations = iterationsOf(run);
  if (json) {
    cli.json({ run: run.name, iterations, document, reading: readingOf(summary, checkpoint ?? null), occurrences });
    return;
  }
  cli.print([id, title].filter(Boolean).join(' · '));
  cli.print(`Source: ${source} · sequence ${grouped(sequence)} · run ${run.name} (0–${grouped(iterations - 1)})`);
  cli.print(readingLine(summary));
  const line = checkpoint === undefined ? null : checkpointLine(summary, checkpoint);
  if (line !== null) cli.print(line);
  if (occurrences.length === 0) return;
  cli.table([
    ['Iteration', 'Phase', 'Epoch', 'Position', 'Tokens'],
    ...occurrences.map((occurrence) => [
      grouped(occurrence.iteration),
      occurrence.phase,
      String(occurrence.epoch),
      grouped(occurrence.position),
      orNotTrained(tokenRange(occurrence), occurrence),
    ]),
  ]);
};

const documentAction = async (cli: Cli, id: string, options: TraceOptions): Promise<void> => {
  const config = await cli.config(options);
  const dumps = dumpCorpora(config, options);
  let notFound: TenkyoError | null = null;
  let found = 0;
  const traceIn = async (opened: OpenedRun): Promise<void> => {
    for (const document of await findDocuments(opened.run, id)) {
      if (found > 0 && !options.json) cli.print('');
      await traceDocument(cli, opened, document, options);
      found += 1;
    }
  };
  for (const run of dumps.length > 0 && !asksRuns(config, options) ? [] : configuredRuns(config, options.run)) {
    try {
      await withRun(cli, config, run, traceIn);
    } catch (error) {
      if (!(error instanceof TenkyoError && error.code === 'not_found')) throw error;
      notFound = error;
    }
  }
  for (const corpus of dumps) found += await traceDumpDocument(cli, corpus, id, options);
  if (found > 0) return;
  throw notFound ?? noSuchRow(id, dumps);
};

const batchRows = (batch: Batch, documentOf: (source: string, sequence: number) => Document | null) =>
  batch.samples.flatMap(({ position, source, parts }) =>
    parts.map(({ sequence, ...part }) => {
      const document = documentOf(source, sequence);
      return { position, source, sequence, id: document?.id ?? null, title: document?.title ?? null, ...part };
    }),
  );

const traceIteration = async (cli: Cli, iteration: number, { run, occurrences }: OpenedRun, json: boolean) => {
  const batch = await occurrences.batch(iteration);
  const wanted = batch.samples.flatMap(({ source, parts }) => parts.map(({ sequence }) => ({ source, sequence })));
  const lookUp = await readDocuments(run, wanted);
  const rows = batchRows(batch, (source, sequence) => lookUp({ source, sequence }));
  const iterations = iterationsOf(run);
  if (json) {
    cli.json({
      run: run.name,
      iterations,
      iteration,
      phase: batch.phase,
      skipped: batch.skipped,
      samples: batch.samples.length,
      documents: rows,
    });
    return;
  }
  cli.print(
    `Iteration ${grouped(iteration)}/${grouped(iterations - 1)} of run ${run.name}, phase ${batch.phase}: ` +
      orNotTrained(`${grouped(batch.samples.length)} samples`, batch),
  );
  cli.table([
    ['Position', 'Source', 'Document', 'Epoch', 'Tokens', 'Title'],
    ...rows.map((row) => [
      grouped(row.position),
      row.source,
      row.id ?? String(row.sequence),
      String(row.epoch),
      tokenRange(row),
      row.title ?? '',
    ]),
  ]);
};

/** `tenkyo trace document ID` and `tenkyo trace iteration N`. */
export const registerTrace: RegisterCommand = (program, cli) => {
  const trace = traceCommand(program);
  withCommonOptions(
    trace
      .command('document')
      .description('Every time a training run read a document')
      .argument('<id>', "the document's id, as its corpus file has it")
      .option('--run <name>', 'a configured run (default: all)')
      .option('--corpus <name>', "a configured corpus with a run's dump")
      .option('--checkpoint <n>', 'say whether a model of that many iterations has read it', parseIndex),
  ).action((id: string, options: TraceOptions) => documentAction(cli, id, options));
  withCommonOptions(
    trace
      .command('iteration')
      .description('The documents that an iteration read')
      .argument('<n>', 'iteration, from 0', parseIndex)
      .option('--run <name>', 'a configured run (needed where there are several)')
      .option('--corpus <name>', "a configured corpus with a run's dump"),
  ).action(async (iteration: number, options: TraceOptions) => {
    const config = await cli.config(options);
    const dumps = dumpCorpora(config, options);
    if (dumps.length > 0 && (options.corpus !== undefined || !asksRuns(config, options))) {
      await traceDumpIteration(cli, oneCorpus(dumps), iteration, options.json ?? false);
      return;
    }
    await withRun(cli, config, configuredRun(config, options.run), (opened) =>
      traceIteration(cli, iteration, opened, options.json ?? false),
    );
  });
};
