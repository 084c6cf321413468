import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Message } from '../../playground/protocol/messages.ts';
import { actAs, buttonOf, eventually, type TestPerson, visibleText } from '../support/person.ts';
import { type RunningTenkyo, runTenkyo, startTenkyo } from '../support/running-tenkyo.ts';

const bot = 'demo-3m-finetuned';
let data: string;
let tenkyo: RunningTenkyo;
let hanako: TestPerson;

/** The nth message of the bot in the thread, once it says what is looked for. */
const answer = (root: Message, expected: RegExp, nth = 1): Promise<Message> =>
  eventually(
    async () => {
      const all = (await hanako.thread(root.channel, root.ts)).filter(
        ({ user, ts }) => user === hanako.bot(bot).id && ts !== root.ts,
      );
      const message = all[nth - 1];
      return message && !message.streaming && expected.test(visibleText(message)) && message;
    },
    { what: `${bot} saying ${expected}` },
  );
const ask = (text: string): Promise<Message> =>
  hanako.send(hanako.channel('playground').id, `<@${hanako.bot(bot).id}> ${text}`);

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'tenkyo-grounded-'));
  // The index first: a question may come before `up` has made it.
  expect(await runTenkyo(['index', '--data', data])).toMatchObject({ code: 0 });
  tenkyo = await startTenkyo(data);
  hanako = await actAs(tenkyo);
  // Two processes start, one after the other.
}, 180_000);
afterAll(async () => {
  hanako?.close();
  await tenkyo?.end('SIGTERM');
  rmSync(data, { recursive: true, force: true });
});

it('answers from the corpus with its sources and their iterations', async () => {
  const said = visibleText(await answer(await ask('かぜに抗生物質は効きますか？ --grounded'), /Iteration/));
  expect(said).toMatch(/「抗生物質は細菌の薬なので、かぜには効きません。」 \[(\d)\]/);
  expect(said).toMatch(/\[\d\] Source: ja_encyclopedia \| Iteration: [\d,]+\/1,039 · かぜ/);
  expect(said).toContain('資料からの引用');
});

it('says that the corpus has nothing, and answers without it on request', async () => {
  const root = await ask('ビットコインの発行上限は何枚ですか？ --grounded');
  const refused = await answer(root, /記述は見つかりませんでした/);
  expect(visibleText(refused)).toContain('600 文書');
  await hanako.use(refused, buttonOf(refused.blocks ?? [], /answer_ungrounded/));
  expect(visibleText(await answer(root, /トークン/, 2))).not.toMatch(/資料にもとづく|Iteration/);
});

it('answers the same way in the terminal', async () => {
  const args = ['--grounded', '--data', data];
  const { code, stdout } = await runTenkyo(['ask', 'かぜに抗生物質は効きますか？', ...args]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\[\d\] Source: ja_encyclopedia \| Iteration: [\d,]+\/1,039 · かぜ$/m);
  const refused = await runTenkyo(['ask', 'ビットコインの発行上限は何枚ですか？', ...args, '--json']);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({ mode: 'refused', answer: '', sources: [] });
});
