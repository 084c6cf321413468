import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitLines } from './lines.ts';
import { type Read, readJsonl } from './read-jsonl.ts';
import type { ReadRecordsOptions } from './record.ts';
import { zstdFrames } from './zstd-frames.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-jsonl-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (
  content: Buffer | string,
  options: ReadRecordsOptions = {},
  name = 'ja_web.jsonl',
): Promise<Read[]> => {
  await writeFile(join(folder, name), content);
  return Array.fromAsync(readJsonl(join(folder, name), options));
};

describe('readJsonl', () => {
  it('reads documents; the sequence is the line', async () => {
    const lines = [
      '{"id":"a","text":"地震","meta":{"title":"題","lang":"ja","topic":"x"}}',
      '{"text":"b"}',
      '{"id":7,"text":""}',
      '{"id":null,"text":"flat","url":"https://example.org/","title":"t","timestamp":"2023","score":0.5,"tokens":[1]}',
    ];
    const found = await read(`\ufeff${lines.join('\r\n')}`);
    const bare = { source: 'ja_web', title: null, url: null, lang: null, meta: {} };
    expect(found.map((item) => item.kind === 'document' && item.document)).toEqual([
      {
        ...bare,
        id: 'a',
        sequence: 0,
        text: '地震',
        title: '題',
        lang: 'ja',
        meta: { title: '題', lang: 'ja', topic: 'x' },
      },
      { ...bare, id: 'ja_web/ja_web.jsonl#2', sequence: 1, text: 'b' },
      { ...bare, id: '7', sequence: 2, text: '' },
      {
        ...bare,
        id: 'ja_web/ja_web.jsonl#4',
        sequence: 3,
        text: 'flat',
        title: 't',
        url: 'https://example.org/',
        meta: { url: 'https://example.org/', title: 't', timestamp: '2023', date: '2023', score: 0.5 },
      },
    ]);
  });

  it('rejects what is no document with its line and the reason, and goes on', async () => {
    const bad = [
      ['{"text":', /^not JSON/],
      ['[1]', /expected an object, found an array/],
      ['{"id":"a"}', /"text": expected a string, found nothing/],
      ['{"text":3}', /"text": expected a string, found a number/],
      ['{"text":{}}', /"text": expected a string, found an object/],
      ['{"text":"x","id":{}}', /"id": expected/],
      ['{"text":"x","meta":"y"}', /"meta": expected an object/],
      ['', /empty/],
      ['\0\0\0', /^not JSON/],
      [Buffer.from([0x22, 0xff, 0x22]), /UTF-8/],
      [`{"text":"${'x'.repeat(500)}"}`, /511 bytes long/],
    ] as const;
    const content = Buffer.concat(
      bad.flatMap(([line]) => [Buffer.from(line), Buffer.from('\n')]).concat(Buffer.from('{"text":"good\\u0000"}\n')),
    );
    const found = await read(content, { maximumBytes: 200 });
    expect(found.length).toBe(bad.length + 1);
    for (const [index, [, reason]] of bad.entries()) {
      expect(found[index]).toMatchObject({
        kind: 'reject',
        record: index,
        reject: { line: index + 1, reason: expect.stringMatching(reason) },
      });
    }
    expect(found.at(-1)).toMatchObject({ kind: 'document', document: { sequence: bad.length, text: 'good\0' } });
  });

  it('passes over a line of 50 MB without holding it', async () => {
    const line = `{"text":"${'x'.repeat(50 * 2 ** 20)}"}`;
    const found = await read(`${line}\n{"text":"b"}\n`);
    expect(found.map(({ kind }) => kind)).toEqual(['reject', 'document']);
    expect(found[0]).toMatchObject({ reject: { line: 1, reason: expect.stringMatching(/52428811 bytes long/) } });
  });

  it('reads no lines of an empty file', async () => {
    expect(await read('')).toEqual([]);
    expect(await read(gzipSync(''), {}, 'empty.jsonl.gz')).toEqual([]);
    expect(await read(zstdCompressSync(''), {}, 'empty.jsonl.zst')).toEqual([]);
  });

  const lines = Array.from({ length: 20_000 }, (_, number) => `{"text":"${Math.sin(number)}"}\n`).join('');

  it.each([
    ['gz', gzipSync(lines)],
    ['zst', zstdCompressSync(lines, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })],
  ])('reads compressed files, and says when one is cut short: %s', async (ending, packed) => {
    const name = `x.jsonl.${ending}`;
    expect((await read(packed, {}, name)).length).toBe(20_000);
    // Parallel compressors write many members or frames, and so does `cat`.
    expect((await read(Buffer.concat([packed, packed]), {}, name)).length).toBe(40_000);
    const half = packed.subarray(0, packed.length / 2);
    const corrupt = { code: 'file_corrupt', where: join(folder, name) };
    for (const broken of [packed.subarray(0, -3), half, Buffer.from('{"text":"not compressed"}')]) {
      await expect(read(broken, {}, name)).rejects.toMatchObject(corrupt);
    }
    const rest = await read(half, { allowCut: true }, name);
    expect(rest.length).toBeGreaterThan(5_000);
    expect(rest.slice(0, -1).every(({ kind }) => kind === 'document')).toBe(true);
    expect(rest.at(-1)).toMatchObject({ kind: 'reject', reject: { line: rest.length } });
  });

  it('says when the file is missing, and stops when told to', async () => {
    await expect(Array.fromAsync(readJsonl(join(folder, 'none.jsonl')))).rejects.toMatchObject({
      code: 'file_missing',
    });
    await expect(read('{"text":"a"}\n', { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
  });

  it('begins at a line', async () => {
    const found = await read('{"text":"a"}\n{"text":"b"}\n', { from: 1 });
    expect(found.map((item) => item.kind === 'document' && item.document.sequence)).toEqual([1]);
  });
});

describe('splitLines', () => {
  it('gives the same lines however the bytes arrive', async () => {
    const parts = fc.array(
      fc.uint8Array({ maxLength: 6 }).map((bytes) => bytes.map((byte) => byte % 12)),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(parts, async (chunks) => {
        const streamed = await Array.fromAsync(
          splitLines(
            (async function* () {
              yield* chunks;
            })(),
            4,
          ),
        );
        const whole = Buffer.concat(chunks).toString('latin1').split('\n');
        if (whole.at(-1) === '') whole.pop();
        expect(streamed.map(({ length }) => length)).toEqual(whole.map(({ length }) => length));
        expect(streamed.map(({ bytes }) => bytes && Buffer.from(bytes).toString('latin1'))).toEqual(
          whole.map((line) => (line.length > 4 ? null : line)),
        );
      }),
    );
  });
});

describe('zstdFrames', () => {
  const skippable = (length: number) => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(0x184d2a5e);
    head.writeUInt32LE(length, 4);
    return Buffer.concat([head, Buffer.alloc(length, 0xfd)]);
  };
  const frame = fc.oneof(
    fc.nat(20).map(skippable),
    fc
      .tuple(fc.uint8Array({ maxLength: 600 }), fc.nat(300_000), fc.boolean(), fc.boolean())
      .map(([some, zeros, checksum, sized]) =>
        zstdCompressSync(Buffer.concat([some, Buffer.alloc(zeros)]), {
          params: {
            [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0,
            [constants.ZSTD_c_contentSizeFlag]: sized ? 1 : 0,
          },
        }),
      ),
  );

  it('cuts where frames end, however the bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), async (frames, size) => {
        const whole = Buffer.concat(frames);
        const chunks = async function* () {
          for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
        };
        const found: Buffer[] = [];
        let parts: Uint8Array[] = [];
        for await (const { bytes, last } of zstdFrames(chunks())) {
          parts.push(bytes);
          if (!last) continue;
          found.push(Buffer.concat(parts));
          parts = [];
        }
        expect(parts).toEqual([]);
        expect(found.map((bytes) => bytes.toString('hex'))).toEqual(frames.map((bytes) => bytes.toString('hex')));
      }),
    );
  });
});
