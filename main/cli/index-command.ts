import { type BuildOutcome, buildCorpus } from '../../indexers/build-corpus.ts';
import { corpusIndexes } from '../../indexers/corpus-indexes.ts';
import type { CorpusDeclaration } from '../../indexers/list-files.ts';
import { systemClock } from '../../src/clock.ts';
import type { CorpusConfig } from '../../src/config/config.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { TenkyoError } from '../../src/errors.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';
import { openEmbedder } from '../compose/open-embedder.ts';
import { indexDirectory } from '../compose/open-search.ts';
import { openTargets } from '../compose/open-targets.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { configuredCorpora } from './configured-corpora.ts';
import { printPlan } from './index-plan.ts';
import { grouped, parseIndex } from './numbers.ts';
import { createProgressLine } from './progress-line.ts';

interface IndexOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly maxRejects?: number;
}

const report = (
  cli: Cli,
  { built, manifest, rejectsFile, targets, carried }: BuildOutcome,
  seconds: number,
  json: boolean,
): void => {
  const { corpus, fingerprint, buildId, documents, passages, vectors, rejects } = manifest;
  if (json) {
    cli.json({
      corpus,
      built,
      buildId,
      fingerprint,
      documents,
      passages,
      vectors,
      rejects: { ...rejects, file: rejectsFile },
      targets,
      carried,
      seconds,
    });
    return;
  }
  const counts = `${grouped(documents)} documents, ${grouped(passages)} passages, ${grouped(vectors)} vectors`;
  cli.print(`${corpus}: ${built ? `built in ${seconds.toFixed(1)} s` : 'up to date'} · ${counts} · index ${buildId}`);
  for (const { name, documents: there, rejects: refused } of targets) {
    cli.print(`${corpus}: built on ${name} · ${grouped(there)} documents`);
    if (refused.count > 0) cli.note(`${name} refused ${grouped(refused.count)} documents and passages:`);
    for (const { id, reason } of refused.first.slice(0, 10)) cli.note(`  ${id}: ${reason}`);
  }
  for (const { name, vectors: there } of carried) cli.print(`${corpus}: ${grouped(there)} vectors put on ${name}`);
  if (vectors === 0) cli.note('vector search is off: no embedding model, or no server for its vectors, is configured');
  if (rejects.count === 0) return;
  cli.note(
    `${rejects.count === 1 ? '1 line is no document and was' : `${grouped(rejects.count)} lines are no documents and were`} left out:`,
  );
  for (const { file, line, reason } of rejects.first.slice(0, 10)) cli.note(`  ${file}:${line}: ${reason}`);
  if (rejects.count > 10) cli.note(`  and ${grouped(rejects.count - 10)} more`);
  if (rejectsFile !== null) cli.note(`all of them: ${rejectsFile}`);
};

/** The indexes of a corpus, its texts first. */
const indexesOf = (corpus: CorpusConfig): CorpusDeclaration[] => {
  const { texts, tuning } = corpusIndexes(corpus);
  return tuning ? [texts, tuning] : [texts];
};

const index = async (cli: Cli, names: readonly string[], options: IndexOptions): Promise<void> => {
  const config = await cli.config(options);
  const corpora: readonly CorpusConfig[] = configuredCorpora(config, names);
  const host = createOnnxHost();
  const stop = new AbortController();
  const onSignal = (): void =>
    stop.abort(new TenkyoError('cancelled', 'stopped', { remedy: 'The next run goes on where this one was.' }));
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const line = createProgressLine(process.stderr, cli.note);
  const { targets, vectorTargets, alone, close: closeTargets } = openTargets(config, systemClock);
  let embedder: Embedder | null = null;
  try {
    embedder = await openEmbedder(config, host);
    for (const corpus of corpora.flatMap(indexesOf)) {
      const shared = {
        corpus,
        embedder,
        directory: indexDirectory(config),
        targets,
        vectorTargets,
        alone,
        clock: systemClock,
        signal: stop.signal,
      };
      if (options.dryRun) {
        await printPlan(cli, shared, options.json ?? false);
        continue;
      }
      const began = systemClock.now();
      const result = await buildCorpus({ ...shared, progress: line.report, maximumRejects: options.maxRejects });
      line.stop();
      report(cli, result, (systemClock.now() - began) / 1_000, options.json ?? false);
    }
  } finally {
    line.stop();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await closeTargets();
    await embedder?.close();
    await host.close();
  }
};

/** `tenkyo index`. */
export const registerIndex: RegisterCommand = (program, cli) => {
  withCommonOptions(
    program
      .command('index')
      .description('Builds or resumes the search index of a corpus')
      .argument('[corpus...]', 'configured corpora (default: all)')
      .option('--dry-run', 'say what would be built, about how large it would be and how long it would take')
      .option('--max-rejects <n>', 'give up after this many lines that are no documents', parseIndex),
  ).action((names: string[], options: IndexOptions) => index(cli, names, options));
};
