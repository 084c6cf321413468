import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultFields } from '../../src/corpus/fields.ts';
import type { MegatronPart } from '../../src/corpus/part.ts';
import type { Read } from '../../src/corpus/read.ts';
import { readJsonl } from '../../src/corpus/read-jsonl.ts';
import type { Tokenizer } from '../../src/corpus/tokenizer.ts';
import { encodeIntegers, encodeTokenIndex } from '../../test/support/megatron/encode.ts';
import { loadTokenizer } from './load-tokenizer.ts';
import { createMegatronReader } from './megatron-reader.ts';

/** A token a letter; the end of a document is 0. */
const letters: Tokenizer = {
  endOfDocument: 0,
  decode: (ids) => String.fromCodePoint(...ids),
  count: (text) => text.length,
};
const bare: MegatronPart = {
  format: 'megatron',
  files: [],
  order: 'sorted',
  sources: [],
  fields: defaultFields,
  texts: [],
  tokenizer: null,
  partitions: 1,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-tokens-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Preprocesses as Megatron's tools/preprocess_data.py does: deals lines round, drops what gives no tokens, adds EODs. */
const tokenise = async (
  files: readonly (readonly string[])[],
  partitions = 1,
): Promise<{ prefix: string; texts: string[] }> => {
  const prefix = join(folder, 'ja_text_document');
  const dealt: string[][] = Array.from({ length: partitions }, () => []);
  for (const [index, text] of files.flat().entries()) dealt[index % partitions]!.push(text);
  const lengths: number[] = [];
  const bounds = [0];
  const ids: number[] = [];
  for (const text of dealt.flat()) {
    if (text.length > 0) {
      ids.push(...Array.from(text, (letter) => letter.charCodeAt(0)), 0);
      lengths.push(text.length + 1);
    }
    bounds.push(lengths.length);
  }
  await writeFile(`${prefix}.idx`, encodeTokenIndex('uint16', lengths, bounds));
  await writeFile(`${prefix}.bin`, encodeIntegers('uint16', ids));
  const texts = files.map((_, index) => join(folder, `ja_${index}.jsonl.gz`));
  for (const [index, file] of files.entries()) {
    const lines = file.map(
      (text, line) => `${JSON.stringify({ id: `${index}-${line}`, text, meta: { url: `u${line}` } })}\n`,
    );
    await writeFile(texts[index]!, gzipSync(lines.join('')));
  }
  return { prefix, texts };
};

const source = (prefix: string, texts: readonly string[], firstSequence = 0) => ({
  path: `${prefix}.idx`,
  source: 'ja',
  label: 'ja_text_document.idx',
  beside: [`${prefix}.bin`, ...texts],
  firstSequence,
});
const documents = (found: readonly Read[]) => found.flatMap((item) => (item.kind === 'document' ? item.document : []));
const reasons = (found: readonly Read[]) => found.flatMap((item) => (item.kind === 'reject' ? item.reject.reason : []));

describe("Megatron's token files", () => {
  it('decodes what has no text beside it: the demonstration, letter for letter', async () => {
    const tokenizer = await loadTokenizer(resolve('demo/models/demo-3m-base/tokenizer.json'));
    for (const name of ['ja_folklore', 'en_web']) {
      const file = source(resolve(`demo/run/megatron/${name}_text_document`), []);
      const texts = documents(await Array.fromAsync(readJsonl(resolve(`demo/corpus/${name}.jsonl`))));
      const reader = createMegatronReader(bare, tokenizer);
      expect(await reader.count(file, {})).toBe(texts.length);
      const found = documents(await Array.fromAsync(reader.read(file, {})));
      expect(found.map(({ text }) => text)).toEqual(texts.map(({ text }) => text));
      const joined = createMegatronReader(bare, tokenizer);
      const beside = { ...file, beside: [...file.beside, resolve(`demo/corpus/${name}.jsonl`)] };
      expect((await Array.fromAsync(joined.read(beside, {}))).map((item) => item.kind)).toEqual(
        texts.map(() => 'document'),
      );
    }
  }, 120_000);

  it('joins lines and sequences by the rules, whatever the files, the parts and the empty lines', async () => {
    const text = fc.oneof(
      { weight: 3, arbitrary: fc.stringMatching(/^[a-z]{1,6}$/) },
      { weight: 1, arbitrary: fc.constant('') },
    );
    const files = fc.array(fc.array(text, { maxLength: 9 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 1, max: 4 }), fc.nat(12), async (some, partitions, from) => {
        const { prefix, texts } = await tokenise(some, partitions);
        const reader = createMegatronReader({ ...bare, partitions }, letters);
        const file = source(prefix, texts, 1_000);
        const lines = some.flat().length;
        expect(await reader.count(file, {})).toBe(lines);
        const found = documents(await Array.fromAsync(reader.read(file, {})));
        expect(found.map((one) => one.text)).toEqual(some.flat().filter(Boolean));
        expect(found.map(({ meta }) => typeof meta.url)).toEqual(found.map(() => 'string'));
        // The sequences themselves say the same.
        const decoded = documents(
          await Array.fromAsync(createMegatronReader(bare, letters).read(source(prefix, [], 1_000), {})),
        );
        const bySequence = new Map(decoded.map((one) => [one.sequence, one.text]));
        expect(bySequence.size).toBe(found.length);
        for (const { sequence, text: own } of found) expect(bySequence.get(sequence)).toBe(own);
        const rest = await Array.fromAsync(reader.read(file, { from }));
        expect(rest.every(({ record }) => record >= from)).toBe(true);
        expect(documents(rest).map(({ id }) => id)).toEqual(
          some
            .flatMap((list, index) => list.map((one, line) => (one === '' ? '' : `${index}-${line}`)))
            .slice(from)
            .filter(Boolean),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('notices texts that are not those of the tokens', async () => {
    const lines = Array.from({ length: 60 }, (_, line) => 'x'.repeat(1 + ((line * 7) % 11)));
    const { prefix, texts } = await tokenise([lines], 3);
    const wrong = createMegatronReader(bare, letters);
    await expect(Array.fromAsync(wrong.read(source(prefix, texts), {}))).rejects.toMatchObject({
      code: 'file_corrupt',
      where: expect.stringMatching(/ja_0\.jsonl\.gz:\d+/),
      remedy: expect.stringContaining('partitions'),
    });
    const { prefix: other, texts: own } = await tokenise([lines]);
    const one = [...lines.slice(0, 5), 'another', ...lines.slice(6)];
    await writeFile(own[0]!, gzipSync(one.map((text) => `${JSON.stringify({ text })}\n`).join('')));
    expect(reasons(await Array.fromAsync(wrong.read(source(other, own), {})))).toEqual([
      'the text has 7 tokens, and sequence 5 has 3',
    ]);
    await writeFile(
      own[0]!,
      gzipSync(
        lines
          .slice(1)
          .map((text) => `${JSON.stringify({ text })}\n`)
          .join(''),
      ),
    );
    await expect(wrong.count(source(other, own), {})).rejects.toMatchObject({
      code: 'file_corrupt',
      expected: expect.stringContaining('60 lines'),
      found: '59 lines',
    });
  });

  it('refuses lines of several sequences, and files with nothing to read texts from', async () => {
    const prefix = join(folder, 'sentences_text_sentence');
    await writeFile(`${prefix}.idx`, encodeTokenIndex('uint16', [2, 1, 3], [0, 2, 3]));
    await writeFile(`${prefix}.bin`, encodeIntegers('uint16', [97, 98, 99, 100, 101, 102]));
    const text = join(folder, 'sentences.jsonl');
    await writeFile(text, '{"text":"abc"}\n{"text":"def"}\n');
    const split = createMegatronReader(bare, letters);
    await expect(Array.fromAsync(split.read(source(prefix, [text]), {}))).rejects.toMatchObject({
      code: 'config_invalid',
      where: `${text}:1`,
      remedy: expect.stringContaining('--split-sentences'),
    });
    expect(documents(await Array.fromAsync(split.read(source(prefix, []), {}))).map((one) => one.text)).toEqual([
      'ab',
      'c',
      'def',
    ]);
    const nothing = createMegatronReader(bare, null);
    await expect(nothing.count(source(prefix, []), {})).rejects.toMatchObject({ code: 'config_invalid' });
    await writeFile(`${prefix}.bin`, '');
    await expect(split.count(source(prefix, []), {})).rejects.toMatchObject({ code: 'file_corrupt' });
  });

  it('rejects a sequence that is too long or holds what the tokenizer does not know', async () => {
    const { prefix } = await tokenise([['abc', 'toolong', 'x']]);
    const strict: Tokenizer = {
      ...letters,
      decode: (ids) => {
        if (ids.includes(120)) throw new Error('the tokenizer has no token 120');
        return letters.decode(ids);
      },
    };
    const found = await Array.fromAsync(
      createMegatronReader(bare, strict).read(source(prefix, []), { maximumBytes: 6 }),
    );
    expect(documents(found)).toMatchObject([{ text: 'abc', id: 'ja/ja_text_document.idx#1', sequence: 0 }]);
    expect(found.slice(1)).toMatchObject([
      { kind: 'reject', reject: { line: 2, reason: 'the sequence is 8 tokens long, longer than the limit' } },
      { kind: 'reject', reject: { line: 3, reason: 'the tokenizer has no token 120' } },
    ]);
  });
});
