import { afterEach, expect, it } from '@jest/globals';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { eventually, type TestPerson } from '../support/person.ts';

let bots: BotsWorkspace;
afterEach(() => bots?.close());

/** What a thread says while one waits, first to last. */
const lines = (person: TestPerson, threadTs: string): string[] =>
  person.live.flatMap((event) => (event.type === 'status' && event.threadTs === threadTs ? [event.status] : []));
const line = (person: TestPerson, threadTs: string, wanted: RegExp) =>
  eventually(() => wanted.test(lines(person, threadTs).at(-1) ?? ''), {
    what: () => `${wanted} after ${lines(person, threadTs).join(' | ')}`,
    withinMs: 15_000,
  });

it('tells who waits the place in the queue, and when it is their turn, in their language', async () => {
  bots = await startBotsWorkspace();
  const { hanako, alex } = bots;
  const { id: channel } = hanako.channel('playground');
  const model = hanako.bot('demo-model').id;
  const ask = (person: TestPerson, text: string) => person.send(channel, `<@${model}> ${text}`);

  const first = await ask(hanako, '一番目');
  const running = await eventually(() => bots.jobs[0]?.split(' ')[1]);
  await line(hanako, first.ts, /^考えています…$/);
  await bots.store.answers.start(running, 1);
  const second = await ask(hanako, '二番目');
  await line(hanako, second.ts, /^順番待ち: 1 人目$/);
  const third = await ask(alex, 'the third');
  await line(alex, third.ts, /^In the queue: number 2$/);

  await bots.answer('はい。');
  await bots.replies('demo-model', first, 1);
  await bots.store.answers.start((await eventually(() => bots.jobs[1]?.split(' ')[1])) as string, 1);
  await line(alex, third.ts, /^In the queue: number 1 \(about 2 seconds\)$/);
  await line(hanako, second.ts, /^考えています…$/);
  await bots.answer('二番目の答え。');
  await bots.replies('demo-model', second, 1);
  await line(alex, third.ts, /^Thinking…$/);
  await bots.answer('The third.');
  const [last] = await bots.replies('demo-model', third, 1);
  expect(last?.text).toContain('The third.');
});
