import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { buildIndex } from '../../indexers/build-index.ts';
import { corpusIndexes } from '../../indexers/corpus-indexes.ts';
import type { CorpusDeclaration } from '../../indexers/list-files.ts';
import { planBuild } from '../../indexers/plan-build.ts';
import { systemClock } from '../../src/clock.ts';
import type { FusionConfig } from '../../src/config/config.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { TenkyoError } from '../../src/errors.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';
import { openIndex } from '../../src/search/embedded/open-index.ts';
import type { ReadingLookup } from '../../src/search/ports.ts';
import { createSearch, type SearchOptions } from '../../src/search/search.ts';
import { openEmbedder } from '../compose/open-embedder.ts';
import { indexDirectory } from '../compose/open-search.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { configuredCorpora } from './configured-corpora.ts';
import { evalCommand } from './eval-command.ts';
import { type JudgedEngine, type QueryAnswers, reportRetrieval, reportRows } from './eval-report.ts';
import { type JudgedQuery, readBeir, readQueries, readSquad, writeCorpus } from './judged-set.ts';
import { grouped } from './numbers.ts';
import { createProgressLine } from './progress-line.ts';
import { writeQualitySection } from './quality-document.ts';

interface EvalOptions extends CommonOptions {
  readonly squad?: string;
  readonly beir?: string;
  readonly queries?: string;
  readonly corpus?: string;
  readonly document?: string;
}

interface Task {
  readonly name: string;
  readonly queries: readonly JudgedQuery[];
  readonly corpus: CorpusDeclaration;
  /** Where the index is or is made. */
  readonly directory: string;
}

/** When documents were read plays no part here. */
const readings: ReadingLookup = { run: null, readingOf: async () => ({ state: 'unknown' }) };
/** Found by a query; nDCG and recall look at ten. */
const depth = 10;
const deadlineMs = 60_000;
const engines: readonly [JudgedEngine, NonNullable<SearchOptions['engine']>][] = [
  ['keyword', 'keyword'],
  ['vector', 'vector'],
  ['exact', 'exact'],
  ['fused', 'hybrid'],
];

const wrongUsage = (found: string): TenkyoError =>
  new TenkyoError('usage', 'a judged set is needed', {
    expected: 'one of --squad FILE, --beir DIR, or --queries FILE with --corpus NAME',
    found,
    remedy: 'Name one set.',
  });

const taskOf = async (cli: Cli, options: EvalOptions, embedder: Embedder | null, folder: string): Promise<Task> => {
  const { squad, beir, queries, corpus } = options;
  const given = [squad, beir, queries].filter((value) => value !== undefined);
  if (given.length !== 1) throw wrongUsage(given.length === 0 ? 'none' : given.join(', '));
  if ((queries === undefined) !== (corpus === undefined)) throw wrongUsage('only one of --queries and --corpus');
  if (queries !== undefined && corpus !== undefined) {
    const config = await cli.config(options);
    const [named] = configuredCorpora(config, [corpus]);
    const declared = corpusIndexes(named!).texts;
    const own = indexDirectory(config);
    const { current } = await planBuild({ corpus: declared, embedder, directory: own, clock: systemClock });
    return {
      name: `${basename(queries)} over ${corpus}`,
      queries: await readQueries(resolve(cli.cwd, queries)),
      corpus: declared,
      directory: current ? own : join(folder, 'index'),
    };
  }
  const place = resolve(cli.cwd, squad ?? beir ?? '');
  const set = squad === undefined ? await readBeir(place) : await readSquad(place);
  return {
    name: basename(place),
    queries: set.queries,
    corpus: { name: 'judged', documents: await writeCorpus(folder, set.documents) },
    directory: join(folder, 'index'),
  };
};

const answerAll = async (
  cli: Cli,
  { queries, corpus, directory }: Task,
  embedder: Embedder | null,
  fusion: FusionConfig,
): Promise<{ answers: QueryAnswers[]; facts: string }> => {
  const index = await openIndex({
    directory,
    corpus: corpus.name,
    embedder: embedder?.fingerprint ?? null,
    clock: systemClock,
  });
  const { search } = createSearch({ index, embedder, readings, clock: systemClock, deadlineMs, fusion });
  const asked = engines.filter(([name]) => name !== 'vector' || (embedder !== null && index.vector !== null));
  const answers: QueryAnswers[] = [];
  try {
    for (const query of queries) {
      const given: Record<string, QueryAnswers['engines'][JudgedEngine]> = {};
      for (const [name, engine] of asked) {
        const began = performance.now();
        const { hits } = await search({ text: query.text, question: null, model: null }, { engine, limit: depth });
        given[name] = { found: hits.map(({ documentId }) => documentId), ms: performance.now() - began };
      }
      answers.push({ query, engines: given });
      if (answers.length % Math.ceil(queries.length / 10) === 0) {
        cli.note(`queries ${grouped(answers.length)}/${grouped(queries.length)}`);
      }
    }
    const { documents, passages } = index.facts;
    const vectors = embedder ? `vectors by \`${embedder.fingerprint.slice(0, 12)}\`` : 'no vectors';
    return {
      answers,
      facts: `${grouped(documents)} documents, ${grouped(passages)} passages, ${grouped(queries.length)} queries; ${vectors}; ${cpus().length} processors, load ${loadavg()[0]!.toFixed(1)}.`,
    };
  } finally {
    await index.close();
  }
};

/** The command as a reader would type it. */
const typed = ({ squad, beir, queries, corpus, config }: EvalOptions): string =>
  Object.entries({ squad, beir, queries, corpus, config }).reduce(
    (line, [name, value]) => (value === undefined ? line : `${line} --${name} ${value}`),
    'tenkyo eval retrieval',
  );

const evalRetrieval = async (cli: Cli, options: EvalOptions): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'tenkyo-eval-'));
  const host = createOnnxHost();
  const line = createProgressLine(process.stderr, cli.note);
  try {
    const config = await cli.config(options);
    const embedder = await openEmbedder(config, host);
    const task = await taskOf(cli, options, embedder, folder);
    await buildIndex({
      corpus: task.corpus,
      embedder,
      directory: task.directory,
      clock: systemClock,
      progress: line.report,
    });
    line.stop();
    const { answers, facts } = await answerAll(cli, task, embedder, config.search.fusion);
    const report = reportRetrieval(answers);
    const rows = reportRows(report);
    if (options.document !== undefined) {
      const file = resolve(cli.cwd, options.document);
      await writeQualitySection(file, { set: task.name, command: typed(options), facts, rows });
    }
    if (options.json) cli.json(report);
    else {
      cli.print(`${task.name}: ${facts}`);
      cli.table(rows);
    }
  } finally {
    line.stop();
    await host.close();
    await rm(folder, { recursive: true, force: true });
  }
};

/** `tenkyo eval retrieval`. */
export const registerEvalRetrieval: RegisterCommand = (program, cli) => {
  withCommonOptions(
    evalCommand(program)
      .command('retrieval')
      .description('Judges every engine and the fused list on queries whose documents are known')
      .option(
        '--squad <file>',
        'a file in the format of SQuAD, .json or .json.gz; its passages are indexed for the time',
      )
      .option('--beir <directory>', 'a folder with corpus.jsonl, queries.jsonl and qrels/test.tsv')
      .option('--queries <file>', 'one {"query", "relevant", "kind"} a line, over a configured corpus')
      .option('--corpus <name>', 'that corpus')
      .option('--document <file>', 'write the table into this Markdown file too, in place of its earlier section'),
  ).action((options: EvalOptions) => evalRetrieval(cli, options));
};
