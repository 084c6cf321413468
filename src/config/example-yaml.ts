import { stringify } from 'yaml';
import { z } from 'zod';

/** What a schema looks like from inside; zod's own types of it are for those who extend zod. */
interface Inside {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly element?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
  readonly defaultValue?: unknown;
}

/** A schema without what is wrapped around it, and what the wrapping says. */
interface Setting {
  readonly core: z.ZodType;
  readonly inside: Inside;
  readonly description: string | null;
  readonly example: unknown;
  /** undefined: none. */
  readonly usual: unknown;
  readonly required: boolean;
  /** Shown as set although it is optional: without it the example would not hold together. */
  readonly shown: boolean;
}

const insideOf = (schema: z.ZodType): Inside => schema.def as unknown as Inside;

const unwrap = (schema: z.ZodType): Setting => {
  const inside = insideOf(schema);
  const {
    description = null,
    examples,
    shown = false,
  } = (schema.meta() ?? {}) as {
    description?: string;
    examples?: unknown[];
    shown?: boolean;
  };
  const next = {
    optional: inside.innerType,
    nullable: inside.innerType,
    default: inside.innerType,
    prefault: inside.innerType,
    pipe: inside.in,
  }[inside.type];
  if (next === undefined) {
    return { core: schema, inside, description, example: examples?.[0], usual: undefined, required: true, shown };
  }
  // A transformation before the schema, as of "one thing where a list may stand": what comes after it is the setting.
  const inner = unwrap(
    inside.type === 'pipe' && insideOf(next).type === 'transform' ? (inside.out as z.ZodType) : next,
  );
  return {
    ...inner,
    shown: shown || inner.shown,
    description: description ?? inner.description,
    example: examples?.[0] ?? inner.example,
    usual: inside.type === 'default' ? inside.defaultValue : inner.usual,
    required: inner.required && inside.type !== 'optional' && inside.type !== 'nullable' && inside.type !== 'default',
  };
};

const flow = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim();

/** What a value may be, where that is a closed list or a range. */
const range = ({ inside, core }: Setting): string => {
  const { type, entries, element, options } = inside;
  if (type === 'enum') return `One of ${Object.values(entries ?? {}).join(', ')}.`;
  if (type === 'boolean') return 'true or false.';
  if (type === 'array' && element) return range(unwrap(element)).replace('One of', 'Any of');
  if (type === 'union' && options)
    return options.map((option) => range(unwrap(option)) || literalOf(option)).join(' Or: ');
  if (!(core instanceof z.ZodNumber)) return '';
  const { minValue: least, maxValue: most } = core;
  const whole = core.isInt ? 'A whole number' : 'A number';
  if (least === null || most === null) return '';
  return most >= Number.MAX_SAFE_INTEGER ? `${whole} from ${least}.` : `${whole} from ${least} to ${most}.`;
};

/** An alternative in short: a literal as it stands, an object by its settings' examples. */
const literalOf = (schema: z.ZodType): string => {
  const { values, shape } = unwrap(schema).inside;
  const examples = Object.entries(shape ?? {}).map(([name, one]) => [name, unwrap(one).example]);
  return `${flow(shape ? Object.fromEntries(examples) : values?.[0])}.`;
};

const commentLines = (text: string, width = 112): string[] => {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) as string;
    if (last !== '' && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `# ${line}`);
};

const indented = (lines: readonly string[], by = '  '): string[] => lines.map((line) => (line === '' ? '' : by + line));
const commented = (lines: readonly string[]): string[] =>
  lines.map((line) => (line === '' || line.startsWith('#') ? line : `# ${line}`));

const isObject = ({ type }: Inside): boolean => type === 'object';
/** Alternatives of several settings each, told apart by one of them. */
const alternatives = ({ type, options = [] }: Inside): readonly z.ZodType[] =>
  type === 'union' && options.every((option) => isObject(unwrap(option).inside)) ? options : [];

/** A thing of a list: its first line behind a dash. */
const asItem = (lines: readonly string[]): string[] => {
  const first = lines.findIndex((line) => !line.startsWith('#'));
  return [
    ...lines.slice(0, first).map((line) => `  ${line}`),
    `- ${lines[first]}`,
    ...indented(lines.slice(first + 1)),
  ];
};

const objectLines = (schema: z.ZodType): string[] =>
  Object.entries(unwrap(schema).inside.shape ?? {}).flatMap(([key, value]) => settingLines(key, value));

/** The first alternative as it stands, the others as comments to put in its place. */
const eitherLines = (options: readonly z.ZodType[], wrap: (lines: string[]) => string[]): string[] =>
  options.flatMap((option, index) => {
    const lines = wrap(objectLines(option));
    return index === 0 ? lines : ['# Or:', ...commented(lines)];
  });

/** The lines of a setting: what it is, what it may be, what it usually is, and a value. */
const settingLines = (key: string, schema: z.ZodType): string[] => {
  const setting = unwrap(schema);
  const { inside, description, example, usual, required } = setting;
  const element = inside.element ? unwrap(inside.element) : null;
  const ofItems = element ? alternatives(element.inside) : [];
  const isList = element !== null && (isObject(element.inside) || ofItems.length > 0);
  const either = alternatives(inside);
  const nested = isObject(inside) || either.length > 0 || isList;

  // A group whose settings all have defaults may be left out as well.
  const need = required && !isObject(inside) ? 'Required.' : '';
  const whole = (lines: string[]): string[] => (required || usual !== undefined ? lines : commented(lines));
  const told = usual === undefined ? need : nested ? '' : `Default: ${flow(usual)}.`;
  const about = commentLines([description ?? '', nested ? '' : range(setting), told].filter(Boolean).join(' '));

  if (isList) {
    if (example !== undefined) return [...about, `${key}: ${flow(example)}`];
    const items = ofItems.length > 0 ? eitherLines(ofItems, asItem) : asItem(objectLines(inside.element as z.ZodType));
    return ['', ...about, ...whole([`${key}:`, ...indented(items)])];
  }
  if (nested) {
    const lines = either.length > 0 ? eitherLines(either, (each) => each) : objectLines(schema);
    return ['', ...about, ...whole([`${key}:`, ...indented(lines)])];
  }
  if (usual !== undefined) return [...about, `${key}: ${flow(usual)}`];
  const line = `${key}: ${flow(example ?? inside.values?.[0] ?? null)}`;
  return [...about, required || setting.shown ? line : `# ${line}`];
};

/** A commented YAML file that shows every setting of a schema, its defaults as they hold and what is optional in comments. */
export const exampleYaml = (schema: z.ZodType, heading: readonly string[]): string =>
  `${[...heading.map((line) => `# ${line}`), ...objectLines(schema)].join('\n').replaceAll(':\n\n', ':\n')}\n`;

/** A setting and where it stands, `models[].path`. */
interface Placed extends Setting {
  readonly path: string;
}

/** Every setting of a schema, nested ones and alternatives too. */
export const settingsOf = (schema: z.ZodType, path = ''): Placed[] => {
  const { inside } = unwrap(schema);
  if (isObject(inside)) {
    return Object.entries(inside.shape ?? {}).flatMap(([key, value]) => {
      const at = path === '' ? key : `${path}.${key}`;
      return [{ ...unwrap(value), path: at }, ...settingsOf(value, at)];
    });
  }
  if (inside.element) return settingsOf(inside.element, `${path}[]`);
  return alternatives(inside).flatMap((option) => settingsOf(option, path));
};
