import type { RunConfig } from '../../src/config/config.ts';
import { loadRunFile } from '../../src/config/run-file.ts';
import type { Document } from '../../src/corpus/document.ts';
import { TenkyoError } from '../../src/errors.ts';
import type { Batch, Occurrence, ReadingSummary } from '../../src/provenance/occurrence.ts';
import { openRun } from '../../src/provenance/open-run.ts';
import { readingOf } from '../../src/provenance/reading.ts';
import { iterationsOf, type Run } from '../../src/provenance/run.ts';
import { findDocuments, readDocuments } from '../../src/provenance/run-documents.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { configuredRun, configuredRuns } from './configured-runs.ts';
import { grouped, parseIndex } from './numbers.ts';
import { traceCommand } from './trace-command.ts';

interface TraceOptions extends CommonOptions {
  readonly run?: string;
}

const tokenRange = ({ tokenStart, tokenEnd, labelOnly }: Pick<Occurrence, 'tokenStart' | 'tokenEnd' | 'labelOnly'>) =>
  labelOnly ? 'label only' : `${grouped(tokenStart)}–${grouped(tokenEnd)}`;

const readingLine = (summary: ReadingSummary): string => {
  if (summary.state !== 'read') return 'In the data, but never read.';
  const { timesRead, iterations, first, last } = summary;
  const times = timesRead === 1 ? 'once' : `${grouped(timesRead)} times`;
  return `Read ${times}, in ${grouped(iterations.length)} iteration${iterations.length === 1 ? '' : 's'}: first ${grouped(first)}, last ${grouped(last)}`;
};

const traceDocument = async (cli: Cli, run: Run, { id, source, sequence, title }: Document, json: boolean) => {
  const store = await openRun(run);
  const document = { id, source, sequence, title };
  const occurrences = await store.occurrences(document);
  const summary = (await store.summaries([document]))[0]!;
  const iterations = iterationsOf(run);
  if (json) {
    cli.json({ run: run.name, iterations, document, reading: readingOf(summary, null), occurrences });
    return;
  }
  cli.print([id, title].filter(Boolean).join(' · '));
  cli.print(`Source: ${source} · sequence ${grouped(sequence)} · run ${run.name} (0–${grouped(iterations - 1)})`);
  cli.print(readingLine(summary));
  if (occurrences.length === 0) return;
  cli.table([
    ['Iteration', 'Phase', 'Epoch', 'Position', 'Tokens'],
    ...occurrences.map((occurrence) => [
      grouped(occurrence.iteration),
      occurrence.phase,
      String(occurrence.epoch),
      grouped(occurrence.position),
      tokenRange(occurrence),
    ]),
  ]);
};

const documentAction = async (cli: Cli, id: string, options: TraceOptions): Promise<void> => {
  let notFound: TenkyoError | null = null;
  let found = 0;
  for (const { file, name } of configuredRuns(await cli.config(options), options.run)) {
    const run = await loadRunFile(file, name);
    try {
      for (const document of await findDocuments(run, id)) {
        if (found > 0 && !options.json) cli.print('');
        await traceDocument(cli, run, document, options.json ?? false);
        found += 1;
      }
    } catch (error) {
      if (!(error instanceof TenkyoError && error.code === 'not_found')) throw error;
      notFound = error;
    }
  }
  if (found === 0 && notFound) throw notFound;
};

const batchRows = (batch: Batch, documentOf: (source: string, sequence: number) => Document | null) =>
  batch.samples.flatMap(({ position, source, parts }) =>
    parts.map(({ sequence, ...part }) => {
      const document = documentOf(source, sequence);
      return { position, source, sequence, id: document?.id ?? null, title: document?.title ?? null, ...part };
    }),
  );

const iterationAction = async (cli: Cli, iteration: number, { file, name }: RunConfig, json: boolean) => {
  const run = await loadRunFile(file, name);
  const store = await openRun(run);
  const batch = await store.batch(iteration);
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
      samples: batch.samples.length,
      documents: rows,
    });
    return;
  }
  cli.print(
    `Iteration ${grouped(iteration)}/${grouped(iterations - 1)} of run ${run.name}, phase ${batch.phase}: ` +
      `${grouped(batch.samples.length)} samples`,
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
      .option('--run <name>', 'a configured run (default: all)'),
  ).action((id: string, options: TraceOptions) => documentAction(cli, id, options));
  withCommonOptions(
    trace
      .command('iteration')
      .description('The documents that an iteration read')
      .argument('<n>', 'iteration, from 0', parseIndex)
      .option('--run <name>', 'a configured run (needed where there are several)'),
  ).action(async (iteration: number, options: TraceOptions) =>
    iterationAction(cli, iteration, configuredRun(await cli.config(options), options.run), options.json ?? false),
  );
};
