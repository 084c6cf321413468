import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { TenkyoError } from '../../src/errors.ts';

export interface JudgedQuery {
  readonly text: string;
  /** Document ids with their gain. */
  readonly relevant: Readonly<Record<string, number>>;
  readonly kind: string;
}

/** Questions whose answers are known, over documents of their own. */
export interface JudgedSet {
  readonly queries: readonly JudgedQuery[];
  /** One JSON line a document, as a corpus file has them. */
  readonly documents: readonly string[];
}

const squad = z.object({
  data: z.array(
    z.object({
      title: z.string().optional(),
      paragraphs: z.array(z.object({ context: z.string(), qas: z.array(z.object({ question: z.string() })) })),
    }),
  ),
});
const ownQuery = z.object({
  query: z.string(),
  relevant: z.array(z.string()).min(1),
  kind: z.string().default('all'),
});
const beirDocument = z.object({ _id: z.string(), title: z.string().default(''), text: z.string() });
const beirQuery = z.object({ _id: z.string(), text: z.string() });

const readText = async (file: string): Promise<string> => {
  try {
    const bytes = await readFile(file);
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const missing = code === 'ENOENT';
    throw new TenkyoError(missing ? 'file_missing' : 'file_corrupt', "a judged set can't be read", {
      where: file,
      expected: 'a readable file',
      found: missing ? 'nothing' : message,
      remedy: 'Give the path of the file as it was downloaded.',
      cause,
    });
  }
};

const parse = <T>(schema: z.ZodType<T>, json: string, where: string): T => {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TenkyoError('file_corrupt', 'a judged set has another layout than expected', {
    where,
    found: value === undefined ? 'no JSON' : z.prettifyError(parsed.error),
    remedy: 'See `tenkyo eval retrieval --help` for the layouts.',
  });
};

const lines = <T>(schema: z.ZodType<T>, text: string, file: string): T[] =>
  text
    .split('\n')
    .map((line, index) => ({ line, where: `${file}:${index + 1}` }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, where }) => parse(schema, line, where));

const documentLine = (id: string, title: string, text: string): string =>
  JSON.stringify({ id, text, meta: title === '' ? {} : { title } });

/** JSQuAD writes the article's title before the passage: `title [SEP] text`. */
const separator = ' [SEP] ';

/** A file in SQuAD's format, `.json` or `.json.gz`: every passage is one document, and answers its own questions. */
export const readSquad = async (file: string): Promise<JudgedSet> => {
  const { data } = parse(squad, await readText(file), file);
  const passages = data.flatMap(({ title = '', paragraphs }) =>
    paragraphs.map(({ context, qas }) => {
      const at = context.indexOf(separator);
      const split =
        at < 0 ? { title, text: context } : { title: context.slice(0, at), text: context.slice(at + separator.length) };
      return { ...split, qas };
    }),
  );
  return {
    documents: passages.map(({ title, text }, number) => documentLine(`p${number}`, title, text)),
    queries: passages.flatMap(({ qas }, number) =>
      qas.map(({ question }) => ({ text: question, relevant: { [`p${number}`]: 1 }, kind: 'all' })),
    ),
  };
};

/** A folder in BEIR's layout: `corpus.jsonl`, `queries.jsonl` and the judgements of the test part. */
export const readBeir = async (folder: string): Promise<JudgedSet> => {
  const [corpus, queries, judgements] = ['corpus.jsonl', 'queries.jsonl', join('qrels', 'test.tsv')].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const relevant = new Map<string, Record<string, number>>();
  const [, ...rows] = (await readText(judgements)).trim().split(/\r?\n/);
  for (const [index, row] of rows.entries()) {
    const [query, document, gain] = row.split('\t');
    if (query === undefined || document === undefined || !Number.isFinite(Number(gain))) {
      throw new TenkyoError('file_corrupt', 'a judgement has another layout than expected', {
        where: `${judgements}:${index + 2}`,
        expected: 'query id, document id and gain, with tabs between',
        found: row,
        remedy: 'Give a folder as BEIR publishes it.',
      });
    }
    relevant.set(query, { ...relevant.get(query), [document]: Number(gain) });
  }
  return {
    documents: lines(beirDocument, await readText(corpus), corpus).map(({ _id, title, text }) =>
      documentLine(_id, title, text),
    ),
    queries: lines(beirQuery, await readText(queries), queries).flatMap(({ _id, text }) => {
      const judged = relevant.get(_id);
      return judged ? [{ text, relevant: judged, kind: 'all' }] : [];
    }),
  };
};

/** Queries over a configured corpus: `{"query", "relevant": [document ids], "kind"}` a line. */
export const readQueries = async (file: string): Promise<JudgedQuery[]> =>
  lines(ownQuery, await readText(file), file).map(({ query, relevant, kind }) => ({
    text: query,
    relevant: Object.fromEntries(relevant.map((id) => [id, 1])),
    kind,
  }));

/** Writes the documents as a corpus of one file. @returns the glob that a corpus is declared with */
export const writeCorpus = async (folder: string, documents: readonly string[]): Promise<string> => {
  const file = join(folder, 'judged.jsonl');
  await writeFile(file, documents.map((line) => `${line}\n`).join(''));
  return file;
};
