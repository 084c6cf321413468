import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readEvents } from './events.ts';

const bodyOf = (pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
const read = (pieces: readonly Uint8Array[]): Promise<string[]> => Array.fromAsync(readEvents(bodyOf(pieces)));
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test('events come out whole wherever their bytes are cut, with either end of line', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' })),
      fc.array(fc.nat({ max: 2_000 })),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (texts, cuts, line, done) => {
        const data = texts.map((text) => JSON.stringify({ text }));
        const bytes = bytesOf(
          [...data, ...(done ? ['[DONE]', '{"text":"after the end"}'] : [])]
            .map((one) => `data: ${one}${line}${line}`)
            .join(''),
        );
        const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
        const pieces = [...places, bytes.length].map((place, index) => bytes.subarray(places[index - 1] ?? 0, place));
        expect(await read(pieces)).toEqual(data);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('comments are no events; an error in a field of its own is one; a last event needs no empty line', async () => {
  expect(await read([bytesOf(': ping\n\ndata: 1\n\nerror: {"code":500}\n\ndata: 2')])).toEqual([
    '1',
    '{"error":{"code":500}}',
    '2',
  ]);
});
