import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { Message } from '../../playground/protocol/messages.ts';
import { seededRandom } from '../../src/search/seeded-random.ts';
import { actAs, eventually, type TestPerson, visibleText } from '../support/person.ts';
import { startTenkyo } from '../support/running-tenkyo.ts';

const kills = 20;
const question = '地震の原因はナマズが動くことですか？';
const answer = 'いいえ。地震は地下の岩盤がずれて起こります。地面の下の大ナマズは昔の人の言い伝えです。';
/** From the question to a little after the usual end of the answer, on a machine that is busy. */
const longestMs = 700;

it(`has one complete answer a question after kill -9 at ${kills} moments of the whole product`, async () => {
  const data = mkdtempSync(join(tmpdir(), 'tenkyo-kill-'));
  const random = seededRandom(20_231_123);
  const asked: Pick<Message, 'channel' | 'ts'>[] = [];
  const states = { none: 0, begun: 0, complete: 0 };
  const answersIn = async (person: TestPerson, root: Pick<Message, 'channel' | 'ts'>): Promise<Message[]> => {
    const bot = person.bot('demo-3m-finetuned').id;
    return (await person.thread(root.channel, root.ts)).filter(({ user }) => user === bot);
  };
  const isComplete = (message: Message): boolean =>
    !message.streaming && visibleText(message).includes(answer) && /秒 · \d+ トークン/.test(visibleText(message));

  for (let kill = 0; kill < kills; kill += 1) {
    const tenkyo = await startTenkyo(data);
    const person = await actAs(tenkyo);
    const channel = person.channel('playground').id;
    const root = await person.send(channel, `<@${person.bot('demo-3m-finetuned').id}> ${question}`);
    asked.push(root);
    await delay(random() * longestMs);
    const [message] = await answersIn(person, root);
    states[message === undefined ? 'none' : isComplete(message) ? 'complete' : 'begun'] += 1;
    person.close();
    await tenkyo.end('SIGKILL');
  }
  // The seed must have met an answer before its first word and after it, else this proves little.
  expect(states.none).toBeGreaterThan(0);
  expect(states.begun + states.complete).toBeGreaterThan(0);

  const tenkyo = await startTenkyo(data);
  const person = await actAs(tenkyo);
  try {
    for (const root of asked) {
      await eventually(async () => (await answersIn(person, root)).some(isComplete), {
        withinMs: 60_000,
        what: `the answer to ${root.ts}`,
      });
    }
    for (const root of asked) expect(await answersIn(person, root)).toHaveLength(1);
  } finally {
    person.close();
    await tenkyo.end('SIGTERM');
    rmSync(data, { recursive: true, force: true });
  }
}, 420_000);
