import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand as runAnywhere } from '../../test/support/command-line.ts';
import { registerRuns } from './runs.ts';
import { registerTrace } from './trace.ts';
import { registerVerify } from './verify.ts';

const oracle = 'demo/run/oracle/document_iterations.json.gz';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenkyo-commands-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runCommand = (register: Parameters<typeof runAnywhere>[0], ...args: readonly string[]) =>
  runAnywhere(register, ...args, '--data', join(folder, 'data'));

/** A configuration with the runs that are given, and nothing else of its own. */
const configured = (name: string, runs: readonly object[]): string => {
  const file = join(folder, `${name}.yaml`);
  const apps = [{ name: 'finder', roles: ['search'] }];
  writeFileSync(file, JSON.stringify({ apps, runs }));
  return file;
};
const demo = { name: 'demo', file: resolve('demo/run/run.json') };

describe('tenkyo verify', () => {
  it('proves the demonstration against its oracle', async () => {
    const { lines, tables, exitCode } = await runCommand(
      registerVerify,
      'verify',
      'demo',
      '--samples',
      'all',
      '--oracle',
      oracle,
    );
    expect(lines).toEqual([
      'Run demo: 16,640 of 16,640 samples walked, 600 of 600 documents looked up',
      'Texts decoded from tokens: 600/600 exact',
      `Oracle ${resolve(oracle)}: 600/600 documents equal`,
      'No mismatches.',
    ]);
    expect(tables).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('exits 1 and lists what differs', async () => {
    const iterations = JSON.parse(gunzipSync(readFileSync(oracle)).toString('utf8'));
    for (const sequence of Object.keys(iterations.ja_folklore)) iterations.ja_folklore[sequence].pop();
    const file = join(folder, 'other.json');
    writeFileSync(file, JSON.stringify(iterations));
    const text = await runCommand(registerVerify, 'verify', 'demo', '--samples', '5', '--oracle', file);
    expect(text.exitCode).toBe(1);
    expect(text.lines.slice(2)).toEqual([`Oracle ${file}: 552/600 documents equal`, '48 mismatches:', '… and 28 more']);
    expect(text.tables[0]?.length).toBe(21);
    expect(text.tables[0]?.[1]?.slice(0, 2)).toEqual(['ja_folklore 0', 'iterations, oracle']);
    const json = await runCommand(registerVerify, 'verify', 'demo', '--json', '--samples', '5', '--oracle', file);
    expect(json.json).toMatchObject([{ run: 'demo', mismatches: 48, oracle: { compared: 600, equal: 552 } }]);
    expect(json.exitCode).toBe(1);
  });

  it('says which texts are not what the tokens say', async () => {
    const corpus = join(folder, 'corpus');
    cpSync('demo/corpus', corpus, { recursive: true });
    const changed = join(corpus, 'ja_web.jsonl');
    writeFileSync(changed, readFileSync(changed, 'utf8').replace('ナマズ', 'なまず'));
    const run = JSON.parse(readFileSync(demo.file, 'utf8'));
    const file = join(folder, 'changed.json');
    const paths = {
      dataDirectory: resolve('demo/run/megatron'),
      corpusDirectory: corpus,
      tokenizer: resolve('demo/models/demo-3m-base/tokenizer.json'),
    };
    const texts = { name: 'demo_sft', corpus: resolve('demo/tuning/instructions.jsonl'), format: 'sft' };
    const sources = [...run.sources.slice(0, -1), texts];
    writeFileSync(file, JSON.stringify({ ...run, ...paths, sources, name: 'changed' }));
    const config = configured('changed', [{ name: 'changed', file }]);
    const outcome = await runCommand(registerVerify, 'verify', 'changed', '--samples', 'all', '--config', config);
    expect(outcome.lines.slice(1)).toEqual(['Texts decoded from tokens: 599/600 exact', '1 mismatch:']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.tables[0]?.[1]?.slice(0, 2)).toEqual(['ja_web 0', 'text, decoded']);
  });

  it.each([
    [['verify'], { code: 'commander.missingArgument' }],
    [['verify', 'demo', '--samples', '0'], { code: 'commander.invalidArgument' }],
    [['verify', 'demo', '--samples', 'some'], { code: 'commander.invalidArgument' }],
    [['verify', 'another'], { code: 'usage', expected: 'one of demo' }],
    [['verify', 'demo', '--oracle', 'none.json'], { code: 'file_missing', where: resolve('none.json') }],
  ])('%j is refused', async (args, facts) => {
    await expect(runCommand(registerVerify, ...args)).rejects.toMatchObject(facts);
  });

  it('refuses a run file that calls the run otherwise', async () => {
    const config = configured('renamed', [{ ...demo, name: 'renamed' }]);
    await expect(runCommand(registerVerify, 'verify', 'renamed', '--config', config)).rejects.toMatchObject({
      code: 'config_invalid',
      where: demo.file,
    });
  });
});

describe('tenkyo trace document', () => {
  it('shows every time the run read it', async () => {
    const { lines, tables } = await runCommand(registerTrace, 'trace', 'document', 'w1-ja_encyclopedia-001');
    expect(lines).toEqual([
      'w1-ja_encyclopedia-001 · 地震の起こるしくみ',
      'Source: ja_encyclopedia · sequence 0 · run demo (0–1,039)',
      'Read 27 times, in 49 iterations: first 65, last 1,012',
    ]);
    expect(tables[0]?.[0]).toEqual(['Iteration', 'Phase', 'Epoch', 'Position', 'Tokens']);
    expect(tables[0]?.[1]).toEqual(['65', 'blend', '7', '1,042', '0–56']);
  });

  it.each([
    ['1040', 'Checkpoint 1,040 has read it, last in iteration 1,012.'],
    ['66', 'Checkpoint 66 has read it, last in iteration 65.'],
    ['65', 'Checkpoint 65 has not read it.'],
  ])('says whether checkpoint %s has read it', async (checkpoint, line) => {
    const args = ['trace', 'document', 'w1-ja_encyclopedia-001', '--checkpoint', checkpoint];
    expect((await runCommand(registerTrace, ...args)).lines[3]).toBe(line);
  });

  it('marks readings that were a label only', async () => {
    // The oracle: position 279 read en_encyclopedia 60 as its label alone.
    const id = JSON.parse(readFileSync('demo/corpus/en_encyclopedia.jsonl', 'utf8').split('\n')[60] ?? '').id;
    const { tables } = await runCommand(registerTrace, 'trace', 'document', id);
    expect(tables[0]?.find((row) => row[3] === '279')).toEqual([
      '17',
      'blend',
      expect.any(String),
      '279',
      'label only',
    ]);
  });

  it('says of instruction data that it was read, not when', async () => {
    const { lines, tables } = await runCommand(registerTrace, 'trace', 'document', 'w1-sft-002');
    expect(lines).toEqual([
      'w1-sft-002',
      'Source: demo_sft · sequence 1 · run demo (0–1,039)',
      'Read in phase sft, whose order was not recorded: iterations unknown.',
    ]);
    expect(tables).toEqual([]);
    const { json } = await runCommand(registerTrace, 'trace', 'document', 'w1-sft-002', '--json');
    expect(json).toMatchObject([{ reading: { state: 'unknown', phase: 'sft' }, occurrences: [] }]);
  });

  it('gives the same as JSON, one object a run', async () => {
    const config = configured('one', [demo]);
    const { json, lines } = await runCommand(
      registerTrace,
      'trace',
      'document',
      'w1-ja_web-001',
      '--json',
      '--config',
      config,
    );
    expect(lines).toEqual([]);
    expect(json).toMatchObject([
      {
        run: 'demo',
        iterations: 1040,
        document: { id: 'w1-ja_web-001', source: 'ja_web', sequence: 0, title: 'うちのナマズは地震を知っている' },
        reading: { state: 'read', lastIndex: 1039 },
      },
    ]);
  });

  it.each([
    [['trace', 'document', 'nothing'], { code: 'not_found' }],
    [['trace', 'document', 'w1-ja_web-001', '--run', 'another'], { code: 'usage' }],
  ])('%j is refused', async (args, facts) => {
    await expect(runCommand(registerTrace, ...args)).rejects.toMatchObject(facts);
  });
});

describe('tenkyo trace iteration', () => {
  it('shows what the iteration read, and takes the number as results print it', async () => {
    const { lines, tables } = await runCommand(registerTrace, 'trace', 'iteration', '1,012');
    expect(lines).toEqual(['Iteration 1,012/1,039 of run demo, phase refined: 16 samples']);
    expect(tables[0]?.[1]).toEqual(['16,192', 'ja_encyclopedia', 'w2-ja_encyclopedia-048', '5', '110–157', 'DNA']);
    expect(new Set(tables[0]?.slice(1).map(([position]) => position)).size).toBe(16);
    const { json } = await runCommand(registerTrace, 'trace', 'iteration', '1012', '--json');
    expect(json).toMatchObject([{ run: 'demo', iterations: 1040, iteration: 1012, phase: 'refined', samples: 16 }]);
    const documents = (json[0] as { documents: { id: string }[] }).documents;
    expect(documents.length).toBe((tables[0]?.length ?? 0) - 1);
    expect(documents.some(({ id }) => id === 'w1-ja_encyclopedia-001')).toBe(true);
  });

  it.each([
    [['trace', 'iteration', '1040'], { code: 'not_found' }],
    [['trace', 'iteration', '-1'], { code: 'commander.invalidArgument' }],
    [['trace', 'iteration', '1,0'], { code: 'commander.invalidArgument' }],
  ])('%j is refused', async (args, facts) => {
    await expect(runCommand(registerTrace, ...args)).rejects.toMatchObject(facts);
  });

  it('asks which run is meant where there are several', async () => {
    const config = configured('two', [demo, { ...demo, name: 'other' }]);
    await expect(runCommand(registerTrace, 'trace', 'iteration', '5', '--config', config)).rejects.toMatchObject({
      code: 'usage',
      expected: '--run with one of demo, other',
    });
    const named = await runCommand(registerTrace, 'trace', 'iteration', '5', '--config', config, '--run', 'demo');
    expect(named.lines[0]).toContain('Iteration 5/1,039');
  });
});

describe('tenkyo runs', () => {
  it('shows phases, blends, epochs and what was never read', async () => {
    const { lines, tables } = await runCommand(registerRuns, 'runs');
    expect(lines.filter(Boolean)).toEqual([
      'Run demo: 1,040 iterations (0–1,039), 16,640 samples, 2,129,920 tokens',
      'Phase blend: iterations 0–869, batch 16, 128 tokens a sample',
      'Phase refined: iterations 870–1,039, batch 16, 128 tokens a sample',
      'Phase sft: order not recorded, iterations unknown; demo_sft',
    ]);
    expect(tables[0]?.[1]).toEqual(['ja_encyclopedia', '0.42', '5,846', '20.53']);
    expect(tables[2]?.[1]).toEqual(['ja_encyclopedia', '240', '36,440', '26.65', '0 (0.0 %)']);
  });

  it('gives the same as JSON', async () => {
    const { json } = await runCommand(registerRuns, 'runs', 'demo', '--json');
    expect(json).toMatchObject([
      {
        name: 'demo',
        iterations: 1040,
        samples: 16_640,
        sources: expect.any(Array),
        phases: [{ name: 'blend' }, { name: 'refined' }],
      },
    ]);
  });

  it('marks what was reconstructed, and says what was skipped', async () => {
    const run = JSON.parse(readFileSync(demo.file, 'utf8'));
    for (const phase of run.phases.slice(0, 2)) {
      phase.reconstruct = { rule: 'core' };
      delete phase.cachePath;
      delete phase.caches;
    }
    run.phases[1].skipped = [{ convention: 'upstream', from: 10, to: 29 }];
    const file = join(folder, 'reconstructed.json');
    const at = resolve('demo/run');
    writeFileSync(
      file,
      JSON.stringify({
        ...run,
        name: 'again',
        tokenizer: undefined,
        dataDirectory: join(at, 'megatron'),
        corpusDirectory: resolve('demo/corpus'),
      }),
    );
    const config = configured('again', [{ name: 'again', file }]);
    const { lines } = await runCommand(registerRuns, 'runs', '--config', config);
    expect(lines).toContain('Phase blend: iterations 0–869, batch 16, 128 tokens a sample, reconstructed');
    expect(lines).toContain(
      'Phase refined: iterations 870–1,039, batch 16, 128 tokens a sample, 20 iterations skipped, reconstructed',
    );
    const skipped = await runCommand(registerTrace, 'trace', 'iteration', '880', '--config', config);
    expect(skipped.lines).toEqual([
      'Iteration 880/1,039 of run again, phase refined: 16 samples (loaded, not trained)',
    ]);
    const verified = await runCommand(registerVerify, 'verify', 'again', '--config', config);
    expect(verified.exitCode).toBe(0);
    expect(verified.lines.some((line) => line.startsWith('Texts'))).toBe(false);
  });

  it('says when no run is configured', async () => {
    const config = configured('none', []);
    await expect(runCommand(registerRuns, 'runs', '--config', config)).rejects.toMatchObject({
      code: 'usage',
      where: config,
    });
  });
});
