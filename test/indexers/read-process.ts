import { countFiles } from '../../indexers/corpus-files.ts';
import { peakMemory } from '../support/peak-memory.ts';

/** Reads a corpus of one pattern to its end, and prints what it found and the most memory that it held. */
const [pattern] = process.argv.slice(2);
const started = performance.now();
let documents = 0;
let characters = 0;
let rejects = 0;
for (const file of await countFiles({ name: 'large', documents: pattern! })) {
  for await (const read of file.read({})) {
    if (read.kind === 'reject') rejects += 1;
    else {
      documents += 1;
      characters += read.document.text.length;
    }
  }
}
const megabytes = peakMemory() / 2 ** 20;
console.log(JSON.stringify({ documents, characters, rejects, megabytes, ms: performance.now() - started }));
