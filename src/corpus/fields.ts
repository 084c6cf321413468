import type { Document } from './document.ts';
import { isObject, kindOf, valueAt } from './record.ts';

/** Where a record says what, as dotted paths (`meta.title`); of several the first that says something. */
export interface FieldNames {
  readonly text: readonly string[];
  readonly id: readonly string[];
  readonly title: readonly string[];
  readonly url: readonly string[];
  readonly lang: readonly string[];
  readonly date: readonly string[];
  readonly licence: readonly string[];
}

/** LLM-jp's `{text, meta}` and Hugging Face's flat rows. */
export const defaultFields: FieldNames = {
  text: ['text'],
  id: ['id'],
  title: ['meta.title', 'title'],
  url: ['meta.url', 'url'],
  lang: ['meta.lang', 'meta.language', 'lang', 'language'],
  date: ['meta.date', 'meta.timestamp', 'date', 'timestamp'],
  licence: ['meta.licence', 'meta.license', 'licence', 'license'],
};

/** Where a document stands. */
export interface Place {
  readonly source: string;
  readonly sequence: number;
  /** The id of a record that has none of its own. */
  readonly id: string;
}

/** What a tokeniser left in the record: as long as the text, and of no use beside it. */
export const tokenColumns = new Set(['tokens', 'token_ids', 'input_ids', 'attention_mask']);

const first = (record: Readonly<Record<string, unknown>>, paths: readonly string[]): unknown => {
  for (const path of paths) {
    const value = valueAt(record, path);
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
};

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** `meta`, and beside it the columns of a flat row that are nothing else. */
const metaOf = (
  record: Readonly<Record<string, unknown>>,
  fields: FieldNames,
  used: readonly string[],
): Record<string, unknown> => {
  const known = new Set([...fields.text, ...fields.id, ...used, 'meta']);
  const meta: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    if (!known.has(key) && !tokenColumns.has(key) && value !== null) meta[key] = value;
  }
  if (isObject(record.meta)) Object.assign(meta, record.meta);
  for (const name of ['date', 'licence'] as const) {
    const value = first(record, fields[name]);
    if (value !== undefined && meta[name] === undefined) meta[name] = value;
  }
  return meta;
};

/**
 * A record's document, or why it is none.
 *
 * @param text what it says, where that is not simply a field; a fault where it says nothing
 * @param used names of the fields that `text` was made of
 */
export const documentOf = (
  value: unknown,
  place: Place,
  fields: FieldNames,
  readText?: (record: Readonly<Record<string, unknown>>) => { text: string; used: readonly string[] } | string,
): Document | string => {
  if (!isObject(value)) return `expected an object, found ${kindOf(value)}`;
  const { meta } = value;
  if (meta !== undefined && meta !== null && !isObject(meta)) {
    return `"meta": expected an object, found ${kindOf(meta)}`;
  }
  const id = first(value, fields.id);
  if (id !== undefined && typeof id !== 'string' && typeof id !== 'number') {
    return `"${fields.id[0]}": expected a string or a number, found ${kindOf(id)}`;
  }
  let text: unknown;
  let used: readonly string[] = [];
  if (readText) {
    const read = readText(value);
    if (typeof read === 'string') return read;
    ({ text, used } = read);
  } else {
    text = fields.text.map((path) => valueAt(value, path)).find((found) => found !== undefined);
  }
  if (typeof text !== 'string') return `"${fields.text[0]}": expected a string, found ${kindOf(text)}`;
  return {
    id: id === undefined ? place.id : String(id),
    source: place.source,
    sequence: place.sequence,
    text,
    title: textOrNull(first(value, fields.title)),
    url: textOrNull(first(value, fields.url)),
    lang: textOrNull(first(value, fields.lang)),
    meta: metaOf(value, fields, used),
  };
};
