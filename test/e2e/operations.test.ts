import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPglite } from '../../src/store/pglite/open-pglite.ts';
import { actAs, eventually, visibleText } from '../support/person.ts';
import { type RunningTenkyo, startTenkyo } from '../support/running-tenkyo.ts';

const password = 'marked-operator-password';
const question = '地震の原因はナマズが動くことですか？';
const login = { authorization: `Basic ${Buffer.from(`operator:${password}`).toString('base64')}` };

describe('running the product', () => {
  let data: string;
  let tenkyo: RunningTenkyo | null;
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'tenkyo-operations-'));
    tenkyo = null;
  });
  afterEach(async () => {
    await tenkyo?.end('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  });

  const log = (): Record<string, unknown>[] =>
    readFileSync(join(data, 'log', 'tenkyo.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const operator = async (): Promise<string> =>
    eventually(() => log().find(({ msg }) => msg === "the operator's port is open")?.url as string | undefined);

  /** Everything that a run leaves behind or shows: output, log, arguments, what the queues hold. */
  const traces = async (running: RunningTenkyo): Promise<string> => {
    const shown = [running.output(), readFileSync(`/proc/${running.pid}/cmdline`, 'utf8')];
    await running.end('SIGTERM');
    const folder = join(data, 'log');
    shown.push(...readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')));
    const database = await openPglite({ directory: join(data, 'database') });
    try {
      const { rows } = await database.pglite.query<{ name: string }>(
        "select table_name as name from information_schema.tables where table_schema = 'bullmq'",
      );
      expect(rows.length).toBeGreaterThan(2);
      for (const { name } of rows)
        shown.push(JSON.stringify((await database.pglite.query(`select * from bullmq."${name}"`)).rows));
    } finally {
      await database.close();
    }
    return shown.join('\n');
  };
  const askAndSearch = async (running: RunningTenkyo, searched: RegExp): Promise<void> => {
    const hanako = await actAs(running);
    try {
      const bot = hanako.bot('demo-3m-finetuned').id;
      const root = await hanako.send(hanako.channel('playground').id, `<@${bot}> ${question}`);
      const saying = (app: string, what: RegExp) =>
        eventually(
          async () =>
            (await hanako.thread(root.channel, root.ts)).find(
              (message) => message.user === hanako.bot(app).id && !message.streaming && what.test(visibleText(message)),
            ),
          { withinMs: 60_000, what: `${app} saying ${what}` },
        );
      const answer = await saying('demo-3m-finetuned', /トークン/);
      await hanako.react(answer, 'mag');
      await saying('tenkyo-search', searched);
    } finally {
      hanako.close();
    }
  };

  it('shows health, metrics and the board on a port of its own, and leaves no secret and no word of a person', async () => {
    tenkyo = await startTenkyo(data, {
      env: { OPERATOR_LISTEN: '127.0.0.1:0', OPERATOR_PASSWORD: password, EMBEDDING_API_KEY: 'marked-embedding-key' },
    });
    const url = await operator();
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { ready: true, parts: { records: { ready: true }, queues: { ready: true } } },
    ]);
    await askAndSearch(tenkyo, /Rank: 1/);

    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    const text = await (await fetch(`${url}/metrics`, { headers: login })).text();
    const value = (line: RegExp): number => Number(new RegExp(`^${line.source} (\\S+)$`, 'm').exec(text)?.[1]);
    expect(value(/tenkyo_tokens_total\{model="demo-3m-finetuned"\}/)).toBeGreaterThan(5);
    expect(value(/tenkyo_first_token_seconds_count\{model="demo-3m-finetuned"\}/)).toBe(1);
    expect(value(/tenkyo_queue_wait_seconds_count\{queue="generate-demo-3m-finetuned"\}/)).toBe(1);
    expect(value(/tenkyo_job_seconds_count\{queue="search",outcome="done"\}/)).toBe(1);
    expect(value(/tenkyo_search_seconds_count\{engine="keyword",status="ok"\}/)).toBe(1);
    expect(value(/tenkyo_slack_calls_total\{method="chat.startStream",outcome="ok"\}/)).toBe(1);
    expect(value(/tenkyo_queue_jobs\{queue="search",state="waiting"\}/)).toBe(0);
    // A mention comes as two events; the second is known already.
    expect(value(/tenkyo_events_duplicate_total\{kind="question"\}/)).toBe(1);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    for (const name of ['jobs_stalled', 'jobs_fenced']) expect(text).toContain(`# TYPE tenkyo_${name}_total counter`);

    expect((await fetch(`${url}/board`)).status).toBe(401);
    const board = await fetch(`${url}/board`, { headers: login });
    expect([board.status, await board.text()]).toEqual([200, expect.stringContaining('Tenkyo')]);
    const queues = await fetch(`${url}/board/api/queues?activeQueue=search&page=1&jobsPerPage=10`, { headers: login });
    expect(queues.status).toBe(200);
    expect(await queues.json()).toMatchObject({
      queues: expect.arrayContaining([expect.objectContaining({ name: 'search', readOnlyMode: true })]),
    });
    const clean = `${url}/board/api/queues/search/clean/completed`;
    expect((await fetch(clean, { method: 'PUT', headers: { ...login, origin: url } })).status).toBe(405);

    const taken = log().find(({ msg, kind }) => msg === 'taken' && kind === 'question');
    const written = log().find(({ msg }) => msg === 'answer written');
    expect(taken?.id).toEqual(expect.any(String));
    expect(written).toMatchObject({ id: taken?.id, status: 'done' });

    const left = await traces(tenkyo);
    tenkyo = null;
    expect(left).toContain(`generate-${taken?.id as string}`);
    expect(left).not.toMatch(/marked-|xox[a-z]-|xapp-|Basic [A-Za-z0-9]/);
    expect(left).not.toContain('ナマズ');
  }, 180_000);

  it('leaves no secret where servers fail that are addressed with one', async () => {
    tenkyo = await startTenkyo(data, {
      env: {
        ELASTICSEARCH_URL: 'http://elastic:marked-password@127.0.0.1:9',
        ELASTICSEARCH_API_KEY: 'marked-key',
        QDRANT_URL: 'http://127.0.0.1:9',
        QDRANT_API_KEY: 'marked-qdrant-key',
        TENKYO_DEBUG: '1',
      },
    });
    await askAndSearch(tenkyo, /./);
    await eventually(() => log().some(({ level, err }) => Number(level) >= 40 && err !== undefined), {
      withinMs: 30_000,
    });
    const left = await traces(tenkyo);
    tenkyo = null;
    expect(left).toMatch(/127\.0\.0\.1:9/);
    expect(left).not.toMatch(/marked-|xox[a-z]-|xapp-/);
    expect(left).not.toContain('ナマズ');
  }, 180_000);
});
