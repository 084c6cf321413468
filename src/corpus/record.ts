/** A record of a corpus file as it stands there: a line of JSON, a row of a table. */
export interface CorpusRecord {
  /** Place in the file, from 0. */
  readonly number: number;
  /** Bytes of the file, where a record has bytes of its own. */
  readonly bytes: number;
  readonly content: { readonly value: unknown } | { readonly fault: string };
}

export interface ReadRecordsOptions {
  /** Longest record, in bytes, that is read; longer ones are named, not held. Default 16 MiB. */
  readonly maximumBytes?: number;
  /** First record wanted, from 0; those before it are passed over unread. */
  readonly from?: number;
  /** Gives what there is of a compressed file that was cut off. Default: false. */
  readonly allowCut?: boolean;
  readonly signal?: AbortSignal;
}

export const longestRecord = 16 * 2 ** 20;

type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a value is, in words: `an array`, `a number`, `nothing`. */
export const kindOf = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  return value === null
    ? 'null'
    : Array.isArray(value)
      ? 'an array'
      : `a${/^[aeiou]/.test(typeof value) ? 'n' : ''} ${typeof value}`;
};

/** The value at a dotted path (`meta.title`); a key that holds the dots itself comes first. */
export const valueAt = (record: Fields, path: string): unknown => {
  if (Object.hasOwn(record, path)) return record[path];
  let value: unknown = record;
  for (const key of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
};
