import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { buildIndex } from '../../indexers/build-index.ts';
import type { EvidenceSearch } from '../../src/chat/grounding/evidence.ts';
import { systemClock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';
import { createOnnxHost } from '../../src/onnx/host.ts';
import { openIndex } from '../../src/search/embedded/open-index.ts';
import type { ReadingLookup } from '../../src/search/ports.ts';
import { createSearch } from '../../src/search/search.ts';
import { evidenceHits, evidenceOf } from '../compose/ground-with.ts';
import { openEmbedder } from '../compose/open-embedder.ts';
import { modelToAsk } from '../compose/open-models.ts';
import { writeGrounded } from '../compose/write-grounded.ts';
import type { Cli, CommonOptions, RegisterCommand } from './cli.ts';
import { withCommonOptions } from './common-options.ts';
import { evalCommand } from './eval-command.ts';
import { type GroundedCase, type GroundedQuestion, groundingRows, scoresByKind } from './grounding-report.ts';
import { parseJudged, readLines, writeCorpus } from './judged-set.ts';
import { grouped } from './numbers.ts';
import { createProgressLine } from './progress-line.ts';
import { writeQualitySection } from './quality-document.ts';
import { readSquad } from './squad-set.ts';
import { withModel } from './with-model.ts';
import { withSearch } from './with-search.ts';

interface EvalOptions extends CommonOptions {
  readonly questions?: readonly string[];
  readonly squad?: string;
  readonly model?: string;
  readonly document?: string;
  readonly cases?: string;
}

const deadlineMs = 60_000;

const ownQuestion = z
  .object({
    question: z.string().optional(),
    query: z.string().optional(),
    lang: z.string().optional(),
    kind: z.string().default('all'),
    answerable: z.boolean().default(true),
  })
  .refine(({ question, query }) => (question ?? query) !== undefined, 'a "question" or a "query"');

/** `{"question" or "query", "kind", "lang", "answerable"}` a line. */
const readQuestions = async (file: string): Promise<GroundedQuestion[]> => {
  const questions: GroundedQuestion[] = [];
  for await (const { line, where } of readLines(file)) {
    const { question, query, lang, kind, answerable } = parseJudged(ownQuestion, line, where);
    const named = [lang, answerable ? kind : 'unanswerable'].filter((part) => part !== undefined).join(' ');
    questions.push({ text: (question ?? query) as string, kind: named, answerable });
  }
  return questions;
};

/** Passages of a judged set as evidence, indexed for the time. */
const withSquad = async <T>(
  cli: Cli,
  config: Config,
  file: string,
  work: (evidence: EvidenceSearch, questions: readonly GroundedQuestion[]) => Promise<T>,
): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'tenkyo-grounding-'));
  const host = createOnnxHost();
  const line = createProgressLine(process.stderr, cli.note);
  try {
    const embedder = await openEmbedder(config, host);
    const { queries, documents } = await readSquad(file);
    const corpus = { name: 'judged', documents: await writeCorpus(folder, documents) };
    const directory = join(folder, 'index');
    await buildIndex({ corpus, embedder, directory, clock: systemClock, progress: line.report });
    line.stop();
    const fingerprint = embedder?.fingerprint ?? null;
    const index = await openIndex({ directory, corpus: corpus.name, embedder: fingerprint, clock: systemClock });
    const readings: ReadingLookup = { run: null, readingOf: async () => ({ state: 'unknown' }) };
    const { fusion } = config.search;
    const { search } = createSearch({ index, embedder, readings, clock: systemClock, deadlineMs, fusion });
    try {
      const find: EvidenceSearch['find'] = (text, _model, signal) =>
        search({ text, question: null, model: null }, { limit: evidenceHits, signal });
      const kind = basename(file);
      return await work(
        { find },
        queries.map(({ text }) => ({ text, kind, answerable: true })),
      );
    } finally {
      await index.close();
    }
  } finally {
    line.stop();
    await host.close();
    await rm(folder, { recursive: true, force: true });
  }
};

/** The command as a reader would type it. */
const typed = ({ questions = [], squad, model, config }: EvalOptions): string =>
  [
    'tenkyo eval grounding',
    ...questions.map((file) => `--questions ${file}`),
    ...Object.entries({ squad, model, config }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name} ${value}`],
    ),
  ].join(' ');

/** Accepted citations to be judged by reading: one a line. */
const caseLines = (cases: readonly GroundedCase[]): string =>
  cases
    .flatMap(({ asked, grounding: { sentences, sources } }) =>
      sentences.flatMap(({ text, citations }) =>
        citations
          .filter(({ supported }) => supported)
          .map(({ number }) => {
            const source = sources.find((one) => one.number === number);
            return `${JSON.stringify({ question: asked.text, kind: asked.kind, sentence: text, title: source?.title, passage: source?.text })}\n`;
          }),
      ),
    )
    .join('');

const evalGrounding = async (cli: Cli, options: EvalOptions): Promise<void> => {
  const { questions: files = [], squad } = options;
  if ((files.length === 0) === (squad === undefined)) {
    throw new TenkyoError('usage', 'questions are needed', {
      expected: 'one of --questions FILE (as often as you like) and --squad FILE',
      found: squad === undefined ? 'none' : 'both',
      remedy: 'Name one of them.',
    });
  }
  const config = await cli.config(options);
  const name = modelToAsk(config, options.model);
  const cases = await withModel(cli, config, name, async (model, signal) => {
    const askAll = async (evidence: EvidenceSearch, questions: readonly GroundedQuestion[]) => {
      const answered: GroundedCase[] = [];
      for (const asked of questions) {
        answered.push({ asked, ...(await writeGrounded(model, evidence, { question: asked.text, signal })) });
        if (answered.length % Math.ceil(questions.length / 10) === 0) {
          cli.note(`questions ${grouped(answered.length)}/${grouped(questions.length)}`);
        }
      }
      return answered;
    };
    if (squad !== undefined) return withSquad(cli, config, resolve(cli.cwd, squad), askAll);
    const questions = (await Promise.all(files.map((file) => readQuestions(resolve(cli.cwd, file))))).flat();
    return withSearch(cli, config, { vectors: true, reranked: true }, (search) =>
      askAll(evidenceOf(search), questions),
    );
  });
  const kinds = scoresByKind(cases);
  const rows = groundingRows(kinds);
  if (options.cases !== undefined) await writeFile(resolve(cli.cwd, options.cases), caseLines(cases));
  if (options.document !== undefined) {
    const about = squad === undefined ? files.map((file) => basename(file)).join(' and ') : basename(squad);
    const modes = [...new Set(cases.map(({ grounding }) => grounding.mode))].filter((mode) => mode !== 'refused');
    await writeQualitySection(resolve(cli.cwd, options.document), {
      set: `Grounded answers: ${about}`,
      command: typed(options),
      facts: `${grouped(cases.length)} questions to ${name}; answers: ${modes.join(', ') || 'none'}.`,
      rows,
    });
  }
  if (options.json) return cli.json({ model: name, kinds });
  cli.table(rows);
};

/** `tenkyo eval grounding`. */
export const registerEvalGrounding: RegisterCommand = (program, cli) => {
  withCommonOptions(
    evalCommand(program)
      .command('grounding')
      .description('How far grounded answers rest on the corpus: refusals, citations, and how many the check accepts')
      .option(
        '--questions <file>',
        'one {"question", "kind", "lang", "answerable"} a line, over the configured corpora; may be given several times',
        (file: string, before: readonly string[] = []) => [...before, file],
      )
      .option('--squad <file>', 'a file in the format of SQuAD; its passages are indexed for the time')
      .option('--model <name>', 'a configured model (default: that of the first app)')
      .option('--document <file>', 'write the table into this Markdown file too, in place of its earlier section')
      .option('--cases <file>', 'write every accepted citation with its question and passage, for reading'),
  ).action((options: EvalOptions) => evalGrounding(cli, options));
};
