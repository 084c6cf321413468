import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { TenkyoError } from '../errors.ts';
import { batchSegments, rampUpSegments } from '../provenance/batches.ts';
import type { BatchSegment, Phase, Run } from '../provenance/run.ts';
import { invalidConfiguration, problemsOf, showValue } from './problems.ts';
import { blendOf, runFileProblems } from './run-file-references.ts';
import { type PhaseDeclaration, type RunFile, runFile } from './run-file-schema.ts';

const segmentsOf = ({ globalBatchSize, rampUp, batchChanges = [] }: PhaseDeclaration): BatchSegment[] =>
  rampUp
    ? rampUpSegments({ ...rampUp, globalBatchSize })
    : batchSegments([{ fromIteration: 0, globalBatchSize }, ...batchChanges]);

const phasesOf = ({ phases, sources }: RunFile, dataDirectory: string): Phase[] => {
  let next = 0;
  return phases.map((declared) => {
    const { name, iterations, sequenceLength, seed, cachePath, caches } = declared;
    const iterationOffset = declared.iterationOffset ?? next;
    next = iterationOffset + iterations;
    return {
      name,
      iterationOffset,
      iterations,
      segments: segmentsOf(declared),
      sequenceLength,
      seed,
      blend: blendOf(declared, sources)?.parts ?? [],
      caches: {
        directory: resolve(dataDirectory, cachePath),
        hashes: caches ? { blended: caches.blended ?? null, datasets: caches.datasets.map(({ hash }) => hash) } : null,
      },
    };
  });
};

/** A run file is written by hand or by a script; none is anywhere near this long. */
const longestRunFile = 4 * 2 ** 20;

const readInput = async (file: string): Promise<unknown> => {
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
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length === 0) return document.toJS();
  const problems = document.errors.map(({ message, linePos }) => ({
    path: linePos ? `line ${linePos[0].line}, column ${linePos[0].col}` : 'the whole file',
    found: message.split('\n')[0] ?? message,
    expected: 'valid JSON or YAML',
  }));
  throw invalidConfiguration(file, problems);
};

/**
 * Reads and validates a run file (JSON or YAML). Paths in it are relative to it; those of the run are absolute.
 *
 * @param declaredAs the name that the configuration gives the run; results show the run's own, so they must agree
 * @throws TenkyoError `file_missing`, or `config_invalid` naming every problem with its path, what was found and what
 *   is expected
 */
export const loadRunFile = async (path: string, declaredAs?: string): Promise<Run> => {
  const file = resolve(path);
  const input = await readInput(file);
  const parsed = runFile.safeParse(input);
  if (!parsed.success) throw invalidConfiguration(file, problemsOf(parsed.error, input));
  const problems = runFileProblems(parsed.data);
  if (declaredAs !== undefined && declaredAs !== parsed.data.name) {
    const expected = `${showValue(declaredAs)}, as the configuration calls the run`;
    problems.unshift({ path: 'name', found: showValue(parsed.data.name), expected });
  }
  if (problems.length > 0) throw invalidConfiguration(file, problems);

  const { name, sources } = parsed.data;
  const dataDirectory = resolve(dirname(file), parsed.data.dataDirectory);
  const corpusDirectory = resolve(dirname(file), parsed.data.corpusDirectory);
  return {
    name,
    file,
    datasets: sources.map((declared) => ({
      source: declared.name,
      prefix: resolve(dataDirectory, declared.prefix),
      corpus: declared.corpus === undefined ? null : resolve(corpusDirectory, declared.corpus),
      expected: { documents: declared.documents ?? null, tokens: declared.tokens ?? null },
    })),
    phases: phasesOf(parsed.data, dataDirectory),
  };
};
