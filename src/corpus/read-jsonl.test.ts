import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitLines } from './lines.ts';
import { type Read, type ReadOptions, readJsonl, sourceOf } from './read-jsonl.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-jsonl-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (content: Buffer | string, options: ReadOptions = {}, name = 'ja_web.jsonl'): Promise<Read[]> => {
  await writeFile(join(folder, name), content);
  return Array.fromAsync(readJsonl(join(folder, name), options));
};

describe('readJsonl', () => {
  it('reads documents; the sequence is the line', async () => {
    const lines = [
      '{"id":"a","text":"地震","meta":{"title":"題","lang":"ja","topic":"x"}}',
      '{"text":"b"}',
      '{"id":7,"text":""}',
    ];
    const found = await read(`\ufeff${lines.join('\r\n')}`);
    expect(found.map((item) => item.kind === 'document' && item.document)).toEqual([
      {
        id: 'a',
        source: 'ja_web',
        sequence: 0,
        text: '地震',
        title: '題',
        url: null,
        lang: 'ja',
        meta: { title: '題', lang: 'ja', topic: 'x' },
      },
      { id: 'ja_web:1', source: 'ja_web', sequence: 1, text: 'b', title: null, url: null, lang: null, meta: {} },
      { id: '7', source: 'ja_web', sequence: 2, text: '', title: null, url: null, lang: null, meta: {} },
    ]);
  });

  it('rejects what is no document with its line and the reason, and goes on', async () => {
    const bad = [
      ['{"text":', /^not JSON/],
      ['[1]', /expected an object, found an array/],
      ['{"id":"a"}', /"text": expected a string, found nothing/],
      ['{"text":3}', /"text": expected a string, found a number/],
      ['{"text":"x","id":{}}', /"id": expected/],
      ['{"text":"x","meta":"y"}', /"meta": expected an object/],
      ['', /empty/],
      [Buffer.from([0x22, 0xff, 0x22]), /UTF-8/],
      [`{"text":"${'x'.repeat(500)}"}`, /511 bytes long/],
    ] as const;
    const content = Buffer.concat(
      bad.flatMap(([line]) => [Buffer.from(line), Buffer.from('\n')]).concat(Buffer.from('{"text":"good"}\n')),
    );
    const found = await read(content, { maximumLineBytes: 200 });
    expect(found.length).toBe(bad.length + 1);
    for (const [index, [, reason]] of bad.entries()) {
      expect(found[index]).toMatchObject({
        kind: 'reject',
        reject: { line: index + 1, reason: expect.stringMatching(reason) },
      });
    }
    expect(found.at(-1)).toMatchObject({ kind: 'document', document: { sequence: bad.length, text: 'good' } });
  });

  it('reads compressed files, and says when one is cut short', async () => {
    const packed = gzipSync('{"text":"a"}\n'.repeat(1000));
    expect((await read(packed, {}, 'x.jsonl.gz')).length).toBe(1000);
    await expect(read(packed.subarray(0, -12), {}, 'y.jsonl.gz')).rejects.toMatchObject({
      code: 'file_corrupt',
      where: join(folder, 'y.jsonl.gz'),
    });
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

describe('sourceOf', () => {
  it('is the base name without its endings', () => {
    expect(['/a/ja_cc.jsonl', 'ja_wiki.jsonl.gz', 'x.y.ndjson', 'plain'].map(sourceOf)).toEqual([
      'ja_cc',
      'ja_wiki',
      'x.y',
      'plain',
    ]);
  });
});
