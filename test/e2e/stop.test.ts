import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Message } from '../../playground/protocol/messages.ts';
import { type PacedServer, startPacedServer } from '../support/paced/paced-server.ts';
import { actAs, buttonOf, eventually, type TestPerson, visibleText } from '../support/person.ts';
import { type RunningTenkyo, startTenkyo } from '../support/running-tenkyo.ts';

let folder: string;
let server: PacedServer;
let tenkyo: RunningTenkyo;
let hanako: TestPerson;
let alex: TestPerson;

/** A minute of text: nothing here ends by itself. */
const long = Array.from({ length: 1_200 }, (_, index) => `その${index}、`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenkyo-stop-'));
  server = await startPacedServer({ dialect: 'vllm', tokensPerSecond: 20, slots: 1, answer: () => long });
  const config = join(folder, 'tenkyo.yaml');
  writeFileSync(
    config,
    `
apps: [{ name: lab-bot, roles: [model], model: lab-13b }]
models:
  - { name: lab-13b, provider: openai, baseUrls: ["${server.url}"], apiModel: served-model, concurrency: 1 }
`,
  );
  tenkyo = await startTenkyo(join(folder, 'data'), { args: ['--config', config] });
  hanako = await actAs(tenkyo, 'hanako');
  alex = await actAs(tenkyo, 'alex');
});
afterAll(async () => {
  hanako?.close();
  alex?.close();
  await tenkyo?.end('SIGTERM');
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => eventually(() => server.busy() === 0, { what: 'a free slot' }));

const ask = (person: TestPerson, text = '長い話をして'): Promise<Message> =>
  person.send(person.channel('playground').id, `<@${person.bot('lab-bot').id}> ${text}`);
/** The bot's one message in the thread, as soon as it is as wanted. */
const reply = (root: Message, wanted: (message: Message) => boolean, what: string): Promise<Message> =>
  eventually(
    async () => {
      const [message] = (await hanako.thread(root.channel, root.ts)).filter(
        ({ user, ts }) => user === hanako.bot('lab-bot').id && ts !== root.ts,
      );
      return message && wanted(message) && message;
    },
    { what },
  );
const writing = (root: Message) => reply(root, ({ text }) => text.length > 20, 'text that grows');
const stopped = (root: Message, mark = '(停止しました)') =>
  reply(root, (message) => !message.streaming && visibleText(message).includes(mark), mark);
/** Whether the person sees Stop in the thread. */
const working = ({ live }: TestPerson, root: Message): boolean => {
  const last = live.findLast((event) => event.type === 'session' && event.threadTs === root.ts);
  return last?.type === 'session' && last.working;
};
const fault = async (order: object): Promise<void> => {
  const response = await fetch(new URL('local/faults', tenkyo.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${tenkyo.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  expect(response.status).toBe(200);
};

it('stops within a second by the Stop of Slack, keeps the text, and frees the slot of the engine', async () => {
  const root = await ask(hanako);
  const before = await writing(root);
  expect(working(hanako, root)).toBe(true);
  const pressed = Date.now();
  await hanako.stop(root, 'lab-bot');
  const after = await stopped(root);
  expect(Date.now() - pressed).toBeLessThan(1_000);
  await eventually(() => server.busy() === 0, { withinMs: 1_000, what: 'a free slot' });
  expect(server.requests.at(-1)).toMatchObject({ end: 'client left' });
  expect(visibleText(after)).toContain(before.text.slice(0, 20));
  expect(buttonOf(after.blocks, /answer_again/)).toBeDefined();
  await eventually(() => !working(hanako, root), { what: 'the end of the session' });
});

it('stops what waits in the queue, without a word of text', async () => {
  const first = await ask(hanako);
  await writing(first);
  const second = await ask(alex, 'and then?');
  await eventually(() => working(alex, second), { what: 'Stop beside the one that waits' });
  await alex.stop(second, 'lab-bot');
  const after = await stopped(second, '(stopped)');
  expect(visibleText(after)).not.toContain('その');
  await hanako.stop(first, 'lab-bot');
  await stopped(first);
  expect(server.requests.filter(({ end }) => end === null)).toEqual([]);
});

it('lets who asked and admins stop, and nobody else; what others try to stop goes on', async () => {
  const root = await ask(hanako);
  const before = await writing(root);
  await alex.stop(root, 'lab-bot');
  await eventually(() =>
    alex.live.some((event) => event.type === 'message' && event.message.text.includes('Only the person who asked')),
  );
  await reply(root, ({ text, blocks }) => JSON.stringify([text, blocks]).length > before.text.length + 60, 'more text');
  await hanako.stop(root, 'lab-bot');
  await stopped(root);

  const asked = await ask(alex, 'a long story');
  await writing(asked);
  // Hanako is an admin.
  await hanako.stop(asked, 'lab-bot');
  await stopped(asked, '(stopped)');
});

it.each([
  ['streams', true],
  ['edits', false],
])('has a button of its own where Slack has no Stop, and %s', async (_, streaming) => {
  await fault({ order: 'streaming', on: streaming });
  await fault({
    order: 'call',
    method: 'agents.sessions.setStatus',
    fault: { kind: 'error', error: 'not_allowed' },
    times: 1,
  });
  const root = await ask(hanako);
  const message = await reply(
    root,
    ({ blocks }) => JSON.stringify(blocks).includes('answer_stop') && JSON.stringify(blocks).includes('⏹ 停止'),
    'our own button',
  );
  const pressed = Date.now();
  await hanako.use(message, buttonOf(message.blocks, /answer_stop/));
  const after = await stopped(root);
  expect(Date.now() - pressed).toBeLessThan(1_000);
  expect(JSON.stringify(after.blocks)).not.toContain('answer_stop');
  await fault({ order: 'streaming', on: true });
});
