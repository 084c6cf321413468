import type { BlendPart } from '../provenance/run.ts';
import { type Problem, showValue } from './problems.ts';
import { batchProblems } from './run-file-batches.ts';
import { isOrdered, type PhaseDeclaration, type RunFile } from './run-file-schema.ts';

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

const duplicates = (values: readonly (string | undefined)[], path: (index: number) => string): Problem[] =>
  values.flatMap((value, index) =>
    value !== undefined && values.indexOf(value) < index
      ? [{ path: path(index), found: showValue(value), expected: 'a name used once' }]
      : [],
  );

const sourceProblems = ({ sources }: RunFile): Problem[] =>
  sources.flatMap(({ prefix, corpus, format, documents, tokens }, index) => {
    const at = `sources[${index}]`;
    const problems: Problem[] = [];
    if (prefix === undefined && corpus === undefined) {
      problems.push({ path: at, found: 'neither', expected: 'prefix (token files), corpus (texts), or both' });
    }
    if (prefix !== undefined && format !== undefined && format !== 'text') {
      const expected = 'no format beside prefix: lines of token files are texts';
      problems.push({ path: `${at}.format`, found: showValue(format), expected });
    }
    if (prefix === undefined && (documents !== undefined || tokens !== undefined)) {
      const expected = 'no documents or tokens: only token files are counted';
      problems.push({ path: at, found: 'counts without prefix', expected });
    }
    return problems;
  });

const cacheProblems = (declared: PhaseDeclaration, blend: ReturnType<typeof blendOf>, at: string): Problem[] => {
  const { caches, cachePath, reconstruct } = declared;
  const prefixes = blend?.prefixes ?? [];
  const problems: Problem[] = [];
  if (reconstruct?.what === 'all' && (caches || cachePath !== undefined)) {
    const expected = 'either cachePath and caches, or reconstruct (with what: blend both)';
    problems.push({ path: `${at}.reconstruct`, found: 'both', expected });
  }
  if (reconstruct && prefixes.length > 1 && blend?.parts.some(({ weight }) => weight === null)) {
    const expected = 'weights in dataPath: how Megatron blended by size is not known from the files';
    problems.push({ path: `${at}.reconstruct`, found: 'prefixes alone', expected });
  }
  if (!caches) return problems;
  const declaredNames = caches.datasets.map(({ dataset }) => dataset);
  if (declaredNames.join('\n') !== prefixes.join('\n')) {
    const expected = `the datasets of dataPath in its order: ${prefixes.join(', ')}`;
    problems.push({ path: `${at}.caches.datasets`, found: declaredNames.join(', '), expected });
  }
  if (prefixes.length > 1 && !caches.blended && !reconstruct) {
    const expected = 'the hash of the blend, since dataPath names several datasets';
    problems.push({ path: `${at}.caches.blended`, found: 'nothing', expected });
  }
  return problems;
};

const loaderProblems = ({ dataloader }: PhaseDeclaration, at: string): Problem[] =>
  dataloader === 'single'
    ? []
    : [
        {
          path: `${at}.dataloader`,
          found: showValue(dataloader),
          expected:
            '"single": a cyclic or external loader shuffles again in ways that the index files do not record, so that ' +
            'no iteration can be told',
        },
      ];

/** What zod cannot see: names that refer to each other, iterations that overlap. */
export const runFileProblems = (declared: RunFile): Problem[] => {
  const { sources, phases } = declared;
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
    ...sourceProblems(declared),
  ];
  const prefixes = sources.flatMap(({ prefix }) => prefix ?? []);
  const texts = sources.filter(({ prefix }) => prefix === undefined).map(({ name }) => name);
  if (!phases.some(isOrdered)) {
    problems.push({
      path: 'phases',
      found: 'none with iterations',
      expected: 'at least one: it gives the denominator',
    });
  }
  let next = 0;
  for (const [index, phase] of phases.entries()) {
    const at = `phases[${index}]`;
    if (!isOrdered(phase)) {
      for (const [place, name] of phase.sources.entries()) {
        if (texts.includes(name)) continue;
        const expected = `a source without prefix: ${texts.join(', ') || 'there is none'}`;
        problems.push({ path: `${at}.sources[${place}]`, found: showValue(name), expected });
      }
      continue;
    }
    const offset = phase.iterationOffset ?? next;
    if (offset < next) {
      const expected = `at least ${next}, where the phase before ends`;
      problems.push({ path: `${at}.iterationOffset`, found: String(offset), expected });
    }
    next = offset + phase.iterations;
    const blend = blendOf(phase, sources);
    if (!blend) {
      const expected = 'weight, prefix, weight, prefix … or prefixes alone';
      problems.push({ path: `${at}.dataPath`, found: showValue(phase.dataPath), expected });
    }
    for (const [part, prefix] of blend?.prefixes.entries() ?? []) {
      if (blend?.parts[part]?.source) continue;
      const expected = `a source's prefix: ${[...prefixes].join(', ')}`;
      problems.push({ path: `${at}.dataPath`, found: showValue(prefix), expected });
    }
    problems.push(...cacheProblems(phase, blend, at), ...batchProblems(phase, at), ...loaderProblems(phase, at));
  }
  return problems;
};
