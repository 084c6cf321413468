import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { METADATA_BYTES, POST_TEXT, UPDATE_TEXT } from '../../../src/slack/limits.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { createWorkbench, type TestPerson, type Workbench } from '../testing/workbench.ts';

type Json = Record<string, unknown>;

describe('writing through the Web API', () => {
  let clock: ManualClock;
  let bench: Workbench;
  let hanako: TestPerson;
  let channel: string;

  beforeEach(async () => {
    clock = createManualClock();
    bench = await createWorkbench({ clock });
    hanako = await bench.person('hanako');
    channel = (await hanako.channel('playground')).id;
  });
  afterEach(() => bench.close());

  const post = (values: Json, app?: string) => bench.api('chat.postMessage', { channel, ...values }, app);
  const posted = async (values: Json, app?: string): Promise<string> => String((await post(values, app)).ts);
  const page = async (ts: string) => (await hanako.thread(channel, ts))[0];

  describe('posting', () => {
    it('gives every message its own rising ts from the clock', async () => {
      const first = await posted({ text: 'a' });
      const second = await posted({ text: 'b' });
      expect(first).toBe(`${clock.now() / 1_000}.000000`);
      expect(second).toBe(`${clock.now() / 1_000}.000001`);
      await clock.advance(1_500);
      expect(await posted({ text: 'c' })).toBe(`${Math.floor(clock.now() / 1_000)}.500000`);
    });

    it('names what is missing or wrong as Slack does', async () => {
      const cases: [Json, string][] = [
        [{ channel: 'C000', text: 'x' }, 'channel_not_found'],
        [{ channel: 'random', text: 'x' }, 'not_in_channel'],
        [{ text: '' }, 'no_text'],
        [{ text: ' \n' }, 'no_text'],
        [{ text: 'x', thread_ts: '1.000000' }, 'thread_not_found'],
        [{ text: 'x', markdown_text: 'y' }, 'markdown_text_conflict'],
        [{ markdown_text: 'y'.repeat(12_001) }, 'msg_too_long'],
        [{ text: 'x', blocks: 'no json' }, 'invalid_blocks_format'],
        [{ text: 'x', blocks: [{ type: 'nonsense' }] }, 'invalid_blocks'],
        [{ text: 'x', blocks: [{ type: 'markdown', text: 'm'.repeat(12_001) }] }, 'msg_blocks_too_long'],
        [{ text: 'x', metadata: { event_type: 'e' } }, 'invalid_metadata_format'],
        [
          { text: 'x', metadata: { event_type: 'e', event_payload: { t: 'あ'.repeat(METADATA_BYTES / 3) } } },
          'metadata_too_large',
        ],
        [{ channel: undefined, text: 'x' }, 'invalid_arguments'],
      ];
      for (const [values, error] of cases) expect(await post(values)).toMatchObject({ ok: false, error });
      expect(await post({ text: 'x', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '' } }] })).toEqual({
        ok: false,
        error: 'invalid_blocks',
        response_metadata: { messages: ['[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]'] },
      });
    });

    it('cuts a text that is too long, and says so', async () => {
      const answer = await post({ text: 'x'.repeat(POST_TEXT + 1) });
      expect(answer).toMatchObject({ ok: true, warning: 'message_truncated' });
      expect((await page(String(answer.ts)))?.text).toHaveLength(POST_TEXT);
    });

    it('answers in the thread of a reply with its root', async () => {
      const root = await posted({ text: 'root' });
      const reply = await posted({ text: 'reply', thread_ts: root });
      const nested = await post({ text: 'nested', thread_ts: reply });
      expect(nested.message).toMatchObject({ thread_ts: root });
    });

    it('posts to a person as to their direct messages', async () => {
      const answer = await post({ channel: hanako.id, text: 'psst' });
      expect(answer.channel).toBe((await hanako.channel('demo-model')).id);
    });

    it('whispers to somebody in the channel only', async () => {
      expect(await bench.api('chat.postEphemeral', { channel, user: hanako.id, text: 'psst' })).toMatchObject({
        ok: true,
        message_ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
      });
      expect(await bench.api('chat.postEphemeral', { channel, user: 'U1', text: 'psst' })).toMatchObject({
        error: 'user_not_in_channel',
      });
      const { messages } = (await bench.api('conversations.history', { channel })) as { messages: Json[] };
      expect(messages).toEqual([]);
    });
  });

  describe('changing', () => {
    const blocks = [{ type: 'divider', block_id: 'line' }];

    it('drops the blocks when it is given a text alone, and marks the message as edited', async () => {
      const ts = await posted({ text: 'x', blocks });
      expect(await bench.api('chat.update', { channel, ts, text: 'z', blocks })).toMatchObject({ ok: true });
      expect(await page(ts)).toMatchObject({ text: 'z', blocks, edited: false });
      expect(await bench.api('chat.update', { channel, ts, text: 'y' })).toMatchObject({ ok: true, text: 'y' });
      expect(await page(ts)).toMatchObject({ text: 'y', blocks: [], edited: true });
    });

    it('keeps metadata unless new comes, and shows it on demand', async () => {
      const metadata = { event_type: 'answer', event_payload: { key: 'k' } };
      const ts = await posted({ text: 'x', metadata });
      await bench.api('chat.update', { channel, ts, text: 'y' });
      const read = async (values: Json) =>
        ((await bench.api('conversations.replies', { channel, ts, ...values })) as { messages: Json[] }).messages[0];
      expect(await read({ include_all_metadata: true })).toMatchObject({ metadata });
      expect(await read({})).not.toHaveProperty('metadata');
    });

    it('refuses what is too long, gone, or of another', async () => {
      const ts = await posted({ text: 'x' });
      const update = (values: Json, app?: string) =>
        bench.api('chat.update', { channel, ts, text: 'y', ...values }, app);
      expect(await update({ text: 'y'.repeat(UPDATE_TEXT + 1) })).toMatchObject({ error: 'msg_too_long' });
      expect(await update({ ts: '1.000000' })).toMatchObject({ error: 'message_not_found' });
      expect(await update({}, 'demo-search')).toMatchObject({ error: 'cant_update_message' });
      const { ts: spoken } = await hanako.say(channel, 'mine');
      expect(await update({ ts: spoken })).toMatchObject({ error: 'cant_update_message' });
      expect(await bench.api('chat.delete', { channel, ts }, 'demo-search')).toMatchObject({
        error: 'cant_delete_message',
      });
    });

    it('takes a message away, and leaves a tombstone over replies', async () => {
      const lone = await posted({ text: 'lone' });
      const root = await posted({ text: 'root' });
      await posted({ text: 'reply', thread_ts: root });
      for (const ts of [lone, root])
        expect(await bench.api('chat.delete', { channel, ts })).toMatchObject({ ok: true });
      expect((await hanako.thread(channel, root)).map(({ text }) => text)).toEqual([
        'This message was deleted.',
        'reply',
      ]);
      expect((await hanako.ask('GET', `local/messages?channel=${channel}&thread=${lone}`)).status).toBe(404);
      expect(await bench.api('chat.update', { channel, ts: root, text: 'y' })).toMatchObject({
        error: 'message_not_found',
      });
    });
  });

  it('counts a reaction once', async () => {
    const timestamp = await posted({ text: 'x' });
    const react = (method: string, values: Json = {}) =>
      bench.api(`reactions.${method}`, { channel, timestamp, name: 'eyes', ...values });
    expect(await react('add')).toEqual({ ok: true });
    expect(await react('add')).toMatchObject({ error: 'already_reacted' });
    expect(await react('add', { name: 'no such emoji!' })).toMatchObject({ error: 'invalid_name' });
    expect(await react('add', { timestamp: '1.000000' })).toMatchObject({ error: 'message_not_found' });
    expect(await react('get')).toMatchObject({ message: { reactions: [{ name: 'eyes', count: 1 }] } });
    expect(await react('remove')).toEqual({ ok: true });
    expect(await react('remove')).toMatchObject({ error: 'no_reaction' });
  });
});
