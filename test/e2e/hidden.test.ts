import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Message } from '../../playground/protocol/messages.ts';
import { actAs, buttonOf, eventually, type TestPerson, visibleText } from '../support/person.ts';
import { type RunningTenkyo, runTenkyo, startTenkyo } from '../support/running-tenkyo.ts';

const text = '地震は、地下の岩盤が急にずれて、その振動が地面に伝わる現象である。';
const document = 'w1-ja_encyclopedia-001';

let data: string;
let tenkyo: RunningTenkyo;
let hanako: TestPerson;
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'tenkyo-hidden-'));
  tenkyo = await startTenkyo(data);
  hanako = await actAs(tenkyo, 'hanako');
}, 90_000);
afterAll(async () => {
  hanako?.close();
  await tenkyo?.end('SIGTERM');
  rmSync(data, { recursive: true, force: true });
});

const whisper = (what: RegExp, withinMs = 30_000): Promise<Message> =>
  eventually(
    () => {
      const event = hanako.live.findLast((one) => one.type === 'message' && one.message.ephemeralFor === hanako.me.id);
      return event?.type === 'message' && what.test(visibleText(event.message)) && event.message;
    },
    { withinMs, what: `a whisper like ${what}` },
  );
/** Ids of the documents that the command line finds. */
const found = async (...args: string[]): Promise<string[]> => {
  const { stdout, stderr } = await runTenkyo(['search', text, '--json', '--data', data, ...args]);
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as { hits: { documentId: string }[] }).hits.map(({ documentId }) => documentId);
};

it('leaves a document that was hidden in Slack out of what the command line finds, while Tenkyo runs and after', async () => {
  const channel = hanako.channel('playground').id;
  const proposal = await eventually(
    async () => {
      await hanako.command(channel, '/tenkyo', `hide ${document}`);
      return whisper(/結果から外しますか/, 2_000).catch(() => null);
    },
    { withinMs: 90_000, what: 'the index' },
  );
  expect(await found()).toContain(document);
  await hanako.use(proposal, buttonOf(proposal.blocks, /admin_confirm/));
  await whisper(/^✓ 文書/);
  expect(await found()).not.toContain(document);
  expect(await found('--include-hidden')).toContain(document);
  expect((await tenkyo.end('SIGTERM')).code).toBe(0);
  expect(await found()).not.toContain(document);
  expect(await found('--include-hidden')).toContain(document);
}, 200_000);
