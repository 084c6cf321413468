import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { withSearch } from '../../main/cli/with-search.ts';
import { evidenceOf } from '../../main/compose/ground-with.ts';
import { chooseEvidence } from '../../src/chat/grounding/evidence.ts';
import { loadConfig } from '../../src/config/load.ts';
import { runTenkyo } from '../support/running-tenkyo.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'tenkyo-refusals-'));
  expect(await runTenkyo(['index', '--data', data])).toMatchObject({ code: 0 });
}, 180_000);
afterAll(() => rm(data, { recursive: true, force: true }));

const lines = async <T>(file: string): Promise<T[]> =>
  (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

it('refuses what the demonstration cannot answer, and hardly anything that stands in it', async () => {
  const unanswerable = await lines<{ question: string; split: 'tuned' | 'held' }>('test/grounding/unanswerable.jsonl');
  const queries = (await lines<{ query: string; lang: string; kind: string }>('demo/queries.jsonl')).filter(
    ({ lang, kind }) => lang === 'ja' && ['lexical', 'answer_sentence'].includes(kind),
  );
  const demonstration = resolve('demo/tenkyo.yaml');
  const config = loadConfig({ file: demonstration, data, demonstration, cwd: process.cwd(), env: {} });
  const refused = { tuned: 0, held: 0, answerable: 0 };
  const note = (line: string): never => {
    throw new Error(line);
  };
  await withSearch({ note } as never, config, { vectors: true }, async (search) => {
    const evidence = evidenceOf(search);
    const isRefused = async (question: string): Promise<boolean> =>
      chooseEvidence(await evidence.find(question, 'demo-3m-finetuned', new AbortController().signal)).length === 0;
    for (const { question, split } of unanswerable) if (await isRefused(question)) refused[split] += 1;
    for (const { query } of queries) if (await isRefused(query)) refused.answerable += 1;
  });
  expect(unanswerable).toHaveLength(50);
  expect(queries).toHaveLength(120);
  expect(refused.tuned + refused.held).toBeGreaterThanOrEqual(45);
  expect(refused.answerable).toBeLessThanOrEqual(6);
}, 180_000);
