import type { z } from 'zod';
import { TenkyoError } from '../errors.ts';

/** One thing wrong with a declaration. */
export interface Problem {
  /** `models[0].checkpoint` */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  ) || '(the whole file)';

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], input);

/** A value as a person would recognise it, short. */
export const showValue = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

const alternatives = (values: readonly unknown[]): string => values.map((value) => showValue(value)).join(' or ');

const expectedText = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return alternatives(issue.values);
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) ? alternatives(issue.options) : issue.message;
    case 'unrecognized_keys':
      return `no key ${issue.keys.map((key) => `"${key}"`).join(', ')} here`;
    case 'too_small':
      return `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    default:
      return issue.message;
  }
};

/** All problems that zod saw in `input`, in order. */
export const problemsOf = (error: z.ZodError, input: unknown): Problem[] =>
  error.issues.map((issue) => ({
    path: pathText(issue.path),
    found:
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `"${key}"`).join(', ')
        : showValue(valueAt(input, issue.path)),
    expected: expectedText(issue),
  }));

/** One error that names every problem, so that a file is mended in one go. */
export const invalidConfiguration = (file: string, problems: readonly Problem[], remedy?: string): TenkyoError =>
  new TenkyoError(
    'config_invalid',
    [
      `${problems.length === 1 ? 'one problem' : `${problems.length} problems`} in the configuration`,
      ...problems.map(({ path, found, expected }) => `  ${path}: found ${found}, expected ${expected}`),
    ].join('\n'),
    { where: file, remedy: remedy ?? 'Mend the file and start again.' },
  );
