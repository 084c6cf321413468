import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { View } from '../../playground/protocol/interactions.ts';
import type { Message } from '../../playground/protocol/messages.ts';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { buttonOf, eventually, type TestPerson } from '../support/person.ts';
import { readBlocks } from '../support/read-blocks.ts';

let bots: BotsWorkspace;
beforeAll(async () => {
  bots = await startBotsWorkspace();
});
afterAll(() => bots?.close());

const read = (message: Message | undefined): string => readBlocks(message?.blocks);
const ask = (person: TestPerson, text: string, threadTs?: string): Promise<Message> =>
  person.send(person.channel('playground').id, `<@${person.bot('demo-model').id}> ${text}`, threadTs);
/** The modal that opens for the person after `act`. */
const modalAfter = async (person: TestPerson, act: () => Promise<void>): Promise<View> => {
  const before = person.live.length;
  await act();
  return eventually(() => {
    const event = person.live.slice(before).find((one) => one.type === 'view_opened');
    return event?.type === 'view_opened' && event.view;
  });
};
const press = (person: TestPerson, answer: Message | undefined) =>
  modalAfter(person, () => person.use(answer as Message, buttonOf(answer?.blocks ?? [], /answer_settings/)));
const filled = (fields: Record<string, string>) =>
  Object.fromEntries(
    ['system', 'temperature', 'topP', 'maxTokens', 'seed'].map((field) => [
      field,
      { [field]: { type: 'plain_text_input', value: fields[field] ?? null } },
    ]),
  );
const settingsOf = async (id: string) => (await bots.store.answers.get(id))?.settings;

it('asks as a thread is set, from the next answer on, and says so under the answer', async () => {
  const { hanako } = bots;
  const root = await ask(hanako, '質問');
  const first = await bots.answer('一つ目');
  const [answer] = await bots.replies('demo-model', root, 1);
  expect(read(answer)).not.toContain('温度');
  const form = await press(hanako, answer);
  expect(JSON.stringify(form.blocks)).toContain('demo-model-weights');
  expect(await hanako.submit(form, filled({ temperature: '０．７', seed: '42', system: '<!here> 短く。' }))).toEqual({
    closed: true,
  });
  expect(await bots.whisper(hanako, /保存しました/)).toContain('温度 0.7 · seed 42');

  await ask(hanako, '続き', root.ts);
  const second = await bots.answer('二つ目');
  expect(await settingsOf(first)).toBeNull();
  expect(await settingsOf(second)).toEqual({ temperature: 0.7, seed: 42, system: '<!here> 短く。' });
  const [, shown] = await bots.replies('demo-model', root, 2);
  expect(read(shown)).toMatch(/38 トークン\n⚙ 温度 0\.7 · seed 42 · システム文「.*短く。」/);
  expect(JSON.stringify(shown)).not.toContain('<!here>');

  // Another thread is another conversation.
  const other = await ask(hanako, '別の話');
  expect(await settingsOf(await bots.answer('三つ目'))).toBeNull();
  await bots.replies('demo-model', other, 1);
});

it('answers the same question again as the thread is set now, and goes back to how the model is configured', async () => {
  const { alex } = bots;
  const root = await ask(alex, 'question');
  await bots.answer('one');
  const [answer] = await bots.replies('demo-model', root, 1);
  await alex.submit(await press(alex, answer), filled({ topP: '0.5', maxTokens: '10' }));
  await alex.use(answer as Message, buttonOf(answer?.blocks ?? [], /answer_again/));
  expect(await settingsOf(await bots.answer('two'))).toEqual({ topP: 0.5, maxTokens: 10 });
  const [, second] = await bots.replies('demo-model', root, 2);
  expect(read(second)).toContain('⚙ top-p 0.5 · at most 10 tokens');

  const form = await press(alex, second);
  expect(JSON.stringify(form.blocks)).toContain('"initial_value":"0.5"');
  await alex.submit(form, filled({}));
  expect(await bots.whisper(alex, /configured again/)).toBeTruthy();
  await ask(alex, 'more', root.ts);
  expect(await settingsOf(await bots.answer('three'))).toBeNull();
});

it('keeps the form open with what is wrong, in the language of the person', async () => {
  const { hanako, alex } = bots;
  const root = await ask(hanako, '質問');
  await bots.answer('答え');
  const [answer] = await bots.replies('demo-model', root, 1);
  const wrong = filled({ temperature: '3', maxTokens: '500', seed: 'x' });
  expect(await hanako.submit(await press(hanako, answer), wrong)).toEqual({
    closed: false,
    errors: {
      temperature: expect.stringContaining('0 から 2'),
      maxTokens: expect.stringContaining('96'),
      seed: expect.stringContaining('整数'),
    },
  });
  expect(await alex.submit(await press(alex, answer), wrong)).toMatchObject({
    errors: { temperature: expect.stringContaining('from 0 to 2') },
  });
  const place = { team: hanako.bootstrap.team.id, app: 'demo-model', channel: root.channel, threadTs: root.ts };
  expect(await bots.store.threads.settings(place)).toEqual({});
});

it('opens by /tenkyo model settings for the thread where the person asked last, and says where there is none', async () => {
  const { alex, hanako } = bots;
  const { id: random } = alex.channel('random');
  await alex.command(random, '/tenkyo', 'model settings');
  expect(await bots.whisper(alex, /asked nothing/)).toContain('⚙');
  const root = await ask(alex, 'the last question');
  await bots.answer('an answer');
  await bots.replies('demo-model', root, 1);
  await ask(hanako, 'とても遅い質問');
  await bots.answer('はい');
  const form = await modalAfter(alex, () => alex.command(root.channel, '/tenkyo', 'model settings'));
  expect(await bots.whisper(alex, /Opened the settings/)).toContain('the last question');
  await alex.submit(form, filled({ seed: '7' }));
  const place = { team: alex.bootstrap.team.id, app: 'demo-model', channel: root.channel, threadTs: root.ts };
  expect(await bots.store.threads.settings(place)).toEqual({ seed: 7 });
});
