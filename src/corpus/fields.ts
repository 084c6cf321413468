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
  /** Of examples of tuning. */
  readonly instruction: readonly string[];
  readonly input: readonly string[];
  readonly response: readonly string[];
  readonly messages: readonly string[];
  readonly chosen: readonly string[];
  readonly rejected: readonly string[];
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
  instruction: ['instruction', 'prompt', 'question'],
  input: ['input'],
  response: ['response', 'output', 'answer'],
  messages: ['messages', 'conversations'],
  chosen: ['chosen'],
  rejected: ['rejected'],
};

/** The text of a record that is no field of it alone. */
export interface MadeText {
  readonly text: string;
  /** Fields it was made of. */
  readonly used: readonly string[];
  readonly title?: string | null;
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** Where a document stands. */
export interface Place {
  readonly source: string;
  readonly sequence: number;
  /** The id of a record that has none of its own. */
  readonly id: string;
}

/** What a tokeniser left in the record: as long as the text, and of no use beside it. */
export const tokenColumns = new Set(['tokens', 'token_ids', 'input_ids', 'attention_mask']);

/** The first of several paths at which a record says something. */
export const firstOf = (record: Readonly<Record<string, unknown>>, paths: readonly string[]): unknown => {
  for (const path of paths) {
    const value = valueAt(record, path);
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
};

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const textField = (record: Readonly<Record<string, unknown>>, { text: paths }: FieldNames): MadeText | string => {
  const text = paths.map((path) => valueAt(record, path)).find((found) => found !== undefined);
  if (typeof text !== 'string') return `"${paths[0]}": expected a string, found ${kindOf(text)}`;
  return { text, used: paths };
};

/** `meta`, and beside it the columns of a flat row that are nothing else. */
const metaOf = (
  record: Readonly<Record<string, unknown>>,
  fields: FieldNames,
  used: readonly string[],
): Record<string, unknown> => {
  const known = new Set([...fields.id, ...used, 'meta']);
  const meta: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    if (!known.has(key) && !tokenColumns.has(key) && value !== null) meta[key] = value;
  }
  if (isObject(record.meta)) Object.assign(meta, record.meta);
  for (const name of ['date', 'licence'] as const) {
    const value = firstOf(record, fields[name]);
    if (value !== undefined && meta[name] === undefined) meta[name] = value;
  }
  return meta;
};

/**
 * A record's document, or why it is none.
 *
 * @param makeText its text, where that is not simply a field; or why it has none
 */
export const documentOf = (
  value: unknown,
  place: Place,
  fields: FieldNames,
  makeText?: (record: Readonly<Record<string, unknown>>) => MadeText | string,
): Document | string => {
  if (!isObject(value)) return `expected an object, found ${kindOf(value)}`;
  const { meta } = value;
  if (meta !== undefined && meta !== null && !isObject(meta)) {
    return `"meta": expected an object, found ${kindOf(meta)}`;
  }
  const id = firstOf(value, fields.id);
  if (id !== undefined && typeof id !== 'string' && typeof id !== 'number') {
    return `"${fields.id[0]}": expected a string or a number, found ${kindOf(id)}`;
  }
  const made = makeText ? makeText(value) : textField(value, fields);
  if (typeof made === 'string') return made;
  return {
    id: id === undefined ? place.id : String(id),
    source: place.source,
    sequence: place.sequence,
    text: made.text,
    title: textOrNull(firstOf(value, fields.title)) ?? made.title ?? null,
    url: textOrNull(firstOf(value, fields.url)),
    lang: textOrNull(firstOf(value, fields.lang)),
    meta: { ...metaOf(value, fields, made.used), ...made.meta },
  };
};
