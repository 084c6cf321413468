import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSourceNames, stemOf } from './source-rules.ts';

const sourceOf = createSourceNames();

describe('createSourceNames', () => {
  it.each([
    ['/data/ja_cc/ja_cc_merge_3_text_document', 'ja_cc'],
    ['/data/ja_wiki/ja_wiki_merge_1_text_document.idx', 'ja_wiki'],
    ['/data/code_stack/code_stack_merge_12_content_document', 'code_stack'],
    ['train/ja/cc-1_0000.jsonl_text_document', 'ja_cc-1'],
    ['train/ja/wiki_0000.jsonl_text_document', 'ja_wiki'],
    ['train/en/wiki_0000.jsonl.gz', 'en_wiki'],
    ['train/code/stack_0003.jsonl_text_document', 'code_stack'],
    ['train/ja/ja_wiki_0000.jsonl', 'ja_wiki'],
    ['en_fineweb-rescored_score_10_0000_text_document', 'en_fineweb-rescored_score_10'],
    ['ja_cc/CC-MAIN-2023-50.jsonl.zst', 'ja_cc'],
    ['ja_cc_CC-MAIN-2013-20_0001.jsonl.gz', 'ja_cc'],
    ['ja/CC-MAIN-2013-2016/part-00001.jsonl', 'ja'],
    ['wikipedia/20231101.ja/train-00000-of-00015.parquet', '20231101.ja'],
    ['fineweb/data/train-00000-of-00015.parquet', 'fineweb'],
    ['demo/corpus/ja_encyclopedia.jsonl', 'ja_encyclopedia'],
    ['ja_encyclopedia_text_document', 'ja_encyclopedia'],
    ['x.y.ndjson', 'x.y'],
    ['C:\\data\\ja_wiki.jsonl', 'ja_wiki'],
    ['plain', 'plain'],
    ['train.jsonl', 'train'],
    ['', 'unnamed'],
  ])('%s is %s', (path, source) => expect(sourceOf(path)).toBe(source));

  const name = fc.stringMatching(/^[a-z][a-z]{2,8}(_[a-z]{2,6}){0,2}$/).filter((one) => sourceOf(one) === one);
  const piece = fc.constantFrom('', '_merge_3', '_0000', '_merge_1_0012', '_CC-MAIN-2023-50', '-00001-of-00020');
  const ending = fc.constantFrom('', '.jsonl', '.jsonl.gz', '.jsonl.zst', '.parquet', '.jsonl_text_document');
  const folder = fc.constantFrom('', '/data/', 'a/b/', './', '/data/CC-MAIN-2020-10/', '/data/train/');

  it('gives all pieces of a data set the same name, wherever they lie', () => {
    fc.assert(
      fc.property(name, piece, ending, folder, (source, number, kind, where) => {
        expect(sourceOf(`${where}${source}${number}${kind}`)).toBe(source);
        expect(sourceOf(`${where}${source}/train${number}${kind}`)).toBe(source);
      }),
    );
  });

  it('gives any path a name without folders, the same one for the name itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webPath(), fc.string(), fc.array(fc.oneof(piece, ending, folder))), (path) => {
        const source = sourceOf(String(path));
        expect(source).not.toMatch(/^$|[\\/]/);
        if (!/^(train|valid|test|eval|data)/.test(source)) expect(sourceOf(source)).toBe(source);
      }),
    );
  });

  it('lets rules come first, the first that matches', () => {
    const named = createSourceNames([
      { match: '**/mc4/**', source: 'ja_cc' },
      { match: 'pile_*', source: 'en_pile' },
      { match: '*', source: 'rest' },
    ]);
    expect(['/x/mc4/a/b.jsonl', 'pile_0_text_document', '/y/pile_1.jsonl', 'ja_wiki.jsonl'].map(named)).toEqual([
      'ja_cc',
      'en_pile',
      'en_pile',
      'rest',
    ]);
  });
});

describe('stemOf', () => {
  it('keeps the number of the piece: a token file and its text have the same', () => {
    expect(['a/cc-1_0000.jsonl_text_document.idx', 'b/cc-1_0000.jsonl.gz', 'c/cc-1_0000'].map(stemOf)).toEqual(
      Array(3).fill('cc-1_0000'),
    );
  });
});
