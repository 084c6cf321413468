import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ElementAction, View } from '../../playground/protocol/interactions.ts';
import type { Message } from '../../playground/protocol/messages.ts';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { eventually, type TestPerson } from '../support/person.ts';
import { readBlocks } from '../support/read-blocks.ts';

let bots: BotsWorkspace;
beforeAll(async () => {
  bots = await startBotsWorkspace();
});
afterAll(() => bots?.close());

const team = (): string => bots.hanako.bootstrap.team.id;

const answered = async (): Promise<{ id: string; message: Message }> => {
  const question = await bots.hanako.send(
    bots.hanako.channel('playground').id,
    `<@${bots.hanako.bot('demo-model').id}> 地震の原因は？`,
  );
  const id = await bots.answer('ナマズです。');
  const [message] = await bots.replies('demo-model', question, 1);
  return { id, message: message as Message };
};
const press = (person: TestPerson, { id, message }: { id: string; message: Message }, verdict: 'up' | 'down') => {
  const block = message.blocks.find(({ type }) => type === 'context_actions');
  const action: ElementAction = {
    type: 'feedback_buttons',
    action_id: 'answer_feedback',
    block_id: block?.block_id ?? '',
    value: `${verdict}:${id}`,
  };
  return person.use(message, action);
};
const formOf = (person: TestPerson, nth: number): Promise<View> =>
  eventually(
    () => {
      const opened = person.live.filter((event) => event.type === 'view_opened')[nth];
      return opened?.type === 'view_opened' && opened.view;
    },
    { what: 'the form', withinMs: 10_000 },
  );
const fill = (tags: readonly string[], comment: string | null, better: string | null) => ({
  tags: { tags: { type: 'checkboxes', selected_options: tags.map((value) => ({ value })) } },
  comment: { comment: { type: 'plain_text_input', value: comment } },
  better: { better: { type: 'plain_text_input', value: better } },
});
const kept = (id: string, user: string, verdict: string) =>
  eventually(
    async () => {
      const found = await bots.store.feedback.get(team(), id, user);
      return found?.verdict === verdict && found;
    },
    { what: `${verdict} of ${user}`, withinMs: 10_000 },
  );

it('records 👍 at once and says so, and the notice once a person, in their language', async () => {
  const answer = await answered();
  await press(bots.alex, answer, 'up');
  expect(await kept(answer.id, bots.alex.me.id, 'up')).toMatchObject({ tags: [], comment: '', better: '' });
  expect(await bots.whisper(bots.alex, /recorded and may be used/)).toContain('This notice is shown once.');
  const notices = (person: TestPerson): number =>
    person.live.filter((event) => event.type === 'message' && /一度だけ|shown once/.test(event.message.text)).length;
  await press(bots.alex, answer, 'up');
  await bots.whisper(bots.alex, /^👍 recorded/);
  expect(notices(bots.alex)).toBe(1);
  // Who asked was told when they asked.
  expect(notices(bots.hanako)).toBe(1);
});

it('records 👎 before its form is sent, keeps what the form says, and lets it be changed', async () => {
  const answer = await answered();
  const { hanako } = bots;
  await press(hanako, answer, 'down');
  await kept(answer.id, hanako.me.id, 'down');
  const form = await formOf(hanako, 0);
  expect(readBlocks(form.blocks)).toContain('👎 を記録しました');
  expect(readBlocks(form.blocks)).toContain('> ナマズです。');
  const hostile = '<!channel> 嘘\n\u2028 "x"';
  expect(await hanako.submit(form, fill(['wrong_fact', 'repeats'], hostile, ' 岩盤がずれるからです。 '))).toEqual({
    closed: true,
  });
  const said = { tags: ['wrong_fact', 'repeats'], comment: hostile, better: '岩盤がずれるからです。' };
  await eventually(async () => (await bots.store.feedback.get(team(), answer.id, hanako.me.id))?.better);
  expect(await kept(answer.id, hanako.me.id, 'down')).toMatchObject(said);

  await press(hanako, answer, 'down');
  const again = JSON.stringify((await formOf(hanako, 1)).blocks);
  expect(again).toContain('"initial_value":"岩盤がずれるからです。"');
  expect(again).toMatch(/"initial_options":\[.*wrong_fact.*repeats/);
  expect(await kept(answer.id, hanako.me.id, 'down')).toMatchObject(said);

  await press(hanako, answer, 'up');
  expect(await kept(answer.id, hanako.me.id, 'up')).toMatchObject({ tags: [], comment: '', better: '' });
  await press(bots.alex, answer, 'down');
  await kept(answer.id, bots.alex.me.id, 'down');
  expect(readBlocks((await formOf(bots.alex, 0)).blocks)).toContain('👎 recorded.');
  expect(await bots.store.feedback.counts({ team: team(), user: hanako.me.id })).toEqual([
    { model: 'demo-model-weights', up: 1, down: 0 },
  ]);
});
