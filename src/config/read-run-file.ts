import { readFile, stat } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { TenkyoError } from '../errors.ts';
import { invalidConfiguration } from './problems.ts';

/** A run file is written by hand or by a script; none is anywhere near this long. */
const longestRunFile = 4 * 2 ** 20;

/** The value of a JSON or YAML file. Throws `file_missing` or `config_invalid`. */
export const readRunFile = async (file: string): Promise<unknown> => {
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > longestRunFile) throw new Error(`${size} bytes`);
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new TenkyoError('file_missing', 'The run file cannot be read', {
      where: file,
      found: (cause as NodeJS.ErrnoException).code ?? String(cause),
      remedy: 'Correct `file` of the run in the configuration.',
      cause,
    });
  }
  const document = parseDocument(text, { prettyErrors: true, merge: true });
  if (document.errors.length === 0) return document.toJS();
  const problems = document.errors.map(({ message, linePos }) => ({
    path: linePos ? `line ${linePos[0].line}, column ${linePos[0].col}` : 'the whole file',
    found: message.split('\n')[0] ?? message,
    expected: 'valid JSON or YAML',
  }));
  throw invalidConfiguration(file, problems);
};
