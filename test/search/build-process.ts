import { setTimeout as delay } from 'node:timers/promises';
import { buildIndex } from '../../indexers/build-index.ts';
import { systemClock } from '../../src/clock.ts';
import { createLetterEmbedder } from '../support/search-fakes.ts';

/** Builds an index, slowly enough to be killed: prints a line for each batch of vectors and each report of texts. */
const [documents = '', directory = '', threads = '0'] = process.argv.slice(2);
const letters = createLetterEmbedder();
let time = Date.now();
const { manifest } = await buildIndex({
  corpus: { name: 'killed', documents },
  embedder: {
    ...letters,
    embed: async (texts, role) => {
      await delay(5);
      return letters.embed(texts, role);
    },
  },
  directory,
  threads: Number(threads),
  // Every look at it is a second later: each batch is reported, and each is followed by a turn of the loop.
  clock: { ...systemClock, now: () => (time += 1_000) },
  progress: ({ step, done }) => process.stdout.write(`${step} ${done}\n`),
});
process.stdout.write(`built ${manifest.documents} ${manifest.passages} ${manifest.vectors}\n`);
