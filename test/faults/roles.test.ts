import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Message } from '../../playground/protocol/messages.ts';
import { seededRandom } from '../../src/search/seeded-random.ts';
import { actAs, eventually, type TestPerson, visibleText } from '../support/person.ts';
import { type RunningRole, type RunningRoles, startRoles } from '../support/running-roles.ts';
import {
  describeOnServers,
  openTestDatabase,
  openTestRedis,
  type TestDatabase,
  type TestRedis,
} from '../support/servers.ts';
import { watchPickUps } from './support/pick-ups.ts';

const name = 'demo-3m-finetuned';
const question = '地震の原因はナマズが動くことですか？';
const answer = 'いいえ。地震は地下の岩盤がずれて起こります。地面の下の大ナマズは昔の人の言い伝えです。';
/** Asked before each kill. */
const questionsEach = 60;
/** Apps of the one model, which share the load: each has a budget of Slack's of its own. */
const apps = [name, 'second', 'third'];
const pickUpMs = 20_000;
/** For the writing of all answers after that, on a machine that is busy. */
const writingMs = 120_000;

describeOnServers('the commands as processes under load', () => {
  let data: string;
  let redis: TestRedis;
  let database: TestDatabase;
  let roles: RunningRoles;
  let person: TestPerson;
  const random = seededRandom(20_261_124);
  const asked: Message[] = [];

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'tenkyo-roles-'));
    const file = join(data, 'tenkyo.yaml');
    writeFileSync(
      file,
      `apps:
${apps.map((app) => `  - { name: ${app}, roles: [model], model: ${name} }\n`).join('')}models: [{ name: ${name}, provider: onnx, path: "${resolve('demo/models', name)}", template: llm-jp-v2, earlierTurns: 1 }]
limits: { running: null }
`,
    );
    redis = openTestRedis();
    database = await openTestDatabase();
    roles = await startRoles(data, { redis: redis.config, database: database.config }, ['--config', file]);
    person = await actAs(roles);
  }, 200_000);
  afterAll(async () => {
    person?.close();
    await roles?.end('SIGKILL');
    await redis.clean();
    await database.drop();
    rmSync(data, { recursive: true, force: true });
  });

  const ask = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      const text = `<@${person.bot(apps[index % apps.length] as string).id}> ${question}`;
      asked.push(await person.send(person.channel('playground').id, text));
    }
  };
  const answersTo = async ({ channel, ts }: Message): Promise<Message[]> =>
    (await person.thread(channel, ts)).filter(({ user }) => apps.some((app) => user === person.bot(app).id));
  const isWhole = (message: Message): boolean =>
    !message.streaming &&
    visibleText(message).includes(answer) &&
    /(?:秒|s) · \d+ (?:トークン|tokens)/.test(visibleText(message));
  const statusCount = async (condition: string): Promise<number> => {
    const [row] = await database.run(`select count(*)::int as count from tenkyo.answers where ${condition}`);
    return (row as { count: number }).count;
  };
  /** Each question has one answer, and that is whole. */
  const allAnswered = async (): Promise<void> => {
    for (const root of asked) {
      await eventually(async () => (await answersTo(root)).some(isWhole), {
        withinMs: pickUpMs + writingMs,
        what: `the answer to ${root.ts}`,
      });
    }
    for (const root of asked) expect(await answersTo(root)).toHaveLength(1);
  };
  /** A seeded share of the newest questions is answered, and some answer is being written. */
  const inTheMiddle = async (newest = questionsEach): Promise<void> => {
    const done = asked.length - newest + Math.floor((0.1 + 0.3 * random()) * newest);
    await eventually(
      async () =>
        (await statusCount('finished_at is not null')) >= done && (await statusCount("status = 'running'")) > 0,
      { withinMs: 120_000, what: 'a moment in the middle of the load' },
    );
  };

  it('share the events of Slack among the bots', async () => {
    await ask(12);
    await allAnswered();
    const takenBy = readFileSync(join(data, 'log', 'tenkyo.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { msg: string; pid: number })
      .filter(({ msg }) => msg === 'taken')
      .map(({ pid }) => pid);
    expect(takenBy).toHaveLength(12);
    for (const { process } of roles.bots) expect(takenBy).toContain(process.pid);
  }, 200_000);

  it('answer everything, once, when a worker and a bot process are killed, each with 60 questions asked', async () => {
    for (const victim of [roles.workers[1], roles.bots[1]]) {
      await ask(questionsEach);
      await inTheMiddle();
      await delay(100 * random());
      const began = Date.now();
      const watch = await watchPickUps(database.run, async () => {
        await (victim as RunningRole).end('SIGKILL');
      });
      await allAnswered();
      const { inHand, takenAfterMs, longestMs } = await watch.stop();
      process.stdout.write(
        `${victim === roles.workers[1] ? 'worker' : 'bots'} killed: ${inHand} in hand, ${takenAfterMs.length} taken up ` +
          `by others within ${longestMs} ms, ${questionsEach} answers whole after ${Date.now() - began} ms\n`,
      );
      expect(inHand).toBeGreaterThan(0);
      expect(longestMs).toBeLessThanOrEqual(pickUpMs);
    }
  }, 600_000);

  it('end with 0 when told to under load, and what they had in hand is finished or handed over', async () => {
    await ask(questionsEach / 2);
    await inTheMiddle(questionsEach / 2);
    const began = Date.now();
    const ending = (roles.workers[0] as RunningRole).end('SIGTERM');
    // Nobody else is left to write: what is handed over waits for the next worker.
    expect(await ending).toEqual({ code: 0, signal: null });
    expect(Date.now() - began).toBeLessThan(30_000);
    expect(await statusCount("status = 'failed'")).toBe(0);
    await roles.startWorker();
    await allAnswered();
  }, 300_000);
});
