import type { Config, CorpusConfig } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';

/**
 * The corpora of the configuration: the named ones, or all. The index of a corpus's tuning data is named like the
 * corpus, with `~` and more behind it.
 *
 * @throws TenkyoError `usage` when there is none, or none of a name
 */
export const configuredCorpora = ({ corpora, file }: Config, asked: readonly string[]): readonly CorpusConfig[] => {
  const names = asked.map((name) => name.replace(/~.*$/, ''));
  if (corpora.length === 0) {
    throw new TenkyoError('usage', 'No corpus is configured', {
      where: file,
      remedy: 'Declare one under `corpora`: its name and its files.',
    });
  }
  const unknown = names.find((name) => !corpora.some((corpus) => corpus.name === name));
  if (unknown !== undefined) {
    throw new TenkyoError('usage', `There is no corpus ${unknown}`, {
      where: file,
      expected: `one of ${corpora.map(({ name }) => name).join(', ')}`,
      found: unknown,
      remedy: 'Give the name of a configured corpus.',
    });
  }
  return names.length === 0 ? corpora : corpora.filter(({ name }) => names.includes(name));
};
