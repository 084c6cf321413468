import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/clock.ts';
import { TenkyoError } from '../../src/errors.ts';
import { type FeedEvent, indexTopic } from '../../src/feed/feed.ts';
import { createMemoryFeed } from '../../src/feed/memory-feed.ts';
import { openIndex } from '../../src/search/embedded/open-index.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { createIndexProcessor } from './index-processor.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenkyo-index-job-'));
  await writeFile(join(folder, 'ja_web.jsonl'), '{"id":"a","text":"地震"}\n');
});
afterEach(() => rm(folder, { recursive: true }));

const setUp = (logger = createLogger({ directory: null, level: 'silent' })) => {
  const feed = createMemoryFeed({ clock: systemClock });
  const directory = join(folder, 'index');
  const process = createIndexProcessor({
    corpora: [{ name: 'demo', documents: join(folder, '*.jsonl') }],
    embedder: null,
    directory,
    clock: systemClock,
    feed,
    logger,
  });
  const run = (corpus: string, signal = new AbortController().signal) =>
    process({ corpus, after: 0 }, { attempt: 1, lastAttempt: false, signal });
  const events = async (): Promise<FeedEvent[]> => {
    const seen: FeedEvent[] = [];
    for await (const { event } of feed.read(indexTopic('demo'), { signal: AbortSignal.timeout(50) })) seen.push(event);
    return seen;
  };
  return { run, events, directory };
};

describe('createIndexProcessor', () => {
  it('builds the index and says how far it is', async () => {
    const { run, events, directory } = setUp();
    await run('demo');
    const index = await openIndex({ directory, corpus: 'demo', embedder: null, clock: systemClock });
    expect(index.facts).toMatchObject({ documents: 1 });
    await index.close();
    const seen = await events();
    expect(seen.map(({ type }) => type)).toEqual(['started', ...seen.slice(1, -1).map(() => 'progress'), 'finished']);
    expect(seen).toContainEqual({ type: 'progress', attempt: 1, step: 'index_texts', done: 1, total: 1 });
  });

  it('names the file of the lines that are no documents', async () => {
    await writeFile(join(folder, 'en_web.jsonl'), '{"text":\n');
    const told: { rejects: number; rejectsFile?: string }[] = [];
    const logger = createLogger({ directory: null, level: 'silent' });
    logger.info = (facts: unknown) => void told.push(facts as (typeof told)[number]);
    await setUp(logger).run('demo');
    expect(told).toMatchObject([{ corpus: 'demo', documents: 1, rejects: 1 }]);
    expect(await readFile(told[0]!.rejectsFile!, 'utf8')).toMatch(
      /^\{"file":".*en_web.jsonl","line":1,"reason":"not JSON/,
    );
  });

  it('ends with the reason when it is aborted, and refuses a corpus that nobody declared', async () => {
    const { run } = setUp();
    const shutdown = new TenkyoError('shutdown', 'stopping');
    await expect(run('demo', AbortSignal.abort(shutdown))).rejects.toBe(shutdown);
    await expect(run('other')).rejects.toMatchObject({ code: 'not_found', where: 'other' });
  });
});
