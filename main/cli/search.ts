import { Option } from 'commander';
import type { EngineName, EngineReport, Hit, SearchResult } from '../../src/search/result.ts';
import type { SearchOptions as EngineSearchOptions } from '../../src/search/search.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { configuredCorpora } from './configured-corpora.ts';
import { hiddenDocuments } from './hidden-documents.ts';
import { iterationText } from './iteration-text.ts';
import { grouped, parseIndex } from './numbers.ts';
import { withSearch } from './with-search.ts';

interface SearchOptions extends CommonOptions {
  readonly engine: NonNullable<EngineSearchOptions['engine']>;
  readonly limit: number;
  readonly source?: readonly string[];
  readonly lang?: readonly string[];
  readonly run?: string;
  readonly phase?: string;
  readonly beforeIteration?: number;
  readonly afterIteration?: number;
  readonly corpus?: string;
  readonly model?: string;
  readonly includeHidden?: boolean;
}

const engineNames: Readonly<Record<EngineName | 'reranker', string>> = {
  exact: 'Exact Match',
  keyword: 'Keyword Search',
  vector: 'Vector Search',
  reranker: 'Reranker',
};

const reasons: Readonly<Record<string, string>> = {
  no_embedding_model: 'off: no embedding model is configured',
  no_vectors: 'off: the index has no vectors',
};

const readingLine = ({ reading, title, band }: Hit): string => {
  const parts = [title, band && `relevance ${band}`];
  if (reading.state === 'read') {
    parts.push(
      `read ${grouped(reading.timesRead)} times (first ${grouped(reading.first)}, last ${grouped(reading.last)})`,
    );
  }
  return parts.filter(Boolean).join(' · ');
};

const printHit = (cli: Cli, hit: Hit): void => {
  const engines = hit.engines.map((name) => engineNames[name]).join(' + ');
  cli.print(
    `Search engine: ${engines} | Rank: ${hit.rank} | Source: ${hit.source} | Iteration: ${iterationText(hit.reading)}`,
  );
  const line = readingLine(hit);
  if (line) cli.print(`  ${line}`);
  cli.print(`  ${hit.text.replace(/\s+/g, ' ')}`);
  if (hit.duplicates > 0) cli.print(`  (and ${grouped(hit.duplicates)} passages of other documents that say the same)`);
  if (hit.others?.length) cli.print(`  (and ${grouped(hit.others.length)} more passages of this document)`);
  cli.print('');
};

const engineText = ({ engine, status, tookMs, reason }: EngineReport<EngineName | 'reranker'>): string => {
  const name = engineNames[engine];
  if (status === 'ok') return `${name} ${grouped(Math.round(tookMs))} ms`;
  return `${name} ${(reason && reasons[reason]) ?? `${status}${reason ? ` (${reason})` : ''}`}`;
};

const printResult = (cli: Cli, result: SearchResult): void => {
  for (const span of result.spans) {
    const sources = span.documents.map(({ source, title }) => `${source}${title ? ` (${title})` : ''}`);
    cli.print(`Verbatim: ${span.text} · ${grouped(span.documentCount)} documents: ${sources.join(', ')}`);
  }
  if (result.spans.length > 0) cli.print('');
  for (const hit of result.hits) printHit(cli, hit);
  if (result.hits.length === 0) cli.print(`Nothing found in ${grouped(result.index.documents)} documents.`);
  const { tuning } = result;
  if (tuning && tuning.hits.length > 0) {
    cli.print(`Tuning data (${grouped(tuning.index.documents)} examples):`);
    for (const span of tuning.spans) {
      const examples = span.documentCount === 1 ? '1 example' : `${grouped(span.documentCount)} examples`;
      cli.print(`Verbatim: ${span.text} · ${examples}`);
    }
    cli.print('');
    for (const hit of tuning.hits) printHit(cli, hit);
  }
  if (result.tuningFault) cli.note(`Tuning data could not be searched: ${result.tuningFault}`);
  cli.note([...result.engines, ...(result.reranker ? [result.reranker] : [])].map(engineText).join(' · '));
};

const search = async (cli: Cli, text: string, options: SearchOptions): Promise<void> => {
  const config = await cli.config(options);
  const hidden = options.includeHidden ? [] : await hiddenDocuments(config);
  const query = { text, question: null, model: options.model ?? null };
  const vectors = options.engine === 'hybrid' || options.engine === 'vector';
  await withSearch(cli, config, { vectors, reranked: options.engine === 'hybrid' }, async (opened) => {
    const [named] = options.corpus === undefined ? [] : configuredCorpora(config, [options.corpus]);
    const corpus = named?.name ?? opened.corpusFor(query);
    const result = await opened.search(corpus, query, {
      engine: options.engine,
      limit: options.limit,
      sources: options.source ?? null,
      languages: options.lang ?? null,
      run: options.run,
      phase: options.phase ?? null,
      hidden: hidden.filter((one) => one.corpus === corpus),
      beforeIteration: options.beforeIteration ?? null,
      afterIteration: options.afterIteration ?? null,
    });
    if (options.json) cli.json(result);
    else printResult(cli, result);
    if (result.hits.length === 0) process.exitCode = 1;
  });
};

/** `tenkyo search`. */
export const registerSearch: RegisterCommand = (program, cli) => {
  withCommonOptions(
    program
      .command('search')
      .description('What 🔍 would show for a text')
      .argument('<text>', 'what to look for')
      .addHelpText(
        'after',
        '\nDocuments that an admin has hidden in Slack (/tenkyo hide) are left out, those of every workspace. Whoever\n' +
          'can read the index can read everything in it: `visibility` of a corpus does not count here.',
      )
      .addOption(
        new Option('--engine <engine>', 'one engine alone')
          .choices(['hybrid', 'keyword', 'vector', 'exact'])
          .default('hybrid'),
      )
      .option('--limit <n>', 'hits to show', parseIndex, 10)
      .option('--source <source...>', 'only these sources')
      .option('--before-iteration <n>', 'only documents read before this iteration', parseIndex)
      .option('--after-iteration <n>', 'only documents read in this iteration or later', parseIndex)
      .option('--phase <name>', 'only documents read in this phase of the run')
      .option('--run <name>', "whose iterations (default: the model's run, else the corpus's first)")
      .option('--lang <lang...>', 'only documents in these languages (ja, en)')
      .option('--include-hidden', 'also documents that an admin has hidden in Slack')
      .option('--corpus <name>', "a configured corpus (default: the model's, else the first)")
      .option('--model <name>', 'whose message it is: iterations are those before its checkpoint'),
  ).action((text: string, options: SearchOptions) => search(cli, text, options));
};
