import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PacedServer, startPacedServer } from '../support/paced/paced-server.ts';
import { actAs, eventually, type TestPerson, visibleText } from '../support/person.ts';
import { startRoles } from '../support/running-roles.ts';
import { type RunningTenkyo, startTenkyo } from '../support/running-tenkyo.ts';
import {
  describeOnServers,
  openTestDatabase,
  openTestRedis,
  type TestDatabase,
  type TestRedis,
} from '../support/servers.ts';

const questions = 10;

/** Somebody with ten questions and somebody with one, on a model that writes one answer at a time. */
const fairOrder = (
  name: string,
  { start, limits }: { start(data: string, args: readonly string[]): Promise<RunningTenkyo>; limits: string },
): void =>
  describe(name, () => {
    let folder: string;
    let server: PacedServer;
    let tenkyo: RunningTenkyo;
    let hanako: TestPerson;
    let alex: TestPerson;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'tenkyo-fair-'));
      const answer = () => Array.from({ length: 12 }, (_, at) => `${(at * 7919) % 1009}、`);
      server = await startPacedServer({ dialect: 'vllm', tokensPerSecond: 12, answer });
      const config = join(folder, 'tenkyo.yaml');
      writeFileSync(
        config,
        `
apps: [{ name: lab-bot, roles: [model], model: lab-13b }]
models:
  - { name: lab-13b, provider: openai, baseUrls: ["${server.url}"], apiModel: served-model, concurrency: 1 }
${limits}
`,
      );
      tenkyo = await start(join(folder, 'data'), ['--config', config]);
      hanako = await actAs(tenkyo, 'hanako');
      alex = await actAs(tenkyo, 'alex');
    }, 200_000);
    afterAll(async () => {
      hanako?.close();
      alex?.close();
      await tenkyo?.end('SIGTERM');
      await server?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it('are both answered, the one without waiting for the ten', async () => {
      const bot = hanako.bot('lab-bot').id;
      const channel = hanako.channel('playground').id;
      const many = [];
      for (let at = 1; at <= questions; at += 1) many.push(await hanako.send(channel, `<@${bot}> 花子の質問 ${at}`));
      const one = await alex.send(channel, `<@${bot}> the question of Alex`);
      const before = server.requests.length;
      for (const root of [...many, one]) {
        await eventually(
          async () =>
            (await hanako.thread(root.channel, root.ts)).some(
              (message) => message.user === bot && !message.streaming && /トークン|tokens/.test(visibleText(message)),
            ),
          { withinMs: 90_000, what: `the answer to ${root.text}` },
        );
      }
      const asked = server.requests.map(({ body }) => JSON.stringify(body.messages));
      expect(asked).toHaveLength(questions + 1);
      const place = asked.findIndex((messages) => messages.includes('Alex'));
      // After what had its turn by then, which two workers may just be taking up; of the other eight after none.
      expect(place - before).toBeLessThanOrEqual(2);
      const mine = asked.flatMap((messages) => /花子の質問 (\d+)/.exec(messages)?.[1] ?? []).map(Number);
      expect(mine.toSorted((a, b) => a - b)).toEqual(Array.from({ length: questions }, (_, at) => at + 1));
    }, 200_000);
  });

fairOrder('ten questions and one, in one process', {
  start: (data, args) => startTenkyo(data, { args }),
  limits: '',
});
fairOrder('ten questions and one, with nothing held back', {
  start: (data, args) => startTenkyo(data, { args }),
  limits: 'limits: { running: null }',
});

describeOnServers('as processes of their own', () => {
  let redis: TestRedis;
  let database: TestDatabase;
  beforeAll(async () => {
    redis = openTestRedis();
    database = await openTestDatabase();
  });
  afterAll(async () => {
    await redis?.clean();
    await database?.drop();
  });
  const start = (data: string, args: readonly string[]) =>
    startRoles(data, { redis: redis.config, database: database.config }, args);
  fairOrder('ten questions and one, with two bots and two workers', { start, limits: '' });
});
