import { setTimeout as delay } from 'node:timers/promises';
import { buildIndex } from '../../indexers/build-index.ts';
import { systemClock } from '../../src/clock.ts';
import { openEmbeddingCache } from '../../src/embedding/cache.ts';
import { createLetterEmbedder } from '../support/search-fakes.ts';

/** Builds an index with a cache of vectors, slowly enough to be killed: prints how many passages each request embeds. */
const [documents = '', directory = '', file = ''] = process.argv.slice(2);
const letters = createLetterEmbedder();
const cache = openEmbeddingCache({ file });
await buildIndex({
  corpus: { name: 'cached', documents },
  embedder: cache.wrap({
    ...letters,
    embed: async (texts, role) => {
      if (role === 'passage') {
        await delay(5);
        process.stdout.write(`${texts.length}\n`);
      }
      return letters.embed(texts, role);
    },
  }),
  directory,
  threads: 0,
  clock: systemClock,
});
cache.close();
process.stdout.write('built\n');
