import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { actAs, eventually, type TestPerson } from '../support/person.ts';
import { type RunningTenkyo, runTenkyo, startTenkyo } from '../support/running-tenkyo.ts';

const question = '地震の原因はナマズが動くことですか？';
const better = 'いいえ。\u2028地下の岩盤が\nずれて起こります。\u0000\ud800';

let data: string;
let tenkyo: RunningTenkyo;
let hanako: TestPerson;
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'tenkyo-export-'));
  tenkyo = await startTenkyo(data);
  hanako = await actAs(tenkyo);
});
afterAll(async () => {
  hanako?.close();
  await tenkyo?.end('SIGTERM');
  rmSync(data, { recursive: true, force: true });
});

const exported = async (...args: string[]) => {
  const { code, stdout, stderr } = await runTenkyo(['export', ...args, '--data', data]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const lines = stdout.split('\n').slice(0, -1);
  return { stdout, stderr, objects: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
};

it('gives an empty folder nothing', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'tenkyo-export-'));
  const { code, stdout, stderr } = await runTenkyo(['export', 'answers', '--data', empty]);
  rmSync(empty, { recursive: true });
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).toContain('There are no records yet');
});

it('exports what a person said, from the living process and, the same, from the folder', async () => {
  const asked = await hanako.send(
    hanako.channel('playground').id,
    `<@${hanako.bot('demo-3m-finetuned').id}> ${question}`,
  );
  const [answer] = await eventually(
    async () => {
      const answers = (await hanako.thread(asked.channel, asked.ts)).filter(({ ts }) => ts !== asked.ts);
      return answers.some(({ blocks }) => JSON.stringify(blocks).includes('answer_feedback')) && answers;
    },
    { what: 'the answer' },
  );
  const block = answer?.blocks.find(({ type }) => type === 'context_actions');
  const value = /"value":"(down:[^"]+)"/.exec(JSON.stringify(block))?.[1] ?? '';
  await hanako.use(answer ?? asked, {
    type: 'feedback_buttons',
    action_id: 'answer_feedback',
    block_id: block?.block_id ?? '',
    value,
  });
  const form = await eventually(() => {
    const opened = hanako.live.find(({ type }) => type === 'view_opened');
    return opened?.type === 'view_opened' && opened.view;
  });
  await hanako.submit(form, {
    tags: { tags: { type: 'checkboxes', selected_options: [{ value: 'wrong_fact' }] } },
    comment: { comment: { type: 'plain_text_input', value: null } },
    better: { better: { type: 'plain_text_input', value: better } },
  });
  const kept = 'いいえ。\u2028地下の岩盤が\nずれて起こります。';
  const { url, token } = JSON.parse(readFileSync(join(data, 'process.json'), 'utf8')).control as {
    url: string;
    token: string;
  };
  const records = async (headers: Record<string, string>): Promise<Response> =>
    fetch(`${url}/records/feedback`, { headers });
  expect((await records({ authorization: 'Bearer wrong' })).status).toBe(401);
  await eventually(async () => (await (await records({ authorization: `Bearer ${token}` })).text()).includes('岩盤が'));

  const told = async () => ({
    answers: await exported('answers'),
    dpo: await exported('feedback', '--format', 'dpo'),
    named: await exported('feedback', '--identities'),
  });
  const living = await told();
  expect(living.answers.objects).toMatchObject([{ question, model: 'demo-3m-finetuned', status: 'done' }]);
  expect(JSON.stringify(living.dpo.objects[0]?.chosen)).toContain(JSON.stringify(kept).slice(1, -1));
  expect(living.dpo.objects[0]).toMatchObject({
    prompt: [{ role: 'user', content: question }],
    tags: ['wrong_fact'],
    rejected: [{ role: 'assistant', content: living.answers.objects[0]?.answer }],
  });
  expect(living.named.objects[0]).toMatchObject({ user: hanako.me.id, answer_id: value.slice('down:'.length) });
  for (const { stdout } of [living.answers, living.dpo]) {
    expect(stdout).not.toContain(hanako.me.id);
    expect(stdout).not.toContain(asked.channel);
  }
  expect(living.dpo.objects[0]?.user).toBe(living.answers.objects[0]?.user);
  expect(statSync(join(data, 'export.key')).mode & 0o777).toBe(0o600);

  expect((await tenkyo.end('SIGTERM')).code).toBe(0);
  const dead = await told();
  for (const key of ['answers', 'dpo', 'named'] as const) expect(dead[key].stdout).toBe(living[key].stdout);
}, 180_000);

it('says which formats there are', async () => {
  const { code, stderr } = await runTenkyo(['export', 'answers', '--format', 'dpo', '--data', data]);
  expect(code).toBe(2);
  expect(stderr).toContain('answers cannot be exported as dpo');
});
