import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { documentLine, type JudgedSet, nothingJudged, parseJudged, unreadableSet } from './judged-set.ts';

const squad = z.object({
  data: z.array(
    z.object({
      title: z.string().optional(),
      paragraphs: z.array(
        z.object({
          context: z.string(),
          qas: z.array(z.object({ question: z.string(), is_impossible: z.boolean().default(false) })),
        }),
      ),
    }),
  ),
});

/** A file that claims to be longer is not unpacked: one JSON text can't be read in parts. */
const longest = 2 ** 29;

const readText = async (file: string): Promise<string> => {
  try {
    const bytes = await readFile(file);
    return (file.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: longest }) : bytes).toString('utf8');
  } catch (error) {
    throw unreadableSet(file, error);
  }
};

/** JSQuAD writes the article's title before the passage: `title [SEP] text`. */
const separator = ' [SEP] ';

/**
 * A file in SQuAD's format, `.json` or `.json.gz`: every passage is one document, and answers its own questions. Those
 * that version 2 calls impossible have no passage that answers them.
 *
 * @throws TenkyoError `file_missing`, `file_corrupt`
 */
export const readSquad = async (file: string): Promise<JudgedSet> => {
  const { data } = parseJudged(squad, await readText(file), file);
  const passages = data.flatMap(({ title = '', paragraphs }) =>
    paragraphs.map(({ context, qas }) => {
      const at = context.indexOf(separator);
      const split =
        at < 0 ? { title, text: context } : { title: context.slice(0, at), text: context.slice(at + separator.length) };
      return { ...split, qas };
    }),
  );
  const queries = passages.flatMap(({ qas }, number) =>
    qas
      .filter(({ is_impossible: impossible }) => !impossible)
      .map(({ question }) => ({ text: question, relevant: { [`p${number}`]: 1 }, kind: 'all' })),
  );
  if (queries.length === 0) throw nothingJudged(file);
  return { queries, documents: passages.map(({ title, text }, number) => documentLine(`p${number}`, title, text)) };
};
