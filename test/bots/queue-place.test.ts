import { afterEach, expect, it } from '@jest/globals';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { eventually, type TestPerson } from '../support/person.ts';

let bots: BotsWorkspace;
afterEach(() => bots?.close());

const outcome = (text: string) =>
  ({ status: 'done', text, finish: 'stop', usage: { promptTokens: 9, completionTokens: 38, seconds: 1.2 } }) as const;

/** What a thread says while one waits, first to last. */
const lines = (person: TestPerson, threadTs: string): string[] =>
  person.live.flatMap((event) => (event.type === 'status' && event.threadTs === threadTs ? [event.status] : []));
const line = (person: TestPerson, threadTs: string, wanted: RegExp) =>
  eventually(() => wanted.test(lines(person, threadTs).at(-1) ?? ''), {
    what: () => `${wanted} after ${lines(person, threadTs).join(' | ')}`,
    withinMs: 15_000,
  });

it('tells who has asked more than is answered at once that the earlier ones come first', async () => {
  bots = await startBotsWorkspace({ limits: { running: 1 } });
  const { hanako, alex } = bots;
  const { id: channel } = hanako.channel('playground');
  const model = hanako.bot('demo-model').id;
  const first = await hanako.send(channel, `<@${model}> 一番目`);
  await line(hanako, first.ts, /^考えています…$/);
  const second = await hanako.send(channel, `<@${model}> 二番目`);
  await line(hanako, second.ts, /^先に聞いた 1 件のあとで答えます$/);
  expect(bots.jobs).toHaveLength(1);
  const others = await alex.send(channel, `<@${model}> mine`);
  await line(alex, others.ts, /^In the queue: number 2$/);
  expect(bots.jobs).toHaveLength(2);
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
  // Who asks a second time comes after who asks for the first.
  const third = await ask(alex, 'the third');
  await line(alex, third.ts, /^In the queue: number 1$/);
  await line(hanako, second.ts, /^順番待ち: 2 人目$/);

  await bots.answer('はい。');
  await bots.replies('demo-model', first, 1);
  await bots.store.answers.start((await eventually(() => bots.jobs[2]?.split(' ')[1])) as string, 1);
  await line(hanako, second.ts, /^順番待ち: 1 人目 \(約 2 秒\)$/);
  await line(alex, third.ts, /^Thinking…$/);
  await bots.store.answers.finish(bots.jobs[2]?.split(' ')[1] ?? '', 1, outcome('The third.'));
  await bots.replies('demo-model', third, 1);
  await line(hanako, second.ts, /^考えています…$/);
  await bots.answer('二番目の答え。');
  const [last] = await bots.replies('demo-model', second, 1);
  expect(last?.text).toContain('二番目の答え。');
});
