import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { TenkyoError } from '../errors.ts';
import { batchSegments, rampUpSegments } from '../provenance/batches.ts';
import type { BatchSegment, BlendPart, Phase, Run } from '../provenance/run.ts';
import { invalidConfiguration, type Problem, problemsOf, showValue } from './problems.ts';

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const positive = z
  .int()
  .min(1)
  .max(2 ** 31);

const source = z.strictObject({
  name: z.string().min(1),
  /** Token files without `.idx` and `.bin`, relative to `dataDirectory`; what `dataPath` names. */
  prefix: z.string().min(1),
  /** The JSONL file that was tokenised, relative to `corpusDirectory`. */
  corpus: z.string().min(1).optional(),
  documents: count.optional(),
  tokens: count.optional(),
});

const phase = z.strictObject({
  name: z.string().min(1),
  /** The run's iteration that is this phase's first; default: the one after the phase before. */
  iterationOffset: count.optional(),
  iterations: positive,
  globalBatchSize: positive,
  /** Megatron's --rampup-batch-size. */
  rampUp: z.strictObject({ start: positive, increment: positive, samples: z.int().min(1).max(1e9) }).optional(),
  /** Batch sizes after a resume that changed them; iterations of this phase, from 0. */
  batchChanges: z.array(z.strictObject({ fromIteration: positive, globalBatchSize: positive })).optional(),
  sequenceLength: positive,
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
  /** Megatron's --data-path: weight, prefix, weight, prefix …; or prefixes alone. */
  dataPath: z.array(z.union([z.string().min(1), z.number().positive()])).min(1),
  /** Megatron's --data-cache-path, relative to `dataDirectory`. */
  cachePath: z.string().min(1),
  /** Hashes in the cache files' names; default: found by reading the descriptions. */
  caches: z
    .strictObject({
      blended: z.string().min(1).optional(),
      datasets: z.array(z.strictObject({ dataset: z.string().min(1), hash: z.string().min(1) })).min(1),
    })
    .optional(),
});

const runFile = z.strictObject({
  name: z.string().min(1),
  dataDirectory: z.string().min(1).default('.'),
  corpusDirectory: z.string().min(1).default('.'),
  sources: z.array(source).min(1),
  phases: z.array(phase).min(1),
});

type RunFile = z.infer<typeof runFile>;
type PhaseDeclaration = RunFile['phases'][number];

/** `[weight, prefix, …]` or `[prefix, …]` as parts; null when it is neither. */
const blendOf = (
  { dataPath }: PhaseDeclaration,
  sources: RunFile['sources'],
): { parts: BlendPart[]; prefixes: string[] } | null => {
  const weighted = typeof dataPath[0] === 'number';
  const weights = weighted ? dataPath.filter((_, index) => index % 2 === 0) : [];
  const prefixes = weighted ? dataPath.filter((_, index) => index % 2 === 1) : dataPath;
  if (weighted && weights.length !== prefixes.length) return null;
  const parts: BlendPart[] = [];
  for (const [index, prefix] of prefixes.entries()) {
    const weight = weighted ? weights[index] : null;
    if (typeof prefix !== 'string' || typeof weight === 'string' || weight === undefined) return null;
    parts.push({ source: sources.find((candidate) => candidate.prefix === prefix)?.name ?? '', weight });
  }
  return { parts, prefixes: prefixes.map(String) };
};

const duplicates = (values: readonly string[], path: (index: number) => string): Problem[] =>
  values.flatMap((value, index) =>
    values.indexOf(value) < index ? [{ path: path(index), found: showValue(value), expected: 'a name used once' }] : [],
  );

const cacheProblems = ({ caches }: PhaseDeclaration, prefixes: readonly string[], at: string): Problem[] => {
  if (!caches) return [];
  const problems: Problem[] = [];
  const declared = caches.datasets.map(({ dataset }) => dataset);
  if (declared.join('\n') !== prefixes.join('\n')) {
    const expected = `the datasets of dataPath in its order: ${prefixes.join(', ')}`;
    problems.push({ path: `${at}.caches.datasets`, found: declared.join(', '), expected });
  }
  if (prefixes.length > 1 && !caches.blended) {
    const expected = 'the hash of the blend, since dataPath names several datasets';
    problems.push({ path: `${at}.caches.blended`, found: 'nothing', expected });
  }
  return problems;
};

const batchProblems = ({ rampUp, batchChanges = [], iterations, globalBatchSize }: PhaseDeclaration, at: string) => {
  const problems: Problem[] = [];
  if (rampUp && batchChanges.length > 0) {
    problems.push({ path: `${at}.batchChanges`, found: 'both rampUp and batchChanges', expected: 'one of the two' });
  }
  if (rampUp && (rampUp.start > globalBatchSize || (globalBatchSize - rampUp.start) % rampUp.increment !== 0)) {
    problems.push({
      path: `${at}.rampUp`,
      found: `from ${rampUp.start} by ${rampUp.increment}`,
      expected: `steps that reach globalBatchSize ${globalBatchSize}`,
    });
  }
  for (const [index, { fromIteration }] of batchChanges.entries()) {
    const after = batchChanges[index - 1]?.fromIteration ?? 0;
    if (fromIteration > after && fromIteration < iterations) continue;
    const expected = `an iteration after ${after} and before ${iterations}`;
    problems.push({ path: `${at}.batchChanges[${index}].fromIteration`, found: String(fromIteration), expected });
  }
  return problems;
};

/** What zod cannot see: names that refer to each other, iterations that overlap. */
const referenceProblems = ({ sources, phases }: RunFile): Problem[] => {
  const problems = [
    ...duplicates(
      sources.map(({ name }) => name),
      (index) => `sources[${index}].name`,
    ),
    ...duplicates(
      sources.map(({ prefix }) => prefix),
      (index) => `sources[${index}].prefix`,
    ),
    ...duplicates(
      phases.map(({ name }) => name),
      (index) => `phases[${index}].name`,
    ),
  ];
  let next = 0;
  for (const [index, declared] of phases.entries()) {
    const at = `phases[${index}]`;
    const offset = declared.iterationOffset ?? next;
    if (offset < next) {
      const expected = `at least ${next}, where the phase before ends`;
      problems.push({ path: `${at}.iterationOffset`, found: String(offset), expected });
    }
    next = offset + declared.iterations;
    const blend = blendOf(declared, sources);
    if (!blend) {
      const expected = 'weight, prefix, weight, prefix … or prefixes alone';
      problems.push({ path: `${at}.dataPath`, found: showValue(declared.dataPath), expected });
    }
    for (const [part, prefix] of blend?.prefixes.entries() ?? []) {
      if (blend?.parts[part]?.source) continue;
      const expected = `a source's prefix: ${sources.map((declaredSource) => declaredSource.prefix).join(', ')}`;
      problems.push({ path: `${at}.dataPath`, found: showValue(prefix), expected });
    }
    problems.push(...cacheProblems(declared, blend?.prefixes ?? [], at), ...batchProblems(declared, at));
  }
  return problems;
};

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
  const problems = referenceProblems(parsed.data);
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
