import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultFields } from '../corpus/fields.ts';
import { TenkyoError } from '../errors.ts';
import { loadConfig } from './load.ts';

const bots = 'apps: [{ name: finder, roles: [search] }]\n';
const runs = 'runs: [{ name: r, file: run.yaml }]\n';

describe('corpora', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'tenkyo-corpora-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  const load = (yaml: string) => {
    writeFileSync(join(cwd, 'tenkyo.yaml'), bots + (/^runs:/m.test(yaml) ? '' : runs) + yaml);
    return loadConfig({ demonstration: resolve('demo/tenkyo.yaml'), cwd, env: {} }).corpora;
  };
  const failure = (yaml: string): string => {
    try {
      load(yaml);
    } catch (error) {
      if (error instanceof TenkyoError && error.code === 'config_invalid') return error.message;
      throw error;
    }
    throw new Error('nothing was refused');
  };

  it('takes a pattern for texts in the usual layout', () => {
    expect(load('corpora: [{ name: c, documents: "texts/*.jsonl", runs: [r] }]')).toEqual([
      {
        name: 'c',
        documents: [
          { format: 'jsonl', files: [join(cwd, 'texts/*.jsonl')], order: 'sorted', sources: [], fields: defaultFields },
        ],
        runs: ['r'],
        visibility: 'everyone',
      },
    ]);
  });

  it('takes patterns and declarations, each with what it says itself, else what the corpus says', () => {
    const [corpus] = load(`
corpora:
  - name: c
    order: listed
    fields: { text: content, title: [meta.headline, meta.title] }
    sources: [{ match: "**/mc4/**", source: ja_cc }]
    documents:
      - b.jsonl
      - { files: [/data/a.parquet, a2.parquet], order: sorted }
      - { files: sft.jsonl, format: sft, source: tuned }
      - { files: "dump/*.gz", format: dump, tokenizer: tok, iterations: 17574, sequenceLength: 2048, folds: [{ match: "**/1/*", iterationOffset: 8787 }] }
      - { files: "*.idx", format: megatron, texts: "t/*.gz", partitions: 4 }
`);
    const fields = { ...defaultFields, text: ['content'], title: ['meta.headline', 'meta.title'] };
    const sources = [{ match: '**/mc4/**', source: 'ja_cc' }];
    expect(corpus?.documents).toEqual([
      { format: 'jsonl', files: [join(cwd, 'b.jsonl')], order: 'listed', sources, fields },
      { format: 'jsonl', files: ['/data/a.parquet', join(cwd, 'a2.parquet')], order: 'sorted', sources, fields },
      {
        format: 'sft',
        files: [join(cwd, 'sft.jsonl')],
        order: 'listed',
        sources: [...sources, { match: '*', source: 'tuned' }],
        fields,
      },
      {
        format: 'dump',
        files: [join(cwd, 'dump/*.gz')],
        order: 'listed',
        sources,
        tokenizer: join(cwd, 'tok'),
        sequenceLength: 2048,
        iterations: 17_574,
        folds: [{ match: '**/1/*', iterationOffset: 8787 }],
      },
      {
        format: 'megatron',
        files: [join(cwd, '*.idx')],
        order: 'listed',
        sources,
        fields,
        texts: [join(cwd, 't/*.gz')],
        tokenizer: null,
        partitions: 4,
      },
    ]);
  });

  it('names every fault at once, with its place', () => {
    const shape = failure(`
corpora:
  - { name: a, documents: [{ files: [], format: pdf, partitions: 0, colour: red }] }
  - { name: b, documents: { files: x, fields: { texts: y }, folds: [{ match: x }] }, sources: [{ match: "*", source: "a b" }] }
  - { name: c, documents: [] }
  - { name: d }
`);
    for (const fault of [
      'corpora[0].documents[0].files: found [], expected at least 1',
      'corpora[0].documents[0].format: found "pdf", expected "jsonl" or "dump"',
      'corpora[0].documents[0].partitions: found 0, expected at least 1',
      'corpora[0].documents[0]: found "colour"',
      'found "texts", expected no key "texts" here',
      'iterationOffset: found nothing, expected number',
      'corpora[1].sources[0].source: found "a b", expected a name without spaces',
      'corpora[2].documents: found [], expected at least 1',
      'corpora[3].documents: found nothing',
    ]) {
      expect(shape).toContain(fault);
    }
    const sense = failure(`
corpora:
  - { name: a, documents: [x, { files: y, format: megatron }], folds: [] }
  - { name: b, format: dump, runs: [lost], documents: { files: z, texts: t, fields: { text: x } } }
`);
    for (const fault of [
      'corpora[0].folds: found [], expected nothing: it says nothing of the format jsonl, megatron',
      'corpora[0].documents[1]: found neither, expected `texts` or a `tokenizer`',
      'corpora[1].runs[0]: found "lost"',
      'corpora[1].documents[0].texts: found ["t"], expected nothing: it says nothing of the format dump',
      'corpora[1].documents[0].fields',
      'corpora[1].documents[0].iterations: found nothing, expected how many iterations the run has',
    ]) {
      expect(sense).toContain(fault);
    }
  });

  it('reads every example of its documentation', () => {
    const examples = [...readFileSync('docs/corpora.md', 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(
      ([, yaml]) => yaml!,
    );
    expect(examples.length).toBeGreaterThan(5);
    for (const example of examples) expect(load(example).length).toBeGreaterThan(0);
  });
});
