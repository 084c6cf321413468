import type { BlendPart } from '../provenance/run.ts';
import { type Problem, showValue } from './problems.ts';
import type { PhaseDeclaration, RunFile } from './run-file-schema.ts';

/** `[weight, prefix, …]` or `[prefix, …]` as parts; null when it is neither. */
export const blendOf = (
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
export const runFileProblems = ({ sources, phases }: RunFile): Problem[] => {
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
