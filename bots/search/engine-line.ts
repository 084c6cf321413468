import { createFormat } from '../../src/i18n/format.ts';
import type { EngineName, Hit, Reading } from '../../src/search/result.ts';

/** The original's line is English in every language, its numbers too: people quote it. */
const { number } = createFormat('en');

const engineNames: Readonly<Record<EngineName, string>> = {
  exact: 'Exact Match',
  keyword: 'Keyword Search',
  vector: 'Vector Search',
};

/**
 * The most recent reading before the model's checkpoint over the run's last index. A document that was read only after
 * the checkpoint is `not read`: this model has not seen it.
 */
const iterationOf = (reading: Reading): string => {
  if (reading.state === 'unknown') return 'unknown';
  if (reading.state === 'not_read' || reading.shown === null) return 'not read';
  return `${number(reading.shown)}/${number(reading.lastIndex)}`;
};

/** `Source: ja_encyclopedia | Iteration: 1,012/1,039` */
export const sourceAndIteration = ({ source, reading }: Pick<Hit, 'source' | 'reading'>): string =>
  `Source: ${source} | Iteration: ${iterationOf(reading)}`;

/** `Search engine: Keyword Search + Vector Search | Rank: 1 | Source: ja_encyclopedia | Iteration: 1,012/1,039` */
export const engineLine = ({
  engines,
  rank,
  source,
  reading,
}: Pick<Hit, 'engines' | 'rank' | 'source' | 'reading'>): string =>
  [
    `Search engine: ${engines.map((engine) => engineNames[engine]).join(' + ')}`,
    `Rank: ${number(rank)}`,
    sourceAndIteration({ source, reading }),
  ].join(' | ');
