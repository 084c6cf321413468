import type { Config } from '../../src/config/config.ts';
import { TenkyoError } from '../../src/errors.ts';

/** The queues that a process works on. */
export interface WorkerQueues {
  /** Names of models. */
  readonly generate: readonly string[];
  readonly search: boolean;
  readonly index: boolean;
}

export const allQueues = ({ models }: Pick<Config, 'models'>): WorkerQueues => ({
  generate: models.map(({ name }) => name),
  search: true,
  index: true,
});

/**
 * `generate:MODEL,search,index`; `generate` alone: every configured model.
 *
 * @throws TenkyoError `usage`
 */
export const parseQueues = (text: string, config: Pick<Config, 'models'>): WorkerQueues => {
  const models = config.models.map(({ name }) => name);
  const expected = [...models.map((name) => `generate:${name}`), 'generate', 'search', 'index'];
  const asked = text.split(',').flatMap((one) => one.trim() || []);
  const unknown = asked.filter((one) => !expected.includes(one));
  if (unknown.length > 0 || asked.length === 0) {
    throw new TenkyoError('usage', 'no such queue', {
      where: '--queues',
      expected: `some of ${expected.join(', ')}, separated by commas`,
      found: unknown.join(', ') || 'nothing',
      remedy: 'Name queues of configured models.',
    });
  }
  return {
    generate: asked.includes('generate') ? models : models.filter((name) => asked.includes(`generate:${name}`)),
    search: asked.includes('search'),
    index: asked.includes('index'),
  };
};
