import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadRunFile } from '../config/run-file.ts';
import { type OpenedRun, openRun } from './open-run.ts';
import { type VerifyReport, verifyRun } from './verify.ts';

const documentIterations = resolve('demo/run/oracle/document_iterations.json.gz');
const oracleSamples = resolve('demo/run/oracle/oracle.jsonl.gz');

describe('verifyRun on the demonstration', () => {
  let folder: string;
  let opened: OpenedRun;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-verify-'));
    opened = await openRun({ run: await loadRunFile(resolve('demo/run/run.json')), directory: join(folder, 'own') });
  });
  afterAll(async () => {
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const verify = (oracle: string | null, samples: number | 'all' = 10): Promise<VerifyReport> =>
    verifyRun({ opened, samples, seed: 7, oracle, decoder: null });
  const unpacked = (file: string): string => gunzipSync(readFileSync(file)).toString('utf8');
  const written = (name: string, text: string | Buffer): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('agrees with the oracle on all 600 documents, walking all 16,640 samples', async () => {
    expect(await verify(documentIterations, 'all')).toEqual({
      run: 'demo',
      samples: { checked: 16_640, total: 16_640 },
      documents: { checked: 600, total: 600 },
      texts: null,
      oracle: { file: documentIterations, unit: 'documents', compared: 600, equal: 600 },
      mismatches: 0,
      shown: [],
    });
  });

  it('agrees with the oracle on all 16,640 samples, token ids included', async () => {
    const { oracle, mismatches } = await verify(oracleSamples);
    expect(oracle).toEqual({ file: oracleSamples, unit: 'samples', compared: 16_640, equal: 16_640 });
    expect(mismatches).toBe(0);
  });

  it('walks the same samples for the same seed', async () => {
    const report = await verify(null, 50);
    expect(report.samples).toEqual({ checked: 50, total: 16_640 });
    expect(report.documents.checked).toBeGreaterThan(50);
    expect(await verify(null, 50)).toEqual(report);
    expect((await verify(null, 1e9)).samples.checked).toBe(16_640);
  });

  it('reports every document that an oracle sees otherwise', async () => {
    const iterations = JSON.parse(unpacked(documentIterations));
    const first = iterations.ja_web['0'][0];
    iterations.ja_web['0'][0] = first + 1;
    delete iterations.en_web['3'];
    iterations.ja_web['112'] = [5];
    const { oracle, mismatches, shown } = await verify(written('other.json', JSON.stringify(iterations, null, 1)));
    expect(oracle).toMatchObject({ compared: 601, equal: 598 });
    expect(mismatches).toBe(3);
    expect(shown.map(({ where }) => where)).toEqual(['ja_web 0', 'ja_web 112', 'en_web 3']);
    expect(shown[0]?.found).toContain(`[${first},`);
    expect(shown[1]?.found).toBe('"unknown"');
  });

  it('reports every sample that an oracle sees otherwise, and shows the first 20', async () => {
    const lines = unpacked(oracleSamples).split('\n').slice(0, 40);
    const changed = lines.map((line) => line.replace('"iteration":', '"iteration":1'));
    const { oracle, mismatches, shown } = await verify(written('o.jsonl.gz', gzipSync(changed.join('\n'))));
    expect(oracle).toMatchObject({ unit: 'samples', compared: 40, equal: 0 });
    expect(mismatches).toBe(40);
    expect(shown.length).toBe(20);
  });

  it('compares token ids with the token files', async () => {
    const [line] = unpacked(oracleSamples).split('\n');
    const sample = JSON.parse(line!);
    sample.token_ids[15] += 1;
    expect((await verify(written('t.jsonl', JSON.stringify(sample)))).mismatches).toBe(1);
    expect((await verify(written('p.jsonl', JSON.stringify({ ...sample, pos: 16_640 })))).shown[0]).toMatchObject({
      where: 'position 16640',
      found: '"no such position"',
    });
  });

  it.each([
    ['bad.jsonl', '{"pos":0,', { code: 'file_corrupt', where: expect.stringContaining('bad.jsonl, line 1') }],
    ['half.jsonl', '{"pos":0}', { code: 'file_corrupt', found: '{"pos":0}' }],
    ['list.json', '[]', { code: 'file_corrupt', found: '[]' }],
    ['text.json', '{"ja_web":{"0":["a"]}}', { code: 'file_corrupt', found: '{"0":["a"]}' }],
    ['cut.jsonl.gz', gzipSync('{"pos":0}').subarray(0, 12), { code: 'file_corrupt' }],
    ['oracle.csv', '', { code: 'usage' }],
  ])('says what is wrong with %s', async (name, text, facts) => {
    await expect(verify(written(name, text))).rejects.toMatchObject(facts);
  });

  it('says when the oracle is missing', async () => {
    const file = join(folder, 'none.json.gz');
    await expect(verify(file)).rejects.toMatchObject({ code: 'file_missing', where: file });
  });
});
