import type { DatabaseSync } from 'node:sqlite';
import { passageId } from '../../corpus/document.ts';
import type { Breath } from '../breathe.ts';
import type { DocumentFilter } from '../ports.ts';

/** What the engines know of every passage by its row (from 1, without gaps), held in memory: 20 bytes a passage. */
export interface PassageRows {
  readonly count: number;
  /** Tokens of a passage, by row. */
  readonly lengths: Uint32Array;
  readonly averageLength: number;
  /** Whether a passage is wanted; null: all are. */
  filter(wanted: DocumentFilter): ((row: number) => boolean) | null;
  idOf(row: number): string;
  langOf(row: number): string | null;
}

type Row = [
  row: number,
  tokens: number,
  source: string,
  sequence: number,
  start: number,
  end: number,
  lang: string | null,
];

const rowsPerStep = 2_048;

const numberIn = <T>(list: T[], item: T): number => {
  const known = list.indexOf(item);
  return known >= 0 ? known : list.push(item) - 1;
};

export const loadPassageRows = async (database: DatabaseSync, count: number, breath: Breath): Promise<PassageRows> => {
  const column = () => new Uint32Array(count + 1);
  const [lengths, sequences, starts, ends] = [column(), column(), column(), column()];
  const sourceOf = new Uint16Array(count + 1);
  const langOf = new Uint16Array(count + 1);
  const names: string[] = [];
  const langs: (string | null)[] = [];
  const select = database.prepare(
    `select p.row, p.tokens, d.source, d.sequence, p.start, p."end", d.lang
     from passages p join documents d on d.row = p.document where p.row > ? order by p.row limit ?`,
  );
  select.setReturnArrays(true);
  let total = 0;
  for (let last = 0; last < count; ) {
    const batch = select.all(last, rowsPerStep) as unknown as Row[];
    if (batch.length === 0) break;
    for (const [row, tokens, source, sequence, start, end, lang] of batch) {
      sourceOf[row] = numberIn(names, source);
      langOf[row] = numberIn(langs, lang);
      lengths[row] = tokens;
      sequences[row] = sequence;
      starts[row] = start;
      ends[row] = end;
      total += tokens;
      last = row;
    }
    if (breath.due()) await breath.take();
  }
  return {
    count,
    lengths,
    averageLength: total / Math.max(1, count),
    filter: ({ sources, languages = null, hidden = [] }) => {
      if (sources === null && languages === null && hidden.length === 0) return null;
      const ofSource = names.map((name) => sources?.includes(name) ?? true);
      const inLanguage = langs.map((lang) => languages === null || (lang !== null && languages.includes(lang)));
      const hiddenIn = names.map(
        (name) => new Set(hidden.filter(({ source }) => source === name).map(({ sequence }) => sequence)),
      );
      return (row) => {
        const source = sourceOf[row]!;
        return ofSource[source]! && inLanguage[langOf[row]!]! && !hiddenIn[source]!.has(sequences[row]!);
      };
    },
    langOf: (row) => langs[langOf[row]!] ?? null,
    idOf: (row) => passageId({ source: names[sourceOf[row]!]!, sequence: sequences[row]! }, starts[row]!, ends[row]!),
  };
};
