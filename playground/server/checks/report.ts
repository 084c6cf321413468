export type JsonObject = Record<string, unknown>;

/** What is wrong with a piece of Block Kit, in the lines that Slack puts into `response_metadata.messages`. */
export interface Report {
  readonly faults: readonly string[];
  fault(pointer: string, what: string): void;
  /** A text of 1 to `most` characters. */
  text(pointer: string, value: unknown, most: number): void;
  /** At most `most` items, at least one. */
  items(pointer: string, value: unknown, most: number): readonly unknown[];
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A type as a fault names it, whatever stands in its place. */
export const nameType = (type: unknown): string => (typeof type === 'string' ? type : typeof type);

export const createReport = (): Report => {
  const faults: string[] = [];
  const fault = (pointer: string, what: string): void => {
    faults.push(`[ERROR] ${what} [json-pointer:${pointer}]`);
  };
  return {
    faults,
    fault,
    text: (pointer, value, most) => {
      if (typeof value !== 'string') fault(pointer, 'must be a string');
      else if (value.length === 0) fault(pointer, 'must be more than 0 characters');
      else if (value.length > most) fault(pointer, `must be less than ${most + 1} characters`);
    },
    items: (pointer, value, most) => {
      if (!Array.isArray(value)) {
        fault(pointer, 'must be an array');
        return [];
      }
      if (value.length === 0) fault(pointer, 'must have at least 1 item');
      if (value.length > most) fault(pointer, `no more than ${most} items allowed`);
      return value;
    },
  };
};
