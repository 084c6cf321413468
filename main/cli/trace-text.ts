import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { configuredCorpora } from './configured-corpora.ts';
import { grouped } from './numbers.ts';
import { traceCommand } from './trace-command.ts';
import { withSearch } from './with-search.ts';

interface TraceTextOptions extends CommonOptions {
  readonly corpus?: string;
}

const traceText = async (cli: Cli, text: string, options: TraceTextOptions): Promise<void> => {
  const config = await cli.config(options);
  await withSearch(cli, config, { vectors: false }, async (opened) => {
    const query = { text, question: null, model: null };
    const [named] = options.corpus === undefined ? [] : configuredCorpora(config, [options.corpus]);
    const result = await opened.search(named?.name ?? opened.corpusFor(query), query, { engine: 'exact' });
    const { spans, minimumSpan, corpus } = result;
    const characters = [...result.text].length;
    const covered = spans.reduce((sum, span) => sum + [...span.text].length, 0);
    if (options.json) cli.json({ corpus, text: result.text, minimumSpan, characters, covered, spans });
    else if (spans.length === 0) cli.print(`Nothing of ${minimumSpan} or more characters stands in the corpus.`);
    else {
      cli.print(`${grouped(covered)} of ${grouped(characters)} characters stand word for word in the corpus.`);
      cli.table([
        ['Characters', 'Text', 'Times', 'Documents', 'In'],
        ...spans.map((span) => [
          `${grouped(span.start)}–${grouped(span.end)}`,
          span.text.replace(/\s+/g, ' '),
          grouped(span.count),
          grouped(span.documentCount),
          span.documents.map(({ source, documentId }) => `${source} ${documentId}`).join(', '),
        ]),
      ]);
    }
    if (spans.length === 0) process.exitCode = 1;
  });
};

/** `tenkyo trace text`. */
export const registerTraceText: RegisterCommand = (program, cli) => {
  withCommonOptions(
    traceCommand(program)
      .command('text')
      .description('What of a text stands word for word in a corpus')
      .argument('<text>', 'a text, such as an answer')
      .option('--corpus <name>', 'a configured corpus (default: the first)'),
  ).action((text: string, options: TraceTextOptions) => traceText(cli, text, options));
};
