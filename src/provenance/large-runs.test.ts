import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeNpy, encodeTokenIndex } from '../../test/support/megatron/encode.ts';
import { loadRunFile } from '../config/run-file.ts';
import { openTokenFile } from './megatron/tokens.ts';
import { openRun } from './open-run.ts';
import { decodeRecord } from './table/decode.ts';
import { encodeSource } from './table/encode.ts';

/** Tokens of every document; ten milliard in all. */
const length = 2_000_000_000;
const order = [3, 1, 4, 0, 2];
const sequenceLength = 300_000_000;
const samples = Math.floor((order.length * length - 1) / sequenceLength);

describe('a run of over 2^31 tokens a file, 64-bit shapes', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-large-'));
    const prefix = join(folder, 'large_text_document');
    writeFileSync(
      `${prefix}.idx`,
      encodeTokenIndex(
        'uint16',
        order.map(() => length),
      ),
    );
    // Twenty gigabytes of nothing, and the last two tokens of document 4.
    writeFileSync(`${prefix}.bin`, '');
    truncateSync(`${prefix}.bin`, 2 * order.length * length);
    const bin = openSync(`${prefix}.bin`, 'r+');
    writeSync(bin, Buffer.from(Uint16Array.of(501, 502).buffer), 0, 4, 2 * order.length * length - 4);
    closeSync(bin);
    mkdirSync(join(folder, 'cache'));
    const rows = Array.from({ length: samples + 1 }, (_, row) => [
      Math.floor((row * sequenceLength) / length),
      (row * sequenceLength) % length,
    ]);
    const write = (array: string, bytes: Buffer): void =>
      writeFileSync(join(folder, 'cache', `h-GPTDataset-train-${array}.npy`), bytes);
    write('document_index', encodeNpy('int32', order));
    write('sample_index', encodeNpy('int64', rows.flat(), 2, { version: 2 }));
    write('shuffle_index', encodeNpy('int64', Array.from(Array(samples).keys()).reverse(), 1, { version: 3 }));
    const phase = {
      name: 'base',
      iterations: samples,
      globalBatchSize: 1,
      sequenceLength,
      seed: 1,
      dataPath: ['large_text_document'],
      cachePath: 'cache',
      caches: { datasets: [{ dataset: 'large_text_document', hash: 'h' }] },
    };
    const sources = [{ name: 'large', prefix: 'large_text_document', tokens: order.length * length }];
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ name: 'large', sources, phases: [phase] }));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is read exactly', async () => {
    const opened = await openRun({ run: await loadRunFile(join(folder, 'run.json')), directory: join(folder, 'own') });
    for (const [place, sequence] of order.entries()) {
      const [from, to] = [place * length, (place + 1) * length];
      const expected = Array.from({ length: samples }, (_, position) => {
        const start = (samples - 1 - position) * sequenceLength;
        const tokenStart = Math.max(0, start - from);
        const tokenEnd = Math.min(to, start + sequenceLength) - from;
        if (start + sequenceLength === from)
          return { iteration: position, tokenStart: 0, tokenEnd: 1, labelOnly: true };
        return { iteration: position, tokenStart, tokenEnd, labelOnly: false };
      }).filter(({ tokenStart, tokenEnd }) => tokenStart < tokenEnd);
      const found = await opened.occurrences.occurrences({ source: 'large', sequence });
      expect(found.length).toBeGreaterThan(6);
      expect(
        found.map(({ iteration, tokenStart, tokenEnd, labelOnly }) => ({ iteration, tokenStart, tokenEnd, labelOnly })),
      ).toEqual(expected);
    }
    const index = opened.files.tokenIndexes.get('large')!;
    const tokens = await openTokenFile(join(folder, 'large_text_document'), index);
    expect([...(await tokens.read(4, length - 3, length))]).toEqual([0, 501, 502]);
    await tokens.close();
    await opened.close();
  });
});

describe('records', () => {
  it('hold positions of any width, and read them back', async () => {
    const record = fc.record({
      length: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      positions: fc.array(fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 2 ** 47 })), {
        minLength: 1,
        maxLength: 9,
      }),
      sequence: fc.nat(5),
    });
    await fc.assert(
      fc.asyncProperty(record, async ({ length: tokens, positions, sequence }) => {
        const size = Math.ceil(tokens / positions.length);
        const samplesHere = Math.ceil(tokens / size);
        const readAt = Float64Array.from(positions.slice(0, samplesHere), (position) => position + 1);
        const lengths = new Int32Array(sequence + 1);
        lengths[sequence] = tokens;
        const starts = new Uint32Array(sequence + 2);
        starts[sequence + 1] = 1;
        const stream = {
          starts,
          begins: Float64Array.of(0),
          epochEnds: Float64Array.of(tokens),
          readAt,
          samples: samplesHere,
          epochs: 1,
          sequencesPerEpoch: 1,
          labels: true,
        };
        const written: Uint8Array[] = [];
        const { offsets } = await encodeSource({
          lengths,
          parts: [{ stream, sequenceLength: size }],
          positionBytes: 6,
          write: async (bytes) => void written.push(bytes.slice()),
        });
        const bytes = Buffer.concat(written).subarray(offsets[sequence], offsets[sequence + 1]);
        const drawn = [...readAt].map((position) => position - 1);
        const places = drawn.some((position) => position >= 0)
          ? [{ part: 0, epoch: 0, tokens, boundary: size, positions: drawn }]
          : [];
        expect(decodeRecord(bytes, { sequence, parts: 1, positionBytes: 6 })).toEqual(places);
      }),
      { numRuns: 500, seed: 11 },
    );
  });
});
