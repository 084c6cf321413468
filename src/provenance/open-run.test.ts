import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type SyntheticPhase,
  type SyntheticRun,
  type TrueSample,
  writeSyntheticRun,
} from '../../test/support/megatron/synthetic-run.ts';
import { loadRunFile } from '../config/run-file.ts';
import { TenkyoError } from '../errors.ts';
import type { Occurrence, OccurrenceStore } from './occurrence.ts';
import { type OpenedRun, openRun } from './open-run.ts';
import { readingOf } from './reading.ts';

const inFolder = async <T>(use: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'tenkyo-run-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const lengths = fc
  .array(
    fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 14 }) }, { weight: 1, arbitrary: fc.constant(0) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .filter((list) => list.some((length) => length > 0));

const batches: fc.Arbitrary<Pick<SyntheticPhase, 'iterations' | 'globalBatchSize' | 'rampUp' | 'batchChanges'>> =
  fc.oneof(
    fc.record({ iterations: fc.integer({ min: 1, max: 12 }), globalBatchSize: fc.integer({ min: 1, max: 6 }) }),
    fc
      .record({
        iterations: fc.integer({ min: 1, max: 12 }),
        start: fc.integer({ min: 1, max: 3 }),
        increment: fc.integer({ min: 1, max: 3 }),
        steps: fc.integer({ min: 0, max: 3 }),
        samples: fc.integer({ min: 1, max: 30 }),
      })
      .map(({ iterations, start, increment, steps, samples }) => ({
        iterations,
        globalBatchSize: start + steps * increment,
        rampUp: { start, increment, samples },
      })),
    fc
      .record({
        globalBatchSize: fc.integer({ min: 1, max: 6 }),
        changes: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 6 })), { maxLength: 3 }),
        rest: fc.integer({ min: 1, max: 4 }),
      })
      .map(({ globalBatchSize, changes, rest }) => {
        let iterations = 0;
        const batchChanges = changes.map(([after, size]) => {
          iterations += after;
          return { fromIteration: iterations, globalBatchSize: size };
        });
        return { iterations: iterations + rest, globalBatchSize, batchChanges };
      }),
  );

/** At times a few iterations at the end of a constant schedule are skipped, by either convention. */
const withSkipped = (schedule: typeof batches): fc.Arbitrary<Omit<SyntheticPhase, 'blend'>> =>
  fc
    .tuple(
      schedule,
      fc.constantFrom('none', 'none', 'upstream', 'llm-jp'),
      fc.nat(20),
      fc.nat(3),
      fc.integer({ min: 1, max: 3 }),
    )
    .map(([phase, convention, start, more, each]) => {
      const from = start % phase.iterations;
      const to = Math.min(phase.iterations - 1, from + more);
      if (convention === 'upstream') return { ...phase, skipped: [{ convention, from, to }] };
      if (convention === 'none' || phase.rampUp) return phase;
      const samplesTaken = each * (to - from + 1);
      return {
        ...phase,
        skipped: [
          { convention: 'llm-jp' as const, from: from + 1, to: to + 1, samplesTaken, resumedAt: 'never' as const },
        ],
      };
    });

const runs: fc.Arbitrary<SyntheticRun> = fc.array(lengths, { minLength: 1, maxLength: 5 }).chain((sources) =>
  fc.record({
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
    sequenceLength: fc.integer({ min: 1, max: 9 }),
    tokenType: fc.constantFrom('uint8', 'uint16', 'int32', 'int64'),
    wide: fc.boolean(),
    declareHashes: fc.boolean(),
    layout: fc.constantFrom('core', 'core', 'legacy'),
    sources: fc.constant(sources),
    phases: fc.array(
      fc
        .tuple(
          fc.subarray([...sources.keys()], { minLength: 1 }),
          fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 5 }),
          withSkipped(batches),
        )
        .map(([chosen, weights, schedule]) => ({
          ...schedule,
          blend: chosen.map((source, index) => ({ source, weight: weights[index]! })),
        })),
      { minLength: 1, maxLength: 2 },
    ),
  }),
);

/** What the lookup of one document must give, picked from the samples. */
const trueOccurrences = (truth: readonly TrueSample[], source: string, sequence: number) =>
  truth.flatMap(({ parts, ...sample }) =>
    sample.source === source
      ? parts.filter((part) => part.sequence === sequence).map((part) => ({ ...sample, ...part }))
      : [],
  );

const withoutPlace = ({
  place: _place,
  source: _source,
  sequence: _sequence,
  ...rest
}: ReturnType<typeof trueOccurrences>[number]): Occurrence => ({
  run: 'synthetic',
  ...rest,
});

describe('openRun on runs built by the rules', () => {
  it('finds by lookup what the stream of tokens shows, both ways', async () => {
    const seen = {
      separate: 0,
      epochs: 0,
      labelOnly: 0,
      neverDrawn: 0,
      ramped: 0,
      twoPhases: 0,
      partial: 0,
      skipped: 0,
      legacy: 0,
    };
    await fc.assert(
      fc.asyncProperty(runs, (run) =>
        inFolder(async (folder) => {
          const { file, truth, built } = writeSyntheticRun(folder, run);
          const opened = await openRun({ run: await loadRunFile(file), directory: join(folder, 'own') });
          const store = opened.occurrences;
          const iterations = truth.at(-1)!.iteration + 1;
          for (const [ordinal, documents] of run.sources.entries()) {
            for (const sequence of documents.keys()) {
              const document = { source: `source_${ordinal}`, sequence };
              const expected = trueOccurrences(truth, document.source, sequence);
              expect(await store.occurrences(document)).toEqual(expected.map(withoutPlace));

              const inputs = expected.filter(({ labelOnly, skipped }) => !labelOnly && !skipped);
              const read = [...new Set(inputs.map(({ iteration }) => iteration))];
              const [summary] = await store.summaries([document]);
              expect(summary).toEqual(
                read.length === 0
                  ? { state: 'not_read', run: 'synthetic', lastIndex: iterations - 1 }
                  : {
                      state: 'read',
                      run: 'synthetic',
                      iterations: read,
                      first: read[0],
                      last: read.at(-1),
                      timesRead: new Set(inputs.map(({ phase, place }) => `${phase} ${place}`)).size,
                      lastIndex: iterations - 1,
                    },
              );
              seen.labelOnly += expected.filter(({ labelOnly }) => labelOnly).length;
              seen.skipped += expected.filter(({ skipped }) => skipped).length;
              if (read.length === 0 && documents[sequence]! > 0 && expected.length === 0) seen.neverDrawn += 1;
            }
          }
          for (let iteration = 0; iteration < iterations; iteration += 1) {
            const samples = truth.filter((sample) => sample.iteration === iteration);
            expect(await store.batch(iteration)).toEqual({
              run: 'synthetic',
              phase: samples[0]!.phase,
              iteration,
              skipped: samples[0]!.skipped,
              samples: samples.map(({ position, phasePosition, source, parts }) => ({
                position,
                phasePosition,
                source,
                parts: parts.map(({ place: _place, ...part }) => part),
              })),
            });
          }
          await opened.close();
          seen.separate += built.filter(({ separateLastEpoch }) => separateLastEpoch).length;
          seen.epochs += built.filter(({ epochs }) => epochs > 1).length;
          seen.ramped += run.phases.filter(({ rampUp }) => rampUp).length;
          seen.partial += run.phases.filter(({ batchChanges = [] }) => batchChanges.length > 0).length;
          if (run.phases.length > 1) seen.twoPhases += 1;
          if (run.layout === 'legacy') seen.legacy += 1;
        }),
      ),
      { numRuns: 200, seed: 20_260_701 },
    );
    // The generator must have reached what the lookup could get wrong.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5);
  });
});

describe('openRun on the demonstration', () => {
  let folder: string;
  let opened: OpenedRun;
  let store: OccurrenceStore;
  const demo = async (directory: string): Promise<OpenedRun> =>
    openRun({ run: await loadRunFile(resolve('demo/run/run.json')), directory });
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-run-'));
    opened = await demo(folder);
    store = opened.occurrences;
  });
  afterAll(async () => {
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('opens at once, and answers for a hundred hits at once', async () => {
    const fastest = async (work: () => Promise<unknown>): Promise<number> => {
      const times: number[] = [];
      for (let turn = 0; turn < 5; turn += 1) {
        const started = performance.now();
        await work();
        times.push(performance.now() - started);
      }
      return Math.min(...times);
    };
    let turn = 0;
    const build = async (): Promise<void> => {
      turn += 1;
      const run = await demo(join(folder, String(turn)));
      expect(run.built).toBe(true);
      await run.close();
    };
    const again = async (): Promise<void> => {
      const run = await demo(folder);
      expect(run.built).toBe(false);
      await run.close();
    };
    expect(await fastest(build)).toBeLessThan(200);
    expect(await fastest(again)).toBeLessThan(100);
    const hits = Array.from({ length: 100 }, (_, sequence) => ({ source: 'ja_web', sequence }));
    expect(await fastest(() => store.summaries(hits))).toBeLessThan(50);
  });

  it('counts positions through both phases, and passes apart from iterations', async () => {
    const occurrences = await store.occurrences({ source: 'ja_encyclopedia', sequence: 0 });
    const [summary] = await store.summaries([{ source: 'ja_encyclopedia', sequence: 0 }]);
    expect(summary).toMatchObject({ state: 'read', first: 65, last: 1012, timesRead: 27, lastIndex: 1039 });
    expect(summary?.state === 'read' && summary.iterations.length).toBe(49);
    const refined = occurrences.filter(({ phase }) => phase === 'refined');
    expect(refined.length).toBeGreaterThan(0);
    for (const { position, phasePosition, iteration } of refined) {
      expect(position).toBe(13_920 + phasePosition);
      expect(iteration).toBe(870 + Math.floor(phasePosition / 16));
    }
  });

  it('shows the last reading before a checkpoint', async () => {
    const [summary] = await store.summaries([{ source: 'ja_encyclopedia', sequence: 0 }]);
    const shown = (checkpoint: number | null) => {
      const reading = readingOf(summary!, checkpoint);
      return reading.state === 'read' && reading.shown;
    };
    expect(shown(null)).toBe(1012);
    expect(shown(1040)).toBe(1012);
    expect(shown(1012)).toBe(994);
    expect(shown(261)).toBe(245);
    expect(shown(66)).toBe(65);
    expect(shown(65)).toBeNull();
  });

  it('knows nothing of what the run does not hold', async () => {
    const strangers = [
      { source: 'ja_cc', sequence: 0 },
      { source: 'ja_web', sequence: 112 },
      { source: 'ja_web', sequence: -1 },
      { source: 'ja_web', sequence: 0.5 },
    ];
    const summaries = await store.summaries(strangers);
    expect(summaries.map((summary) => readingOf(summary, null))).toEqual(strangers.map(() => ({ state: 'unknown' })));
    for (const document of strangers)
      await expect(store.occurrences(document)).rejects.toMatchObject({ code: 'not_found' });
    for (const iteration of [-1, 1040, 0.5, Number.NaN]) {
      const error = await store.batch(iteration).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TenkyoError);
      expect(error).toMatchObject({ code: 'not_found', expected: '0–869 (blend), 870–1039 (refined)' });
    }
  });
});
