/** What a cell of text turns into when its bytes are no text: JSON can't hold it, so it can't be taken for one. */
export const notText: unique symbol = Symbol('not valid UTF-8');

const number = (value: bigint): number | string =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);

const time = (value: Date): string | null => (Number.isNaN(value.getTime()) ? null : value.toISOString());

/**
 * A table cell as JSON would hold it: large integers as text, times as ISO 8601, bytes left out.
 *
 * @returns `undefined` for what JSON has no form for; `notText` when there is such a cell in it
 */
export const plainValue = (value: unknown): unknown => {
  if (value === notText || value === null) return value;
  if (typeof value === 'bigint') return number(value);
  if (value instanceof Date) return time(value);
  if (ArrayBuffer.isView(value)) return value instanceof Uint8Array ? undefined : plainValue([...asNumbers(value)]);
  if (Array.isArray(value)) {
    const items = value.map(plainValue);
    return items.includes(notText) ? notText : items;
  }
  if (typeof value !== 'object') return typeof value === 'function' ? undefined : value;
  const plain: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) {
    const found = plainValue(part);
    if (found === notText) return notText;
    if (found !== undefined) plain[key] = found;
  }
  return plain;
};

const asNumbers = (view: ArrayBufferView): Iterable<unknown> =>
  Symbol.iterator in view ? (view as unknown as Iterable<unknown>) : [];
