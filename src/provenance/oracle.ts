import { TenkyoError } from '../errors.ts';
import { openTokenFile, type TokenFile } from './megatron/tokens.ts';
import type { Mismatches } from './mismatches.ts';
import type { Sample } from './occurrence.ts';
import type { OpenedRun } from './open-run.ts';
import { type OracleSample, readOracleIterations, readOracleSamples } from './oracle-file.ts';

export interface OracleReport {
  readonly file: string;
  /** What the file speaks of, and what was compared. */
  readonly unit: 'documents' | 'samples';
  readonly compared: number;
  readonly equal: number;
}

interface Comparison {
  readonly file: string;
  readonly opened: OpenedRun;
  readonly mismatches: Mismatches;
  readonly progress: (done: number, total: number) => void;
}

/** Iterations of every document that the oracle or the run speaks of. */
const compareIterations = async ({ file, opened, mismatches }: Comparison): Promise<OracleReport> => {
  const oracle = await readOracleIterations(file);
  let compared = 0;
  let equal = 0;
  const compare = async (source: string, sequence: number, expected: readonly number[]): Promise<void> => {
    const [summary] = await opened.occurrences.summaries([{ source, sequence }]);
    const found = summary?.state === 'read' ? summary.iterations : summary?.state === 'not_read' ? [] : 'unknown';
    compared += 1;
    if (mismatches.compare(`${source} ${sequence}`, 'iterations, oracle', expected, found)) equal += 1;
  };
  for (const [source, documents] of oracle) {
    for (const [sequence, iterations] of documents) await compare(source, sequence, iterations);
  }
  // A document that the oracle does not list was, by the oracle, never read.
  for (const { source, documents } of opened.facts.sources) {
    for (let sequence = 0; sequence < documents; sequence += 1) {
      if (!oracle.get(source)?.has(sequence)) await compare(source, sequence, []);
    }
  }
  return { file, unit: 'documents', compared, equal };
};

/** Token ids of a sample, inputs and label, from the token file. */
const tokensOf = async ({ parts }: Sample, tokens: TokenFile): Promise<number[]> => {
  const ids: number[] = [];
  for (const [index, { sequence, tokenStart, tokenEnd, labelOnly }] of parts.entries()) {
    const label = index === parts.length - 1 && !labelOnly ? 1 : 0;
    ids.push(...(await tokens.read(sequence, tokenStart, tokenEnd + label)));
  }
  return ids;
};

const compareSample = async (
  oracle: OracleSample,
  tokenFiles: ReadonlyMap<string, TokenFile>,
  { opened, mismatches }: Comparison,
): Promise<boolean> => {
  const where = `position ${oracle.pos}`;
  const walked = await opened.walk.at(oracle.pos);
  const tokens = walked && tokenFiles.get(walked.sample.source);
  if (!walked || !tokens) return mismatches.compare(where, 'oracle', oracle.iteration, 'no such position');
  const { iteration, sample } = walked;
  const ids = oracle.tokenIds && (await tokensOf(sample, tokens));
  const found: OracleSample = {
    pos: sample.position,
    iteration,
    dataset: sample.source,
    documentIds: sample.parts.map(({ sequence }) => sequence),
    labelOnlyDocumentIds: sample.parts.filter(({ labelOnly }) => labelOnly).map(({ sequence }) => sequence),
    tokenIds: ids && [...ids.slice(0, 8), ...ids.slice(-8)],
  };
  return mismatches.compare(where, 'sample, oracle', oracle, found);
};

const compareSamples = async (comparison: Comparison): Promise<OracleReport> => {
  const { file, opened, progress } = comparison;
  const tokenFiles = new Map<string, TokenFile>();
  try {
    for (const { source, prefix } of opened.run.datasets) {
      tokenFiles.set(source, await openTokenFile(prefix, opened.files.tokenIndexes.get(source)!));
    }
    let compared = 0;
    let equal = 0;
    for await (const sample of readOracleSamples(file)) {
      compared += 1;
      if (await compareSample(sample, tokenFiles, comparison)) equal += 1;
      if (compared % 1000 === 0) progress(compared, opened.walk.positions);
    }
    return { file, unit: 'samples', compared, equal };
  } finally {
    for (const tokens of tokenFiles.values()) await tokens.close();
  }
};

/**
 * Compares a run with a file made elsewhere by a forward walk: `document_iterations.json(.gz)`, or `oracle.jsonl(.gz)`
 * with its samples.
 *
 * @throws TenkyoError `usage` for another ending, `file_missing` or `file_corrupt`
 */
export const compareWithOracle = (comparison: Comparison): Promise<OracleReport> => {
  const { file } = comparison;
  if (/\.jsonl(\.gz)?$/.test(file)) return compareSamples(comparison);
  if (/\.json(\.gz)?$/.test(file)) return compareIterations(comparison);
  throw new TenkyoError('usage', 'The oracle file is of no known kind', {
    where: file,
    expected: 'a name that ends with .jsonl, .jsonl.gz (samples), .json or .json.gz (iterations of documents)',
    remedy: 'Give another file after --oracle.',
  });
};
