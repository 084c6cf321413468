import { basename, matchesGlob } from 'node:path';

/** Files or data paths whose source has another name than the one read off them. */
export interface SourceRule {
  /** A glob: of the whole path where it has a `/`, of the last part where it has none. */
  readonly match: string;
  /** The data set's short name. */
  readonly source: string;
}

/** The short name of the data set that a file or a tokenised data path belongs to. */
export type SourceNames = (path: string) => string;

type Ending = readonly [pattern: RegExp, replacement: string];

/** What tools put behind the name that people gave: the file's kind, then the tokeniser's own. */
const fileEndings: readonly Ending[] = [
  [/\.(gz|zst|bin|idx)$/i, ''],
  [/\.(jsonl?|ndjson|parquet)$/i, ''],
  [/_(text|content)_(document|sentence)$/, ''],
];

/** Which piece of the data set it is: merged, numbered, one crawl of many, a shard as Hugging Face numbers them. */
const pieceEndings: readonly Ending[] = [
  [/[-_.]merge(d)?([-_.]\d+)?$/i, ''],
  [/-\d{4,}-of-\d{4,}$/, ''],
  [/(_\d{4,}|[-.]\d{5})$/, ''],
  [/(^|[-_.])CC-MAIN(-\d{4}-\d+|[-\dA-Za-z]*)$/, ''],
];

/** Names that say nothing of the data set: the folder does. */
const nameless = /^(|\d+|train(ing)?|valid(ation)?|test|eval|data|default|part|chunk|shards?|split)$/i;

/** A folder of one language or kind, as LLM-jp's corpora from v3 on have them: `ja/wiki` is not `en/wiki`. */
const languageFolder = /^(ja|en|zh|ko|code)$/;

const strip = (name: string, endings: readonly Ending[]): string => {
  for (let before = ''; before !== name; ) {
    before = name;
    for (const [pattern, replacement] of endings) name = name.replace(pattern, replacement);
  }
  return name;
};

const partsOf = (path: string): string[] => path.split(/[\\/]+/).filter((part) => part !== '' && part !== '.');

/** The name of a file or data path without what its tools have put behind it, its number kept: `cc-1_0000`. */
export const stemOf = (path: string): string => strip(basename(path), fileEndings);

const readOff = (path: string): string => {
  const parts = partsOf(path);
  const names = parts.map((part) => strip(part, [...fileEndings, ...pieceEndings]));
  const at = names.findLastIndex((name) => !nameless.test(name));
  const name = names[at] ?? (strip(parts.at(-1) ?? '', fileEndings) || 'unnamed');
  const folder = parts[at - 1] ?? '';
  const isTold = name === folder || name.startsWith(`${folder}_`) || name.startsWith(`${folder}-`);
  return at > 0 && languageFolder.test(folder) && !isTold ? `${folder}_${name}` : name;
};

/**
 * Names sources by rules, the first that matches, and where none does by what the path says:
 *
 *     …/ja_cc/ja_cc_merge_3_text_document               ja_cc
 *     train/ja/cc-1_0000.jsonl_text_document            ja_cc-1
 *     en_fineweb-rescored_score_10_0000_text_document   en_fineweb-rescored_score_10
 *     ja_cc/CC-MAIN-2023-50.jsonl.zst                   ja_cc
 *     wikipedia/train-00000-of-00015.parquet            wikipedia
 */
export const createSourceNames =
  (rules: readonly SourceRule[] = []): SourceNames =>
  (path) => {
    const whole = path.replaceAll('\\', '/');
    const rule = rules.find(({ match }) => matchesGlob(match.includes('/') ? whole : basename(whole), match));
    return rule ? rule.source : readOff(path);
  };
