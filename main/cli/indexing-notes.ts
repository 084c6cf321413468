import type { FeedEvent } from '../../src/feed/feed.ts';
import type { Cli } from './cli.ts';
import { grouped } from './numbers.ts';

/** Lines about a build that runs beside other work: at each fifth of a step, and when it is done. */
export const indexingNotes = ({ note }: Pick<Cli, 'note'>): ((corpus: string, event: FeedEvent) => void) => {
  const told = new Map<string, string>();
  return (corpus, event) => {
    if (event.type === 'progress') {
      const { step, done, total } = event;
      const mark = `${step} ${Math.floor((5 * done) / Math.max(1, total))}`;
      if (told.get(corpus) === mark) return;
      told.set(corpus, mark);
      note(`index ${corpus}: ${step.replace('index_', '')} ${grouped(done)}/${grouped(total)}`);
    } else if (event.type === 'finished' && told.delete(corpus)) {
      note(`index ${corpus}: ready`);
    }
  };
};
