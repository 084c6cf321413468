import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { eventually, type TestPerson } from '../support/person.ts';

let bots: BotsWorkspace;
beforeAll(async () => {
  bots = await startBotsWorkspace();
});
afterAll(() => bots?.close());

it.each<['hanako' | 'alex', string, string]>([
  ['hanako', '虹はどうして見えるのですか？', 'たとえば、こんな質問ができます'],
  ['alex', 'Why does the Moon have phases?', 'Questions to begin with'],
])('offers %s questions to begin with, in their language, where they write to the app', async (name, text, title) => {
  const person: TestPerson = bots[name];
  const { id } = await person.open('demo-model');
  const event = await eventually(() =>
    person.live.findLast((one) => one.type === 'channel' && one.channel.id === id && one.channel.prompts !== undefined),
  );
  expect(event.type === 'channel' && event.channel.prompts).toEqual({
    title,
    prompts: [{ title: text, message: text }],
  });
});
