import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadRunFile } from '../../src/config/run-file.ts';
import type { OccurrenceStore } from '../../src/provenance/occurrence.ts';
import { type OpenedRun, openRun } from '../../src/provenance/open-run.ts';
import { storeInMemory } from '../support/megatron/store-in-memory.ts';
import { type OpenedStore, occurrencesContract } from './occurrences.contract.ts';

const oracle = JSON.parse(
  gunzipSync(readFileSync('demo/run/oracle/document_iterations.json.gz')).toString('utf8'),
) as Parameters<typeof occurrencesContract>[2];

const openDemo = async (storeOf: (opened: OpenedRun) => Promise<OccurrenceStore>): Promise<OpenedStore> => {
  const directory = mkdtempSync(join(tmpdir(), 'tenkyo-contract-'));
  const opened = await openRun({ run: await loadRunFile('demo/run/run.json'), directory });
  return {
    store: await storeOf(opened),
    close: async () => {
      await opened.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

occurrencesContract('table on disk', () => openDemo(async ({ occurrences }) => occurrences), oracle);
occurrencesContract('in memory', () => openDemo(storeInMemory), oracle);
