import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../testing/eventually.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { createWorkbench, type TestPerson, type Workbench } from '../testing/workbench.ts';

type Json = Record<string, unknown>;

describe('streaming through the Web API', () => {
  let clock: ManualClock;
  let bench: Workbench;
  let hanako: TestPerson;
  let channel: string;
  let teamId: string;

  beforeEach(async () => {
    clock = createManualClock();
    bench = await createWorkbench({ clock });
    hanako = await bench.person('hanako');
    channel = (await hanako.channel('playground')).id;
    teamId = (await bench.bootstrap()).team.id;
  });
  afterEach(() => bench.close());

  describe('streaming', () => {
    const start = async (values: Json = {}) => {
      const { ts } = await hanako.say(channel, 'question');
      return bench.api('chat.startStream', {
        channel,
        thread_ts: ts,
        recipient_team_id: teamId,
        recipient_user_id: hanako.id,
        ...values,
      });
    };
    const append = (ts: unknown, values: Json, app?: string) =>
      bench.api('chat.appendStream', { channel, ts, ...values }, app);

    it('wants a recipient in a channel, and none in direct messages', async () => {
      expect(await start({ recipient_user_id: undefined })).toMatchObject({ error: 'missing_recipient_user_id' });
      expect(await start({ recipient_team_id: undefined })).toMatchObject({ error: 'missing_recipient_team_id' });
      const direct = (await hanako.channel('demo-model')).id;
      const { ts } = await hanako.say(direct, 'hi');
      expect(await bench.api('chat.startStream', { channel: direct, thread_ts: ts })).toMatchObject({ ok: true });
    });

    it('refuses text once stopped, text of another app, and chunks it does not know', async () => {
      const { ts } = await start();
      expect(await append(ts, { markdown_text: 'x' }, 'demo-search')).toMatchObject({
        error: 'message_not_owned_by_app',
      });
      expect(await append(ts, {})).toMatchObject({ error: 'no_text' });
      expect(await append(ts, { markdown_text: 'x'.repeat(12_001) })).toMatchObject({ error: 'msg_too_long' });
      expect(await append(ts, { chunks: [{ type: 'nonsense' }] })).toMatchObject({ error: 'invalid_chunks' });
      expect(await append(ts, { markdown_text: 'x'.repeat(11_999) })).toMatchObject({ ok: true });
      expect(await append(ts, { markdown_text: 'xx' })).toMatchObject({ error: 'msg_too_long' });
      expect(await bench.api('chat.update', { channel, ts, text: 'y' })).toMatchObject({
        error: 'streaming_state_conflict',
      });
      expect(await bench.api('chat.delete', { channel, ts })).toMatchObject({ error: 'cant_delete_message' });
      expect(await bench.api('chat.stopStream', { channel, ts })).toMatchObject({ ok: true });
      for (const method of ['chat.appendStream', 'chat.stopStream']) {
        expect(await bench.api(method, { channel, ts, markdown_text: 'x' })).toMatchObject({
          error: 'message_not_in_streaming_state',
        });
      }
      expect(await bench.api('chat.update', { channel, ts, text: 'y' })).toMatchObject({ ok: true });
    });

    it('ends by itself after five minutes', async () => {
      const { ts } = await start({ markdown_text: 'begun' });
      await clock.advance(4 * 60_000 + 59_000);
      expect(await append(ts, { markdown_text: '.' })).toMatchObject({ ok: true });
      await clock.advance(2_000);
      expect(await append(ts, { markdown_text: '.' })).toMatchObject({ error: 'message_not_in_streaming_state' });
      const shown = () => hanako.seen.flatMap((event) => (event.type === 'message' ? [event.message] : [])).at(-1);
      const last = await eventually(() => shown()?.streaming === false && shown(), 'the end of the stream');
      expect(last).toMatchObject({ ts, text: 'begun.' });
      expect(await bench.api('chat.update', { channel, ts, text: 'rewritten' })).toMatchObject({ ok: true });
    });

    it('shows tasks, each in the place of its former state', async () => {
      const task = (status: string) => ({ type: 'task_update', id: 't1', title: 'Searching', status });
      const { ts } = await start({ chunks: [task('in_progress'), { type: 'markdown_text', text: 'a' }] });
      await append(ts, { chunks: [{ type: 'plan_update', title: 'Plan' }, task('complete')] });
      await bench.api('chat.stopStream', { channel, ts, chunks: [{ type: 'markdown_text', text: 'b' }] });
      const { messages } = (await bench.api('conversations.replies', { channel, ts })) as { messages: Json[] };
      expect(messages[0]).toMatchObject({
        text: 'ab',
        blocks: [
          { type: 'markdown', text: 'ab' },
          { type: 'task_card', task_id: 't1', title: 'Searching', status: 'complete' },
          { type: 'plan', title: 'Plan' },
        ],
      });
    });

    it('is unknown where it is switched off', async () => {
      await bench.fault({ order: 'streaming', on: false });
      expect(await start()).toEqual({ ok: false, error: 'unknown_method' });
      await bench.fault({ order: 'streaming', on: true });
      expect(await start()).toMatchObject({ ok: true });
    });
  });

  it('shows what an assistant is doing until it posts, clears it, or two minutes pass', async () => {
    const { ts } = await hanako.say(channel, 'question');
    const set = (status: string) =>
      bench.api('assistant.threads.setStatus', { channel_id: channel, thread_ts: ts, status });
    const shown = () => hanako.seen.flatMap((event) => (event.type === 'status' ? [event.status] : []));
    await set('is thinking…');
    await bench.api('chat.postMessage', { channel, text: 'answer', thread_ts: ts });
    await set('is thinking…');
    await set('');
    await set('is thinking…');
    const late = await bench.person('hanako');
    await clock.advance(2 * 60_000);
    await eventually(() => shown().length === 6, 'the last status');
    expect(shown()).toEqual(['is thinking…', '', 'is thinking…', '', 'is thinking…', '']);
    expect(late.seen).toContainEqual(expect.objectContaining({ type: 'status', threadTs: ts, status: 'is thinking…' }));
    await bench.api('assistant.threads.setTitle', { channel_id: channel, thread_ts: ts, title: 'Earthquakes' });
    expect(await hanako.get(`local/messages?channel=${channel}&thread=${ts}`)).toMatchObject({ title: 'Earthquakes' });
    const direct = (await hanako.channel('demo-model')).id;
    const prompts = [{ title: 'Colds', message: 'Do antibiotics help?' }];
    expect(await bench.api('assistant.threads.setSuggestedPrompts', { channel_id: direct, prompts })).toEqual({
      ok: true,
    });
    expect(await hanako.channel('demo-model')).toMatchObject({ prompts: { title: null, prompts } });
    expect(
      await bench.api('agents.sessions.setStatus', { channel_id: channel, thread_ts: ts, status: 'sleeping' }),
    ).toMatchObject({ error: 'invalid_arguments' });
    await bench.api('agents.sessions.setStatus', { channel_id: channel, thread_ts: ts, status: 'processing' });
    await eventually(() => shown().at(-1) === 'is working…', 'the session at work');
    await bench.api('agents.sessions.setStatus', { channel_id: channel, thread_ts: ts, status: 'active' });
    await eventually(() => shown().at(-1) === '', 'the session at rest');
  });
});
