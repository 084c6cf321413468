import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../test/support/command-line.ts';
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

  it('reads a folder in BEIR’s layout, with graded judgements', async () => {
    const place = join(folder, 'beir');
    await mkdir(join(place, 'qrels'), { recursive: true });
    const jsonl = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    await writeFile(
      join(place, 'corpus.jsonl'),
      jsonl([
        { _id: 'a', title: 'Earthquake', text: 'Rock slips along a fault.' },
        { _id: 'b', title: '', text: 'Catfish live in rivers.' },
      ]),
    );
    await writeFile(
      join(place, 'queries.jsonl'),
      jsonl([
        { _id: '1', text: 'catfish rivers' },
        { _id: '2', text: 'unjudged' },
      ]),
    );
    await writeFile(join(place, 'qrels', 'test.tsv'), 'query-id\tcorpus-id\tscore\n1\tb\t2\n1\ta\t0\n');
    const { json } = await evaluate('--beir', place, '--json');
    expect(json).toMatchObject([{ engines: { keyword: { ndcg10: 1, r1: 1, queries: 1 } } }]);
    await writeFile(join(place, 'qrels', 'test.tsv'), 'query-id\tcorpus-id\tscore\n1 b 2\n');
    await expect(evaluate('--beir', place)).rejects.toMatchObject({
      code: 'file_corrupt',
      where: `${join(place, 'qrels', 'test.tsv')}:2`,
    });
  });

  it('says what is wrong with what it was given', async () => {
    await expect(evaluate()).rejects.toMatchObject({ code: 'usage' });
    await expect(evaluate('--queries', 'demo/queries.jsonl')).rejects.toMatchObject({ code: 'usage' });
    await expect(evaluate('--squad', join(folder, 'none.json'))).rejects.toMatchObject({ code: 'file_missing' });
    const broken = join(folder, 'broken.json');
    await writeFile(broken, '{"data": 3}');
    await expect(evaluate('--squad', broken)).rejects.toMatchObject({ code: 'file_corrupt', where: broken });
    const queries = join(folder, 'queries.jsonl');
    await writeFile(queries, '{"query": "x", "relevant": ["a"]}\n{"query": "y"}\n');
    await expect(evaluate('--queries', queries, '--corpus', 'demo')).rejects.toMatchObject({ where: `${queries}:2` });
  });
});
