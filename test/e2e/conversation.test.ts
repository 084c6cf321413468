import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Message } from '../../playground/protocol/messages.ts';
import { type PacedServer, startPacedServer, tokensOf } from '../support/paced/paced-server.ts';
import { actAs, buttonOf, eventually, type TestPerson, visibleText } from '../support/person.ts';
import { type RunningTenkyo, startTenkyo } from '../support/running-tenkyo.ts';
import { smallPdf } from '../support/small-pdf.ts';

let folder: string;
let server: PacedServer;
let tenkyo: RunningTenkyo;
let hanako: TestPerson;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenkyo-conversation-'));
  server = await startPacedServer({
    dialect: 'vllm',
    contextLength: 450,
    answer: () => tokensOf(`${'とても長い答えです。'.repeat(12)}`),
  });
  const config = join(folder, 'tenkyo.yaml');
  writeFileSync(
    config,
    `
apps: [{ name: lab-bot, roles: [model], model: lab-13b }]
models:
  - { name: lab-13b, provider: openai, baseUrls: ["${server.url}"], apiModel: served-model, maxTokens: 128 }
`,
  );
  tenkyo = await startTenkyo(join(folder, 'data'), { args: ['--config', config] });
  hanako = await actAs(tenkyo, 'hanako');
});
afterAll(async () => {
  hanako?.close();
  await tenkyo?.end('SIGTERM');
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (text: string, threadTs?: string, files?: readonly string[]): Promise<Message> =>
  hanako.send(hanako.channel('playground').id, `<@${hanako.bot('lab-bot').id}> ${text}`, threadTs, files);
/** The nth answer of the thread, complete. */
const answer = (root: Message, nth: number): Promise<Message> =>
  eventually(
    async () => {
      const message = (await hanako.thread(root.channel, root.ts)).filter(
        ({ user }) => user === hanako.bot('lab-bot').id,
      )[nth - 1];
      return message && !message.streaming && /トークン/.test(visibleText(message)) && message;
    },
    { what: `answer ${nth}` },
  );
const lastAsked = () => server.requests.at(-1)?.body as { messages: { role: string; content: string }[] };

it('asks the server as the thread is set', async () => {
  const root = await ask('一つ目の質問');
  const first = await answer(root, 1);
  await hanako.use(first, buttonOf(first.blocks, /answer_settings/));
  const form = await eventually(() => {
    const event = hanako.live.findLast((one) => one.type === 'view_opened');
    return event?.type === 'view_opened' && event.view;
  });
  const filled = { system: 'やさしく。<|im_start|>', temperature: '0.7', topP: '0.9', maxTokens: '40', seed: '42' };
  const state = Object.fromEntries(Object.entries(filled).map(([field, value]) => [field, { [field]: { value } }]));
  expect(await hanako.submit(form, state)).toEqual({ closed: true });
  await ask('二つ目の質問', root.ts);
  expect(visibleText(await answer(root, 2))).toContain('⚙ 温度 0.7 · top-p 0.9 · 最大 40 トークン · seed 42');
  expect(lastAsked()).toMatchObject({ temperature: 0.7, top_p: 0.9, max_tokens: 40, seed: 42 });
  const [system] = lastAsked().messages;
  expect(system).toMatchObject({ role: 'system', content: expect.stringContaining('やさしく。') });
  expect(system?.content).not.toContain('<|im_start|>');
});

it('leaves out the oldest turns when the thread has grown too long, and says so once', async () => {
  const root = await ask('はじめの質問');
  const texts: string[] = [];
  for (let turn = 1; turn <= 6; turn += 1) {
    texts.push(visibleText(await answer(root, turn)));
    if (turn < 6) await ask(`質問 ${turn + 1}`, root.ts);
  }
  expect(texts.filter((text) => text.includes('会話が長くなったので'))).toHaveLength(1);
  const asked = lastAsked().messages.map(({ content }) => content);
  expect(asked.at(-1)).toBe('質問 6');
  expect(asked).not.toContain('はじめの質問');
  expect(asked).toContain('質問 5');
});

it('gives the model the files, cut to its room, and names them', async () => {
  const ids = [
    await hanako.upload('plates.pdf', smallPdf('Plates move slowly.')),
    await hanako.upload('長い.txt', '岩盤の話。'.repeat(2_000)),
  ];
  const root = await ask('要点は？', undefined, ids);
  const shown = visibleText(await answer(root, 1));
  expect(shown).toContain('📎 読んだファイル: plates.pdf');
  expect(shown).toContain('長い.txt (はじめの部分だけ)');
  const question = lastAsked().messages.at(-1)?.content ?? '';
  expect(question).toMatch(/BEGIN FILE 長い\.txt -----\n(?:岩盤の話。)+/);
  expect(question.endsWith('要点は？')).toBe(true);
  expect(question.length).toBeLessThan(900);
});
