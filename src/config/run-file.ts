import { dirname, resolve } from 'node:path';
import { samplesBefore } from '../provenance/batches.ts';
import type { Phase, Run } from '../provenance/run.ts';
import { invalidConfiguration, problemsOf, showValue } from './problems.ts';
import { readRunFile } from './read-run-file.ts';
import { scheduleOf } from './run-file-batches.ts';
import { blendOf, runFileProblems } from './run-file-references.ts';
import { isOrdered, type PhaseDeclaration, type RunFile, runFile } from './run-file-schema.ts';

const cachesOf = (
  { cachePath, caches, reconstruct }: PhaseDeclaration,
  dataDirectory: string,
  samples: number,
): Phase['caches'] => ({
  directory: cachePath === undefined ? null : resolve(dataDirectory, cachePath),
  hashes: caches ? { blended: caches.blended ?? null, datasets: caches.datasets.map(({ hash }) => hash) } : null,
  reconstruct: reconstruct ? { ...reconstruct, trainSamples: reconstruct.trainSamples ?? samples } : null,
});

const phasesOf = ({ phases, sources }: RunFile, dataDirectory: string): Phase[] => {
  let next = 0;
  return phases.filter(isOrdered).map((declared) => {
    const { name, iterations, sequenceLength, seed } = declared;
    const iterationOffset = declared.iterationOffset ?? next;
    next = iterationOffset + iterations;
    const schedule = scheduleOf(declared);
    return {
      name,
      iterationOffset,
      iterations,
      ...schedule,
      sequenceLength,
      seed,
      blend: blendOf(declared, sources)?.parts ?? [],
      caches: cachesOf(declared, dataDirectory, samplesBefore(schedule.segments, iterations)),
    };
  });
};

/**
 * Reads and validates a run file (JSON or YAML; docs/runs.md has its keys). Paths in it are relative to it; those of the
 * run are absolute.
 *
 * @param declaredAs the name that the configuration gives the run; results show the run's own, so they must agree
 * @throws TenkyoError `file_missing`, or `config_invalid` naming every problem with its path, what was found and what
 *   is expected
 */
export const loadRunFile = async (path: string, declaredAs?: string): Promise<Run> => {
  const file = resolve(path);
  const input = await readRunFile(file);
  const parsed = runFile.safeParse(input);
  if (!parsed.success) throw invalidConfiguration(file, problemsOf(parsed.error, input));
  const problems = runFileProblems(parsed.data);
  if (declaredAs !== undefined && declaredAs !== parsed.data.name) {
    const expected = `${showValue(declaredAs)}, as the configuration calls the run`;
    problems.unshift({ path: 'name', found: showValue(parsed.data.name), expected });
  }
  if (problems.length > 0) throw invalidConfiguration(file, problems);

  const { name, sources, phases, tokenizer } = parsed.data;
  const dataDirectory = resolve(dirname(file), parsed.data.dataDirectory);
  const corpusDirectory = resolve(dirname(file), parsed.data.corpusDirectory);
  const corpusOf = (corpus: string | undefined): string | null =>
    corpus === undefined ? null : resolve(corpusDirectory, corpus);
  return {
    name,
    file,
    datasets: sources.flatMap((declared) =>
      declared.prefix === undefined
        ? []
        : {
            source: declared.name,
            prefix: resolve(dataDirectory, declared.prefix),
            corpus: corpusOf(declared.corpus),
            expected: { documents: declared.documents ?? null, tokens: declared.tokens ?? null },
          },
    ),
    phases: phasesOf(parsed.data, dataDirectory),
    texts: sources.flatMap(({ name: source, prefix, corpus, format }) =>
      prefix === undefined ? { source, corpus: corpusOf(corpus) ?? '', format: format ?? 'text' } : [],
    ),
    unorderedPhases: phases.flatMap((phase) => (isOrdered(phase) ? [] : { name: phase.name, sources: phase.sources })),
    tokenizer: tokenizer === undefined ? null : resolve(dirname(file), tokenizer),
  };
};
