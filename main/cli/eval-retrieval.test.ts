import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../test/support/command-line.ts';
import { writeTinyCrossEncoder } from '../../test/support/tiny-cross-encoder.ts';
import { registerEvalRetrieval } from './eval-retrieval.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-eval-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const evaluate = (...args: readonly string[]) =>
  runCommand(registerEvalRetrieval, 'eval', 'retrieval', '--data', join(folder, 'data'), ...args);

const squad = {
  data: [
    {
      title: '地震',
      paragraphs: [
        { context: '地震 [SEP] 岩盤が急にずれる。', qas: [{ question: '地震で岩盤はどうなる？' }] },
        {
          context: 'ナマズ [SEP] 川にすむ魚である。',
          qas: [{ question: 'ナマズはどこにすむ？' }, { question: '津波とは？' }],
        },
      ],
    },
  ],
};

describe('tenkyo eval retrieval', () => {
  it('judges every engine on a SQuAD file, each passage a document and its title among its words', async () => {
    const file = join(folder, 'squad.json.gz');
    await writeFile(file, gzipSync(JSON.stringify(squad)));
    const document = join(folder, 'quality.md');
    const { json } = await evaluate('--squad', file, '--json', '--document', document);
    const scores = {
      ndcg10: expect.any(Number),
      r1: expect.any(Number),
      r10: expect.any(Number),
      mrr: expect.any(Number),
      p50Ms: expect.any(Number),
      p95Ms: expect.any(Number),
      queries: 3,
    };
    const engines = { keyword: scores, vector: scores, exact: scores, fused: scores };
    expect(json).toEqual([{ engines, kinds: { all: engines }, intervals: expect.anything() }]);
    const [report] = json as [{ engines: { keyword: { ndcg10: number; r1: number } } }];
    expect(report.engines.keyword).toMatchObject({ ndcg10: 0.6667, r1: 0.6667 });

    const first = await readFile(document, 'utf8');
    expect(first).toContain(`## squad.json.gz\n\n    tenkyo eval retrieval --squad ${file}\n`);
    expect(first).toContain('2 documents, 2 passages, 3 queries');
    expect(first).toMatch(/\| all 3 \| keyword \| 0\.667 \|/);
    await evaluate('--squad', file, '--document', document);
    expect((await readFile(document, 'utf8')).split('## squad.json.gz').length).toBe(2);
  });

  const jsonl = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const beirFiles = {
    corpus: jsonl([
      { _id: 'a', title: 'Earthquake', text: 'Rock slips along a fault.' },
      { _id: 'b', title: '', text: 'Catfish live in rivers.' },
      { _id: '__proto__', title: null, text: 'Foxes bewitch people.' },
      { _id: 7, text: 'Rain falls in June.' },
    ]),
    queries: jsonl([
      { _id: '1', text: 'catfish rivers' },
      { _id: '2', text: 'unjudged' },
      { _id: '3', text: 'foxes bewitch' },
      { _id: 4, text: 'rain in June' },
      { _id: '5', text: 'judged to have nothing' },
    ]),
    qrels: 'query-id\tcorpus-id\tscore\n1\tb\t2\n1\ta\t0\n3\t__proto__\t1\n4\t7\t1\n5\ta\t0\n',
  };
  const writeBeir = async (name: string, files: Partial<typeof beirFiles> = {}, part = 'test.tsv') => {
    const place = join(folder, name);
    const { corpus, queries, qrels } = { ...beirFiles, ...files };
    await mkdir(join(place, 'qrels'), { recursive: true });
    await writeFile(join(place, 'corpus.jsonl'), corpus);
    await writeFile(join(place, 'queries.jsonl'), queries);
    await writeFile(join(place, 'qrels', part), qrels);
    return place;
  };

  it('reads a folder in BEIR’s layout, with graded judgements and ids of any kind', async () => {
    const place = await writeBeir('beir');
    const { json } = await evaluate('--beir', place, '--json');
    expect(json).toMatchObject([{ engines: { keyword: { ndcg10: 1, r1: 1, mrr: 1, queries: 3 } } }]);
    await rm(join(place, 'corpus.jsonl'));
    await writeFile(join(place, 'corpus.jsonl.gz'), gzipSync(beirFiles.corpus));
    await writeFile(join(place, 'qrels', 'dev.tsv'), '1\ta\t1\n');
    const dev = await evaluate('--beir', place, '--part', 'dev', '--json');
    expect(dev.json).toMatchObject([{ engines: { keyword: { r1: 0, queries: 1 } } }]);
    const only = await writeBeir('beir-dev', {}, 'dev.tsv');
    expect((await evaluate('--beir', only, '--json')).json).toMatchObject([{ engines: { fused: { queries: 3 } } }]);
  });

  it.each([
    ['judgements without tabs', { qrels: 'query-id\tcorpus-id\tscore\n1 b 2\n' }, 'qrels/test.tsv:2', 'tabs'],
    ['judgements as TREC has them', { qrels: '1\t0\tb\t2\n1\t0\ta\t1\n' }, 'qrels/test.tsv:1', 'tabs'],
    ['a page of HTML', { queries: '<!doctype html>\n<html>' }, 'queries.jsonl:1', undefined],
    ['a document without a text', { corpus: '{"_id": "a"}\n' }, 'corpus.jsonl:1', undefined],
    ['bytes that are no text', { corpus: '\u0000\n' }, 'corpus.jsonl:1', undefined],
    ['judgements of other queries', { qrels: '9\ta\t1\n' }, 'qrels/test.tsv', 'at least one'],
    ['nothing', { queries: '' }, 'qrels/test.tsv', 'at least one'],
  ] as const)('names file and line where a BEIR folder holds %s', async (name, files, where, expected) => {
    const place = await writeBeir(`hostile ${name}`, files);
    await expect(evaluate('--beir', place)).rejects.toMatchObject({
      code: 'file_corrupt',
      where: join(place, where),
      ...(expected && { expected: expect.stringContaining(expected) }),
    });
  });

  it('names what a BEIR folder lacks, and a packed file that is cut', async () => {
    const place = await writeBeir('lacking');
    await expect(evaluate('--beir', place, '--part', 'train')).rejects.toMatchObject({
      code: 'file_missing',
      expected: 'train.tsv',
      found: 'test',
    });
    await writeFile(join(place, 'queries.jsonl.gz'), gzipSync(beirFiles.queries).subarray(0, 30));
    await expect(evaluate('--beir', place)).rejects.toMatchObject({ code: 'file_corrupt' });
    await rm(join(place, 'queries.jsonl.gz'));
    await rm(join(place, 'queries.jsonl'));
    await expect(evaluate('--beir', place)).rejects.toMatchObject({
      code: 'file_missing',
      where: join(place, 'queries.jsonl'),
    });
    await expect(evaluate('--beir', join(place, 'none'))).rejects.toMatchObject({ code: 'file_missing' });
  });

  it('has a row for the reranker where one is configured, and says what it adds', async () => {
    const file = join(folder, 'for-the-reranker.json');
    const paragraphs = [
      { context: '地震 地震 地震 津波', qas: [] },
      { context: '地震 津波 quake', qas: [{ question: '地震 津波' }] },
    ];
    await writeFile(file, JSON.stringify({ data: [{ paragraphs }] }));
    await writeTinyCrossEncoder(join(folder, 'reranker'));
    const config = join(folder, 'tenkyo.yaml');
    const declared = 'apps: [{ name: finder, roles: [search] }]';
    await writeFile(config, `${declared}\nsearch: { reranker: { path: reranker } }\n`);
    const { json } = await evaluate('--squad', file, '--config', config, '--json');
    expect(json).toMatchObject([
      {
        engines: { reranked: { r1: 1, queries: 1 } },
        intervals: { all: { rerankedLessFused: { mean: expect.any(Number) } } },
      },
    ]);
    const [table] = (await evaluate('--squad', file, '--config', config)).tables;
    expect(table!.find(([, engine]) => engine === 'reranked')!.at(-1)).toMatch(/^[+−]0\.\d{4} \(.*\) fused$/);
    const [report] = json as [
      { engines: Record<string, { ndcg10: number }>; intervals: { all: { rerankedLessFused: { mean: number } } } },
    ];
    const { fused, reranked } = report.engines;
    expect(report.intervals.all.rerankedLessFused.mean).toBeCloseTo(reranked!.ndcg10 - fused!.ndcg10, 3);
    await rm(join(folder, 'reranker', 'tokenizer.json'));
    await expect(evaluate('--squad', file, '--config', config)).rejects.toMatchObject({ code: 'file_missing' });
  });

  it('says what is wrong with what it was given', async () => {
    await expect(evaluate()).rejects.toMatchObject({ code: 'usage' });
    await expect(evaluate('--queries', 'demo/queries.jsonl')).rejects.toMatchObject({ code: 'usage' });
    await expect(evaluate('--squad', join(folder, 'none.json'))).rejects.toMatchObject({ code: 'file_missing' });
    const broken = join(folder, 'broken.json');
    const impossible = { context: '', qas: [{ question: '?', is_impossible: true }] };
    for (const content of ['{"data": 3}', '<html>', '', JSON.stringify({ data: [{ paragraphs: [impossible] }] })]) {
      await writeFile(broken, content);
      await expect(evaluate('--squad', broken)).rejects.toMatchObject({ code: 'file_corrupt', where: broken });
    }
    const cut = join(folder, 'cut.json.gz');
    await writeFile(cut, gzipSync(JSON.stringify(squad)).subarray(0, 40));
    await expect(evaluate('--squad', cut)).rejects.toMatchObject({ code: 'file_corrupt', where: cut });
    await expect(evaluate('--squad', cut, '--part', 'dev')).rejects.toMatchObject({ code: 'usage' });
    const queries = join(folder, 'queries.jsonl');
    await writeFile(queries, '{"query": "x", "relevant": ["a"]}\n{"query": "y"}\n');
    await expect(evaluate('--queries', queries, '--corpus', 'demo')).rejects.toMatchObject({ where: `${queries}:2` });
  });
});
