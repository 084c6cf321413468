import { describe, expect, it } from '@jest/globals';
import { createLetterEmbedder } from '../../test/support/search-fakes.ts';
import { createTableEmbedder } from '../../test/support/table-embedder.ts';
import { centred, createMeans, toBeCentred } from './centring.ts';

const japanese = Array.from({ length: 30 }, (_, number) => `これは日本語の文です${number}`);
const english = Array.from({ length: 30 }, (_, number) => `this is an english sentence ${number}`);
const texts = [...japanese, ...english, '123'];

const unit = (values: readonly number[]): Float32Array =>
  Float32Array.from(values).map((value) => value / Math.hypot(...values));
/** Every language in a direction of its own; within it the number tells the texts apart, in the same way. */
const table = new Map(
  texts.map((text, place) => {
    const number = place % 30;
    return [text, unit([place < 30 ? 5 : 0, place < 30 ? 0 : 5, Math.cos(number), Math.sin(number)])] as const;
  }),
);
const raw = createTableEmbedder(table, { dimensions: 4 });

const meansOf = (some: readonly string[]) => {
  const collected = createMeans(4);
  for (const text of some) collected.add(text, table.get(text)!);
  return collected.means();
};
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

describe('centring by language', () => {
  it('makes what says the same in two languages alike, that was like everything in its own', async () => {
    const embedder = centred(toBeCentred(raw), meansOf(texts));
    const [query] = await embedder.embed([japanese[3]!], 'query');
    const passages = await embedder.embed([english[3]!, japanese[17]!], 'passage');
    expect(dot(table.get(japanese[3]!)!, table.get(english[3]!)!)).toBeLessThan(0.1);
    expect(dot(query!, passages[0]!)).toBeGreaterThan(0.99);
    expect(dot(query!, passages[1]!)).toBeLessThan(0.5);
    expect(Math.hypot(...query!)).toBeCloseTo(1, 5);
  });

  it('takes the mean of all from a text whose language is not known, or of which there is too little', async () => {
    const means = meansOf([...japanese, ...english.slice(0, 3)]);
    expect(Object.keys(means.languages)).toEqual(['ja']);
    const [vector] = await centred(raw, means).embed([english[0]!], 'passage');
    const away = table.get(english[0]!)!.map((value, k) => value - means.all[k]!);
    expect(dot(vector!, away) / Math.hypot(...away)).toBeCloseTo(1, 5);
    expect(await centred(raw, means).embed(['unknown'], 'passage')).toEqual([null]);
  });

  it('leaves vectors as they are where there is no mean, and gives none to the mean itself', async () => {
    const [vector] = await centred(raw, createMeans(4).means()).embed([japanese[0]!], 'query');
    expect(dot(vector!, table.get(japanese[0]!)!)).toBeCloseTo(1, 5);
    const one = createMeans(4);
    one.add(japanese[0]!, table.get(japanese[0]!)!);
    expect(await centred(raw, one.means()).embed([japanese[0]!], 'query')).toEqual([null]);
  });

  it('is JSON, and has a fingerprint of its own', () => {
    const means = meansOf(texts);
    expect(JSON.parse(JSON.stringify(means))).toEqual(means);
    const plain = createLetterEmbedder();
    expect(toBeCentred(plain).fingerprint).not.toBe(plain.fingerprint);
    expect(centred(toBeCentred(plain), means).fingerprint).toBe(toBeCentred(plain).fingerprint);
  });
});
