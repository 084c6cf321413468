import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { buildIndex } from '../../../indexers/build-index.ts';
import { systemClock } from '../../../src/clock.ts';
import { openIndex } from '../../../src/search/embedded/open-index.ts';
import { searchIndexContract } from './search-index.contract.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tenkyo-embedded-'));
});
afterAll(() => rm(directory, { recursive: true }));

searchIndexContract('embedded', {
  open: async (name, documents) => {
    await buildIndex({ corpus: { name, documents }, embedder: null, directory, clock: systemClock });
    return openIndex({ directory, corpus: name, embedder: null, clock: systemClock });
  },
});
