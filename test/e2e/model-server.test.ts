import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PacedServer, startPacedServer } from '../support/paced/paced-server.ts';
import { actAs, eventually, type TestPerson, visibleText } from '../support/person.ts';
import { type RunningTenkyo, startTenkyo } from '../support/running-tenkyo.ts';

describe('a model on a server', () => {
  let folder: string;
  let server: PacedServer;
  let tenkyo: RunningTenkyo;
  let hanako: TestPerson;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tenkyo-served-'));
    server = await startPacedServer({ dialect: 'vllm', tokensPerSecond: 100 });
    const config = join(folder, 'tenkyo.yaml');
    writeFileSync(
      config,
      `
apps: [{ name: lab-bot, roles: [model], model: lab-13b }, { name: steering, roles: [admin] }]
models:
  - { name: lab-13b, provider: openai, baseUrls: ["${server.url}"], apiModel: served-model, idleSeconds: 1 }
`,
    );
    tenkyo = await startTenkyo(join(folder, 'data'), {
      args: ['--config', config],
      env: { LAB_13B_API_KEY: 'sk-hunter2' },
    });
    hanako = await actAs(tenkyo);
  });
  afterAll(async () => {
    hanako?.close();
    await tenkyo?.end('SIGTERM');
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Texts of the bot in the thread of a new question, once none is being written and one matches. */
  const ask = async (question: string, expected: RegExp): Promise<string[]> => {
    const bot = hanako.bot('lab-bot').id;
    const root = await hanako.send(hanako.channel('playground').id, `<@${bot}> ${question}`);
    let seen: string[] = [];
    return eventually(
      async () => {
        const replies = (await hanako.thread(root.channel, root.ts)).filter(({ user }) => user === bot);
        seen = replies.map(visibleText);
        return replies.length > 0 &&
          replies.every(({ streaming }) => !streaming) &&
          seen.some((text) => expected.test(text))
          ? seen
          : null;
      },
      { what: () => `${expected}; last: ${JSON.stringify(seen)}` },
    );
  };

  it('answers in the thread, asked as a chat with the key, its tokens told', async () => {
    const [text, ...others] = await ask('富士山の高さは？', /トークン/);
    expect(text).toContain('あなたの質問は「富士山の高さは？」でした🌋。');
    expect(others).toEqual([]);
    expect(server.requests).toMatchObject([
      {
        path: '/v1/chat/completions',
        authorization: 'Bearer sk-hunter2',
        body: { model: 'served-model' },
        end: 'done',
      },
    ]);
  });

  it('says in the thread that the model stopped half-way when the server closes without a finish reason', async () => {
    server.misbehave({ kind: 'no-finish', after: 6 }, 'always');
    const before = server.requests.length;
    const texts = await ask('琵琶湖の広さは？', /モデルが途中で止まりました/);
    expect(texts.filter((text) => text.includes('モデルが途中で止まりました'))).toHaveLength(1);
    expect(server.requests.length).toBeGreaterThan(before);
    server.behave();
  });

  it('gives one whole answer when the server failed once before its first word', async () => {
    server.misbehave({ kind: 'status', status: 503 });
    const texts = await ask('信濃川の長さは？', /トークン/);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain('あなたの質問は「信濃川の長さは？」でした🌋。');
  });

  it('tells an admin in /tenkyo status whether the server is up now, and what it is', async () => {
    const status = async (expected: RegExp): Promise<string> => {
      let seen = '';
      return eventually(
        async () => {
          const before = hanako.live.length;
          await hanako.command(hanako.channel('playground').id, '/tenkyo', 'status');
          await eventually(() => hanako.live.length > before);
          const event = hanako.live.findLast(
            (one) => one.type === 'message' && one.message.ephemeralFor === hanako.me.id,
          );
          seen = event?.type === 'message' ? visibleText(event.message) : '';
          return expected.test(seen) && seen;
        },
        { withinMs: 40_000, what: () => `${expected}; last: ${seen}` },
      );
    };
    const { host } = new URL(server.url);
    expect(await status(/🟢 \*lab-13b\*　稼働中/)).toContain(`サーバー ${host} ✓`);
    server.setHealth(503);
    expect(await status(/🔴 \*lab-13b\*　停止中/)).toContain(`*lab-13b*: サーバーに接続できません (${host})`);
    server.setHealth(200);
    await status(/🟢 \*lab-13b\*　稼働中/);
  }, 120_000);

  it('shows the key nowhere in its output', () => {
    expect(tenkyo.output()).not.toContain('hunter2');
  });
});
