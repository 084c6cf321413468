import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Run } from './run.ts';
import { findDocuments, readDocuments } from './run-documents.ts';

describe('the documents of a run', () => {
  let folder: string;
  let run: Run;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-documents-'));
    const dataset = (source: string, corpus: string | null) => ({
      source,
      prefix: join(folder, source),
      corpus: corpus && join(folder, corpus),
      expected: { documents: null, tokens: null },
    });
    run = {
      name: 'lab',
      file: join(folder, 'run.json'),
      datasets: [dataset('ja_wiki', 'wiki-dump.jsonl'), dataset('ja_cc', null), dataset('en_wiki', 'en.jsonl')],
      phases: [],
      texts: [],
      unorderedPhases: [],
      tokenizer: null,
    };
    const line = (id: string, title: string) => `${JSON.stringify({ id, text: `${title}。`, meta: { title } })}\n`;
    writeFileSync(join(folder, 'wiki-dump.jsonl'), line('a', '地震') + line('b', '岩盤') + line('a', '再び'));
    writeFileSync(join(folder, 'en.jsonl'), `${line('c', 'Rock')}{"id":"d",\n${line('e', 'Sand')}`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('finds a document by its own id, under the source that the run names', async () => {
    expect(await findDocuments(run, 'b')).toMatchObject([{ source: 'ja_wiki', sequence: 1, title: '岩盤' }]);
    expect(await findDocuments(run, 'a')).toMatchObject([{ source: 'ja_wiki', sequence: 0, title: '地震' }]);
  });

  it('counts a broken line as a line', async () => {
    expect(await findDocuments(run, 'e')).toMatchObject([{ source: 'en_wiki', sequence: 2, title: 'Sand' }]);
  });

  it('names the file and line that may have held an id it did not find', async () => {
    await expect(findDocuments(run, 'd')).rejects.toMatchObject({
      code: 'file_corrupt',
      where: `${join(folder, 'en.jsonl')}, line 2`,
      found: expect.stringContaining('not JSON'),
    });
  });

  it('says where it looked in vain', async () => {
    const whole = { ...run, datasets: run.datasets.slice(0, 2) };
    await expect(findDocuments(whole, 'x')).rejects.toMatchObject({
      code: 'not_found',
      where: join(folder, 'wiki-dump.jsonl'),
    });
    const undeclared = { ...run, datasets: run.datasets.slice(1, 2) };
    await expect(findDocuments(undeclared, 'x')).rejects.toMatchObject({ code: 'not_found', where: run.file });
  });

  it('says when a corpus file is missing', async () => {
    rmSync(join(folder, 'en.jsonl'));
    await expect(findDocuments(run, 'x')).rejects.toMatchObject({
      code: 'file_missing',
      where: join(folder, 'en.jsonl'),
    });
  });

  it('reads documents by source and sequence, null where there is nothing to read', async () => {
    const wanted = [
      { source: 'ja_wiki', sequence: 2 },
      { source: 'en_wiki', sequence: 0 },
      { source: 'en_wiki', sequence: 1 },
      { source: 'ja_cc', sequence: 0 },
    ];
    const lookUp = await readDocuments(run, wanted);
    expect(wanted.map((document) => lookUp(document)?.title ?? null)).toEqual(['再び', 'Rock', null, null]);
  });
});
