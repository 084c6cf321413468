import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip, createZstdCompress } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const megabyte = 2 ** 20;
/** A line of 2 KB; every hundredth document is 200 KB long, every thousandth line is no document, and one has 30 MB. */
const text = '地震は地下の岩盤がずれて起こる。'.repeat(40);
const lineOf = (number: number): string => {
  if (number === 500) return `{"text":"${'x'.repeat(30 * megabyte)}"}\n`;
  if (number % 1000 === 999) return '{"text":\n';
  const own = number % 100 === 0 ? text.repeat(100) : text;
  return `${JSON.stringify({ text: `${number} ${own}`, meta: { url: `https://example.org/${number}` } })}\n`;
};
const lines = 45_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-large-'));
  const content = function* () {
    for (let number = 0; number < lines; number++) yield lineOf(number);
  };
  const plain = join(folder, 'plain.jsonl');
  await pipeline(Readable.from(content()), createWriteStream(plain));
  await pipeline(createReadStream(plain), createGzip({ level: 1 }), createWriteStream(join(folder, 'packed.jsonl.gz')));
  await pipeline(createReadStream(plain), createZstdCompress(), createWriteStream(join(folder, 'packed.jsonl.zst')));
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

describe('a corpus of 200 MB', () => {
  it.each(['plain.jsonl', 'packed.jsonl.gz', 'packed.jsonl.zst'])(
    'is read in the memory of a small one: %s',
    async (name) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--max-old-space-size=48', resolve('test/indexers/read-process.ts'), join(folder, name)],
        { env: { ...process.env, NODE_OPTIONS: '' } },
      );
      const found = JSON.parse(stdout) as Record<'documents' | 'rejects' | 'characters' | 'megabytes', number>;
      expect(found.rejects).toBe(45 + 1);
      expect(found.documents).toBe(lines - 46);
      expect(found.characters).toBeGreaterThan(50e6);
      expect(found.megabytes).toBeLessThan(300);
    },
    120_000,
  );
});
