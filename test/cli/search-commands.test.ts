import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import type { Cli } from '../../main/cli/cli.ts';
import { registerIndex } from '../../main/cli/index-command.ts';
import { terminalOutput } from '../../main/cli/output.ts';
import { registerSearch } from '../../main/cli/search.ts';
import { registerTraceText } from '../../main/cli/trace-text.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { SearchResult } from '../../src/search/result.ts';

const demonstration = resolve(fileURLToPath(import.meta.url), '../../../demo/tenkyo.yaml');
const coldAnswer = 'いいえ。抗生物質は細菌の薬なので、かぜには効きません。十分に休み、水分をとることが基本です。';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'tenkyo-cli-'));
});
afterAll(() => rm(data, { recursive: true }));
afterEach(() => {
  process.exitCode = undefined;
});

const sink = (to: string[]): Writable =>
  new Writable({
    write: (chunk, _, done) => {
      to.push(String(chunk));
      done();
    },
  });

/** Runs a command as the terminal does. */
const tenkyo = async (...args: string[]) => {
  const out: string[] = [];
  const err: string[] = [];
  const cli: Cli = {
    env: {},
    cwd: data,
    ...terminalOutput(sink(out), { write: (text) => err.push(text) }),
    config: async (options) =>
      loadConfig({ file: options.config, data: options.data, demonstration, cwd: data, env: {} }),
  };
  const program = new Command('tenkyo').exitOverride().configureOutput({ writeErr: (text) => err.push(text) });
  for (const register of [registerIndex, registerSearch, registerTraceText]) register(program, cli);
  await program.parseAsync([...args, '--data', data], { from: 'user' });
  return { out: out.join(''), err: err.join('') };
};
const jsonLines = async <T>(...args: string[]): Promise<T[]> =>
  (await tenkyo(...args, '--json')).out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
const json = async <T>(...args: string[]): Promise<T> => {
  const [only, ...others] = await jsonLines<T>(...args);
  expect(others).toEqual([]);
  return only!;
};

describe('index, search and trace text on the demonstration', () => {
  it('says how to build a missing index', async () => {
    await expect(tenkyo('search', '地震')).rejects.toMatchObject({
      code: 'index_missing',
      remedy: 'Build it: tenkyo index demo',
    });
  });

  it('says what it would build, and about how large', async () => {
    const [texts, tuning] = await jsonLines<{ files: readonly { name: string; passages: number }[] }>(
      'index',
      '--dry-run',
    );
    const { files, ...plan } = texts!;
    expect(tuning!.files.map(({ name }) => name)).toEqual(['demo_sft']);
    expect(plan).toMatchObject({ upToDate: false, lines: 600, estimate: { linesToRead: 600, passages: 800 } });
    expect(files.find(({ name }) => name === 'en_web')).toMatchObject({ lines: 72, passages: 144 });
    expect((await tenkyo('index', '--dry-run')).out).toMatch(
      /about 800 passages · about \d\.\d MB · about \d+ (s|min)/,
    );
  });

  it('builds the index once', async () => {
    expect(await jsonLines('index')).toMatchObject([
      { corpus: 'demo', built: true, documents: 600, rejects: { count: 0 } },
      { corpus: 'demo~tuning', built: true, rejects: { count: 0 } },
    ]);
    expect((await tenkyo('index', 'demo')).out).toContain('demo: up to date · 600 documents');
    expect(await jsonLines('index', '--dry-run')).toMatchObject([
      { upToDate: true, lines: 600, estimate: null },
      { upToDate: true, estimate: null },
    ]);
    await expect(tenkyo('index', 'other')).rejects.toMatchObject({ code: 'usage', found: 'other' });
  });

  it('finds the catfish by words and likeness, with the iteration that people quote', async () => {
    const { out } = await tenkyo('search', '地震の原因はナマズが動くことですか？', '--limit', '2');
    expect(out).toMatch(
      /^Search engine: Keyword Search \+ Vector Search \| Rank: 1 \| Source: ja_folklore \| Iteration: [\d,]+\/1,039\n/,
    );
    const [texts, tuning] = out.split(/^Tuning data \(.*\):$/m);
    expect([texts, tuning].map((part) => part?.match(/Rank: /g)?.length)).toEqual([2, 2]);
    const result = await json<SearchResult>(
      'search',
      'What causes an earthquake?',
      '--source',
      'en_encyclopedia',
      '--before-iteration',
      '100',
    );
    expect(result.run).toEqual({ name: 'demo', iterations: 1_040 });
    expect(result.engines.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
    for (const { source, reading } of result.hits) {
      expect(source).toBe('en_encyclopedia');
      expect(reading.state === 'read' && reading.first < 100).toBe(true);
    }
    expect(result.hits.length).toBeGreaterThan(0);
  });

  it('shows the 42 of 46 characters that stand in 『かぜ』, first in the list', async () => {
    const traced = await json<{ covered: number; characters: number; spans: SearchResult['spans'] }>(
      'trace',
      'text',
      coldAnswer,
    );
    expect(traced).toMatchObject({
      covered: 42,
      characters: 46,
      spans: [{ start: 4, end: 46, count: 1, documentCount: 1 }],
    });
    expect(traced.spans[0]!.documents).toMatchObject([{ source: 'ja_encyclopedia', title: 'かぜ' }]);
    const { hits } = await json<SearchResult>('search', coldAnswer);
    expect(hits[0]).toMatchObject({ title: 'かぜ', source: 'ja_encyclopedia' });
    expect(hits[0]!.engines[0]).toBe('exact');
  });

  it('says so, and exits 1, where nothing is found', async () => {
    const { out } = await tenkyo('trace', 'text', 'いいえ。地震は地下の岩盤がずれて起こります。');
    expect([out, process.exitCode]).toEqual(['Nothing of 8 or more characters stands in the corpus.\n', 1]);
    expect((await tenkyo('search', '!?', '--engine', 'keyword')).out).toContain('Nothing found in 600 documents.');
    await expect(tenkyo('search', '地震', '--engine', 'magic')).rejects.toMatchObject({
      code: 'commander.invalidArgument',
    });
  });
});
