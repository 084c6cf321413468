import { readFile, writeFile } from 'node:fs/promises';

const heading = `# How well the search finds

Made by \`tenkyo eval retrieval\`: each section is one set, the command that made it stands above its table, and the same
command with \`--document docs/quality.md\` makes the section anew. nDCG@10, R@1, R@10 and MRR count documents (several
passages of one count once); the intervals are bootstrap percentiles (95 %, 1,000 samples, seed 42). Times are those of
the whole search with that engine alone, or with all of them (fused), one query after the other.
`;

const mark = (set: string): string => `<!-- ${set} -->`;

const asMarkdown = ([header = [], ...rows]: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** Puts a set's section into a Markdown document: in place of the one that stands there, else at its end. */
export const writeQualitySection = async (
  file: string,
  { set, command, facts, rows }: { set: string; command: string; facts: string; rows: readonly (readonly string[])[] },
): Promise<void> => {
  const before = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return heading;
    throw error;
  });
  const section = `${mark(set)}\n## ${set}\n\n    ${command}\n\n${facts}\n\n${asMarkdown(rows)}\n`;
  const start = before.indexOf(mark(set));
  const next = start < 0 ? -1 : before.indexOf('\n<!-- ', start);
  const text =
    start < 0
      ? `${before.trimEnd()}\n\n${section}`
      : `${before.slice(0, start)}${section}${next < 0 ? '' : before.slice(next)}`;
  await writeFile(file, text);
};
