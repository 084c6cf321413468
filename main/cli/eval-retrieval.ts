import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { TenkyoError } from '../../src/errors.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';
import { openEmbedder } from '../compose/open-embedder.ts';
import { openReranker } from '../compose/open-reranker.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { evalCommand } from './eval-command.ts';
import { reportRetrieval, reportRows } from './eval-report.ts';
import { type JudgedSource, judgeRetrieval } from './judge-retrieval.ts';
import { createProgressLine } from './progress-line.ts';
import { writeQualitySection } from './quality-document.ts';

interface EvalOptions extends CommonOptions {
  readonly squad?: string;
  readonly beir?: string;
  readonly part?: string;
  readonly queries?: string;
  readonly corpus?: string;
  readonly document?: string;
}

const wrongUsage = (found: string): TenkyoError =>
  new TenkyoError('usage', 'a judged set is needed', {
    expected: 'one of --squad FILE, --beir DIR, or --queries FILE with --corpus NAME',
    found,
    remedy: 'Name one set.',
  });

const sourceOf = (cli: Cli, { squad, beir, part, queries, corpus }: EvalOptions): JudgedSource => {
  const given = [squad, beir, queries].filter((value) => value !== undefined);
  if (given.length !== 1) throw wrongUsage(given.length === 0 ? 'none' : given.join(', '));
  if ((queries === undefined) !== (corpus === undefined)) throw wrongUsage('only one of --queries and --corpus');
  if (part !== undefined && beir === undefined) throw wrongUsage('--part without --beir');
  if (queries !== undefined && corpus !== undefined) return { queries: resolve(cli.cwd, queries), corpus };
  return squad === undefined ? { beir: resolve(cli.cwd, beir ?? ''), part } : { squad: resolve(cli.cwd, squad) };
};

/** The command as a reader would type it. */
const typed = ({ squad, beir, part, queries, corpus, config }: EvalOptions): string =>
  Object.entries({ squad, beir, part, queries, corpus, config }).reduce(
    (line, [name, value]) => (value === undefined ? line : `${line} --${name} ${value}`),
    'tenkyo eval retrieval',
  );

const evalRetrieval = async (cli: Cli, options: EvalOptions): Promise<void> => {
  const source = sourceOf(cli, options);
  const folder = await mkdtemp(join(tmpdir(), 'tenkyo-eval-'));
  const host = createOnnxHost();
  const line = createProgressLine(process.stderr, cli.note);
  let embedder: Embedder | null = null;
  try {
    const config = await cli.config(options);
    embedder = await openEmbedder(config, host);
    const reranking = await openReranker(config, host);
    await reranking?.load();
    const note = (text: string): void => {
      line.stop();
      cli.note(text);
    };
    const shared = { config, embedder, reranking, folder, note, progress: line.report };
    const { name, answers, facts } = await judgeRetrieval(source, shared);
    const report = reportRetrieval(answers);
    const rows = reportRows(report);
    if (options.document !== undefined) {
      const file = resolve(cli.cwd, options.document);
      await writeQualitySection(file, { set: name, command: typed(options), facts, rows });
    }
    if (options.json) cli.json(report);
    else {
      cli.print(`${name}: ${facts}`);
      cli.table(rows);
    }
  } finally {
    line.stop();
    await embedder?.close();
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
      .option('--beir <directory>', 'a folder with corpus.jsonl, queries.jsonl (or both .gz) and qrels/<part>.tsv')
      .option('--part <name>', 'of the judgements in qrels (default: test, or the only one)')
      .option('--queries <file>', 'one {"query", "relevant", "kind"} a line, over a configured corpus')
      .option('--corpus <name>', 'that corpus')
      .option('--document <file>', 'write the table into this Markdown file too, in place of its earlier section'),
  ).action((options: EvalOptions) => evalRetrieval(cli, options));
};
