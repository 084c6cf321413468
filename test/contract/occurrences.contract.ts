import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DocumentRef } from '../../src/corpus/document.ts';
import type { OccurrenceStore } from '../../src/provenance/occurrence.ts';

/** The demonstration's run in a store. */
export interface OpenedStore {
  readonly store: OccurrenceStore;
  close(): Promise<void>;
}

const sources = { ja_encyclopedia: 240, ja_folklore: 48, ja_web: 112, en_encyclopedia: 128, en_web: 72 };

const documents: readonly DocumentRef[] = Object.entries(sources).flatMap(([source, count]) =>
  Array.from({ length: count }, (_, sequence) => ({ source, sequence })),
);

/**
 * What every store of occurrences must do, on the demonstration.
 *
 * @param oracle by source and sequence, the iterations of each document, from a forward walk by other code
 */
export const occurrencesContract = (
  name: string,
  open: () => Promise<OpenedStore>,
  oracle: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>,
) =>
  describe(`occurrences: ${name}`, () => {
    let opened: OpenedStore;
    let store: OccurrenceStore;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.close());

    it('knows the iterations of every document', async () => {
      const summaries = await store.summaries(documents);
      expect(summaries.map((summary) => summary.state === 'read' && summary.iterations)).toEqual(
        documents.map(({ source, sequence }) => oracle[source]?.[sequence]),
      );
    });

    it('sums up what it lists', async () => {
      for (const document of documents.filter((_, index) => index % 29 === 0)) {
        const [summary] = await store.summaries([document]);
        const occurrences = await store.occurrences(document);
        const read = occurrences.filter(({ labelOnly, skipped }) => !labelOnly && !skipped);
        expect(summary).toMatchObject({
          state: 'read',
          run: 'demo',
          first: Math.min(...read.map(({ iteration }) => iteration)),
          last: Math.max(...read.map(({ iteration }) => iteration)),
          lastIndex: 1039,
        });
        expect(occurrences.map(({ position }) => position)).toEqual(
          occurrences.map(({ position }) => position).toSorted((a, b) => a - b),
        );
      }
    });

    it('counts passes by the tokens that were read', async () => {
      for (const document of documents.filter((_, index) => index % 41 === 0)) {
        const occurrences = (await store.occurrences(document)).filter(({ labelOnly }) => !labelOnly);
        const length = Math.max(...occurrences.map(({ tokenEnd }) => tokenEnd));
        const covered = occurrences.reduce((sum, { tokenStart, tokenEnd }) => sum + tokenEnd - tokenStart, 0);
        const [summary] = await store.summaries([document]);
        const timesRead = summary?.state === 'read' ? summary.timesRead : 0;
        // A pass may miss samples that were built but not drawn.
        expect(covered).toBeLessThanOrEqual(timesRead * length);
        expect(covered).toBeGreaterThan((timesRead - 2) * length);
      }
    });

    it('finds in a batch what the lookup of its documents says, and the other way', async () => {
      for (const iteration of [0, 17, 869, 870, 1039]) {
        const { samples, ...batch } = await store.batch(iteration);
        expect(batch).toEqual({
          run: 'demo',
          phase: iteration < 870 ? 'blend' : 'refined',
          iteration,
          skipped: false,
        });
        expect(samples.map(({ position }) => position)).toEqual(Array.from(Array(16), (_, i) => 16 * iteration + i));
        for (const { position, phasePosition, source, parts } of samples) {
          for (const { sequence, ...part } of parts) {
            const occurrences = await store.occurrences({ source, sequence });
            expect(occurrences.filter((occurrence) => occurrence.position === position)).toContainEqual({
              run: 'demo',
              phase: batch.phase,
              position,
              phasePosition,
              iteration,
              skipped: false,
              ...part,
            });
          }
        }
      }
    });

    it('says of a phase without an order that it read a document, not when', async () => {
      const tuned = { source: 'demo_sft', sequence: 3 };
      expect(await store.summaries([tuned])).toEqual([{ state: 'unknown', phase: 'sft' }]);
      expect(await store.occurrences(tuned)).toEqual([]);
    });

    it('answers in the order asked, and knows nothing of what the run does not hold', async () => {
      const asked = [
        { source: 'ja_cc', sequence: 0 },
        { source: 'ja_web', sequence: 0 },
        { source: 'ja_web', sequence: 112 },
        { source: 'ja_web', sequence: -1 },
        { source: 'ja_web', sequence: 0.5 },
      ];
      const summaries = await store.summaries(asked);
      expect(summaries.map(({ state }) => state)).toEqual(['unknown', 'read', 'unknown', 'unknown', 'unknown']);
      for (const document of asked.filter((_, index) => index !== 1)) {
        await expect(store.occurrences(document)).rejects.toMatchObject({ code: 'not_found' });
      }
      for (const iteration of [-1, 1040, 0.5, Number.NaN]) {
        await expect(store.batch(iteration)).rejects.toMatchObject({ code: 'not_found' });
      }
    });
  });
