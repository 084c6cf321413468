import { SlackFault } from './slack-fault.ts';

/** The arguments of a call, whether they came as JSON or as a form (where objects and lists are JSON text). */
export interface Arguments {
  /** Undefined when absent or null; numbers and booleans as text. */
  text(name: string): string | undefined;
  requiredText(name: string): string;
  flag(name: string): boolean;
  number(name: string): number | undefined;
  list(name: string): unknown[] | undefined;
  object(name: string): Record<string, unknown> | undefined;
}

const missing = (name: string): SlackFault =>
  new SlackFault('invalid_arguments', [`[ERROR] missing required field: ${name}`]);

const parse = (name: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new SlackFault(name === 'blocks' ? 'invalid_blocks_format' : 'invalid_arguments', [
      `[ERROR] ${name} is not valid JSON`,
    ]);
  }
};

export const createArguments = (values: Readonly<Record<string, unknown>>): Arguments => {
  const present = (name: string): unknown => {
    const value = values[name];
    return value === null || value === '' ? undefined : value;
  };
  const text = (name: string): string | undefined => {
    const value = values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'object') {
      throw new SlackFault('invalid_arguments', [`[ERROR] must provide a string [json-pointer:/${name}]`]);
    }
    return String(value);
  };
  return {
    text,
    requiredText: (name) => {
      const value = text(name);
      if (value === undefined || value === '') throw missing(name);
      return value;
    },
    flag: (name) => ['true', '1'].includes(String(values[name] ?? '')),
    number: (name) => {
      const value = present(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (Number.isFinite(number)) return number;
      throw new SlackFault('invalid_arguments', [`[ERROR] must provide a number [json-pointer:/${name}]`]);
    },
    list: (name) => {
      const value = present(name);
      if (value === undefined) return undefined;
      const parsed = parse(name, value);
      if (Array.isArray(parsed)) return parsed;
      throw new SlackFault(name === 'blocks' ? 'invalid_blocks_format' : 'invalid_arguments', [
        `[ERROR] must provide an array [json-pointer:/${name}]`,
      ]);
    },
    object: (name) => {
      const value = present(name);
      if (value === undefined) return undefined;
      const parsed = parse(name, value);
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
        return parsed as Record<string, unknown>;
      }
      throw new SlackFault('invalid_arguments', [`[ERROR] must provide an object [json-pointer:/${name}]`]);
    },
  };
};
