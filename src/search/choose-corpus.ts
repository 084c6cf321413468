import type { CorpusConfig, ModelConfig } from '../config/config.ts';
import { TenkyoError } from '../errors.ts';

/**
 * The corpus in which a message is looked up: the first that the model's run was trained on; for a person's message,
 * or a model of an unknown run, the first.
 *
 * @throws TenkyoError `config_invalid` when none is configured
 */
export const chooseCorpus = <Corpus extends Pick<CorpusConfig, 'name' | 'runs'>>(
  corpora: readonly Corpus[],
  model: Pick<ModelConfig, 'run'> | null,
): Corpus => {
  const run = model?.run ?? null;
  const corpus = corpora.find(({ runs }) => run !== null && runs.includes(run)) ?? corpora[0];
  if (corpus) return corpus;
  throw new TenkyoError('config_invalid', 'no corpus is configured, so there is nothing to search', {
    where: 'corpora',
    expected: 'at least one corpus',
    found: 'none',
    remedy: 'Declare one under corpora in tenkyo.yaml.',
  });
};
