import { corpusIndexes } from '../../indexers/corpus-indexes.ts';
import { type DumpRow, type FindRowsOptions, findDumpRows } from '../../indexers/dump-rows.ts';
import type { Config, CorpusConfig } from '../../src/config/config.ts';
import type { Reject } from '../../src/corpus/read.ts';
import { TenkyoError } from '../../src/errors.ts';
import { readingOf } from '../../src/provenance/reading.ts';
import { dumpRunOf } from '../../src/search/dump-readings.ts';
import type { Cli } from './cli.ts';
import { configuredCorpora } from './configured-corpora.ts';
import { grouped } from './numbers.ts';

interface DumpTraceOptions {
  readonly run?: string;
  readonly corpus?: string;
  readonly checkpoint?: number;
  readonly json?: boolean;
}

/** Of a row that is shown, characters of its text. */
const shownCharacters = 40;

const hasDump = ({ documents }: CorpusConfig): boolean => documents.some(({ format }) => format === 'dump');

/**
 * The corpora with a run's dump that are meant: the named one, or those of the named run, or all.
 *
 * @throws TenkyoError `usage` when the named corpus holds no dump
 */
export const dumpCorpora = (config: Config, { corpus, run }: DumpTraceOptions): readonly CorpusConfig[] => {
  if (corpus === undefined) {
    return config.corpora.filter((one) => hasDump(one) && (run === undefined || one.runs.includes(run)));
  }
  const named = configuredCorpora(config, [corpus]).filter(hasDump);
  if (named.length > 0) return named;
  throw new TenkyoError('usage', `the corpus "${corpus}" holds no dump of a run`, {
    where: config.file,
    expected: 'a corpus with `format: dump`',
    remedy: "Leave --corpus out: documents of other formats are traced in the configured runs' index files.",
  });
};

/** Whether the configured runs are meant too. */
export const asksRuns = ({ runs }: Config, { corpus, run }: DumpTraceOptions): boolean =>
  run !== undefined || (corpus === undefined && runs.length > 0);

/** @throws TenkyoError `usage` when there are several and none is named */
export const oneCorpus = (corpora: readonly CorpusConfig[]): CorpusConfig => {
  if (corpora.length === 1) return corpora[0]!;
  throw new TenkyoError('usage', 'Which dump is not said', {
    expected: `--corpus with one of ${corpora.map(({ name }) => name).join(', ')}`,
    remedy: 'Add --corpus and its name.',
  });
};

export const noSuchRow = (id: string, corpora: readonly CorpusConfig[]): TenkyoError =>
  new TenkyoError('not_found', `No dump has a row with the id ${id}`, {
    where: corpora.map(({ name }) => `corpus "${name}"`).join(', '),
    expected: '`source/file#line`, as results show it',
    remedy: 'Check the id: the line counts from 1.',
  });

const find = async (cli: Cli, corpus: CorpusConfig, wanted: FindRowsOptions['wanted']) => {
  const began = Date.now();
  const found = await findDumpRows({
    corpus: corpusIndexes(corpus).texts,
    wanted,
    progress: (file, done, total) => {
      if (Date.now() - began > 1_000) cli.note(`${file} (${done + 1} of ${total} files)`);
    },
  });
  return { ...found, run: dumpRunOf(corpus)! };
};

const noteRejects = (cli: Cli, [first, ...others]: readonly Reject[]): void => {
  if (!first) return;
  const more = others.length === 0 ? '' : ` (and ${grouped(others.length)} more)`;
  cli.note(`left out, since it can't be read: ${first.file}:${first.line}: ${first.reason}${more}`);
};

const told = ({ document: { id, source }, facts, file, line }: DumpRow) => ({
  document: { id, source, file, line },
  ...facts,
});

/** Prints when the run read a row; returns how many there are of that id. */
export const traceDumpDocument = async (
  cli: Cli,
  corpus: CorpusConfig,
  id: string,
  { checkpoint, json = false }: DumpTraceOptions,
): Promise<number> => {
  const { rows, rejects, run } = await find(cli, corpus, { id });
  for (const row of rows) {
    const { document, facts, file, line } = row;
    const { iteration } = facts;
    const once = { iterations: [iteration], first: iteration, last: iteration, timesRead: 1 };
    const summary = { state: 'read', run: run.name, lastIndex: run.iterations - 1, ...once } as const;
    if (json) {
      const reading = readingOf(summary, checkpoint ?? null);
      cli.json({ corpus: corpus.name, iterations: run.iterations, ...told(row), reading });
      continue;
    }
    cli.print(document.id);
    cli.print(`Source: ${document.source} · ${file}, line ${grouped(line)} · dump of ${run.name}`);
    cli.print(`Read once, in iteration ${grouped(iteration)}/${grouped(run.iterations - 1)}`);
    if (checkpoint === undefined) continue;
    cli.print(`Checkpoint ${grouped(checkpoint)} has ${iteration < checkpoint ? '' : 'not '}read it.`);
  }
  noteRejects(cli, rejects);
  return rows.length;
};

/**
 * Prints the rows of an iteration.
 *
 * @throws TenkyoError `not_found` when the dump has none of it
 */
export const traceDumpIteration = async (
  cli: Cli,
  corpus: CorpusConfig,
  iteration: number,
  json: boolean,
): Promise<void> => {
  const { rows, rejects, run } = await find(cli, corpus, { iteration });
  noteRejects(cli, rejects);
  if (rows.length === 0) {
    throw new TenkyoError('not_found', `The dump of ${run.name} has no row of iteration ${iteration}`, {
      where: `corpus "${corpus.name}"`,
      expected: `an iteration from 0 to ${run.iterations - 1} that was dumped`,
      found: String(iteration),
      remedy: 'Iterations count from 0; check `folds` where a fold counts from its own beginning.',
    });
  }
  if (json) {
    cli.json({ corpus: corpus.name, iterations: run.iterations, iteration, documents: rows.map(told) });
    return;
  }
  cli.print(
    `Iteration ${grouped(iteration)}/${grouped(run.iterations - 1)} of the dump of ${run.name}: ${grouped(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}`,
  );
  cli.table([
    ['Source', 'Document', 'Text'],
    ...rows.map(({ document: { id, source, text } }) => [
      source,
      id,
      [...text.slice(0, 2 * shownCharacters).replace(/\s+/g, ' ')].slice(0, shownCharacters).join(''),
    ]),
  ]);
};
