import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../src/search/seeded-random.ts';
import { sentenceRanges } from '../src/text/sentences.ts';

/** Documents of one to three passages, of sentences of the demonstration's corpus in a seeded order. */
export const writeGeneratedCorpus = (path: string, documents: number, seed = 7): void => {
  const sentences = readdirSync('demo/corpus')
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted()
    .flatMap((name) => readFileSync(join('demo/corpus', name), 'utf8').trim().split('\n'))
    .flatMap((line) => {
      const { text, meta } = JSON.parse(line) as { text: string; meta: { lang: string } };
      return sentenceRanges(text).map(([start, end]) => ({ text: text.slice(start, end), lang: meta.lang }));
    });
  const byLanguage = new Map<string, string[]>();
  for (const { text, lang } of sentences) byLanguage.set(lang, [...(byLanguage.get(lang) ?? []), text]);
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const file = openSync(path, 'w');
  for (let number = 0; number < documents; number++) {
    const lang = random() < 0.7 ? 'ja' : 'en';
    // A number of its own in each document: sentences alone repeat.
    const text = `${Array.from({ length: 4 }, () => pick(byLanguage.get(lang)!)).join('')}(${number})`;
    writeSync(file, `${JSON.stringify({ id: `g${number}`, text, meta: { lang } })}\n`);
  }
  closeSync(file);
};

/** A vector of length 1 for every text, by the seed of its characters: what an embedding model costs is not measured. */
export const hashedVector = (text: string, dimensions: number): Float32Array => {
  let seed = 0;
  for (let index = 0; index < text.length; index++) seed = (Math.imul(seed, 31) + text.charCodeAt(index)) | 0;
  const random = seededRandom(seed);
  const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
};

/** Some of the demonstration's queries, spread over their kinds. */
export const demoQueries = (count: number): string[] => {
  const lines = readFileSync('demo/queries.jsonl', 'utf8').trim().split('\n');
  const step = Math.max(1, Math.floor(lines.length / count));
  return lines
    .filter((_, number) => number % step === 0)
    .slice(0, count)
    .map((line) => (JSON.parse(line) as { query: string }).query);
};
