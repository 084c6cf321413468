import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BlockAction } from '@slack/bolt';
import type { LiveEvent } from '../protocol/live.ts';
import type { Message } from '../protocol/messages.ts';
import { eventually } from './testing/eventually.ts';
import { createWorkbench, type TestPerson, type Workbench } from './testing/workbench.ts';

type Of<T extends LiveEvent['type']> = LiveEvent & { type: T };

const seenOf = <T extends LiveEvent['type']>(person: TestPerson, type: T): Of<T>[] =>
  person.seen.filter((event): event is Of<T> => event.type === type);

describe('the local workspace with a Bolt app', () => {
  let bench: Workbench;
  let hanako: TestPerson;
  let channel: string;

  beforeEach(async () => {
    bench = await createWorkbench();
    hanako = await bench.person('hanako');
    channel = (await hanako.channel('playground')).id;
  });
  afterEach(() => bench.close());

  const botId = async (name = 'demo-model'): Promise<string> =>
    (await bench.bootstrap()).people.find((person) => person.name === name)?.id ?? '';

  it('sends a mention as app_mention and as message, and shows the answer in the thread', async () => {
    const got: Record<string, unknown>[] = [];
    await bench.bolt((app) => {
      app.event('app_mention', async ({ event, body, say }) => {
        got.push({ ...event }, { ...body });
        await say({ text: `Yes: ${event.text}`, thread_ts: event.thread_ts ?? event.ts });
      });
      app.message(async ({ event }) => {
        got.push({ ...event });
      });
    });
    const bot = await botId();
    const question = await hanako.say(channel, `<@${bot}> hello`);
    const answer = await eventually(
      async () => (await hanako.thread(channel, question.ts)).find(({ user }) => user === bot),
      'the answer',
    );
    expect(answer).toMatchObject({ text: `Yes: <@${bot}> hello`, threadTs: question.ts, ephemeralFor: null });
    await eventually(() => got.length === 3, 'both events');

    const mention = got.find(({ type }) => type === 'app_mention');
    const message = got.find(({ type }) => type === 'message');
    const body = got.find(({ type }) => type === 'event_callback');
    expect(mention).toMatchObject({ channel, user: hanako.id, ts: question.ts, event_ts: question.ts });
    expect(message).toMatchObject({ channel, channel_type: 'channel', user: hanako.id, text: `<@${bot}> hello` });
    expect(message?.client_msg_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(message).not.toHaveProperty('bot_id');
    const { team } = await bench.bootstrap();
    expect(body).toMatchObject({
      team_id: team.id,
      event_id: expect.stringMatching(/^Ev/),
      authorizations: [
        { enterprise_id: null, team_id: team.id, user_id: bot, is_bot: true, is_enterprise_install: false },
      ],
    });

    const root = (await hanako.thread(channel, question.ts))[0];
    expect(root).toMatchObject({ replyCount: 1, replyUsers: [bot], latestReply: answer.ts, threadTs: question.ts });
  });

  it('sends a direct message as message.im alone', async () => {
    const got: string[] = [];
    await bench.bolt((app) => {
      app.event('app_mention', async () => {
        got.push('app_mention');
      });
      app.message(async ({ event, say }) => {
        got.push(`${event.type} ${event.channel_type}`);
        await say('hi');
      });
    });
    const direct = (await hanako.channel('demo-model')).id;
    await hanako.say(direct, `<@${await botId()}> hello`);
    await eventually(() => seenOf(hanako, 'message').some(({ message }) => message.text === 'hi'), 'the answer');
    expect(got).toEqual(['message im']);
  });

  it('tells of reactions, and takes them from bots', async () => {
    const got: unknown[] = [];
    await bench.bolt((app) => {
      app.event('reaction_added', async ({ event, client }) => {
        got.push(event);
        await client.reactions.add({ channel: event.item.channel, timestamp: event.item.ts, name: 'eyes' });
      });
      app.event('reaction_removed', async ({ event }) => {
        got.push(event);
      });
    });
    const alex = await bench.person('alex');
    const { ts } = await alex.say(channel, 'plain');
    await hanako.post('local/reactions', { channel, ts, name: 'mag', on: true });
    const reacted = await eventually(
      () =>
        seenOf(alex, 'message')
          .map(({ message }) => message)
          .find((message) => message.ts === ts && message.reactions.length === 2),
      'the bot reaction',
    );
    expect(reacted.reactions).toEqual([
      { name: 'mag', users: [hanako.id] },
      { name: 'eyes', users: [await botId()] },
    ]);
    await hanako.post('local/reactions', { channel, ts, name: 'mag', on: false });
    await eventually(() => got.length === 2, 'the removal');
    const item = { type: 'message', channel, ts };
    expect(got).toEqual([
      expect.objectContaining({ type: 'reaction_added', user: hanako.id, reaction: 'mag', item_user: alex.id, item }),
      expect.objectContaining({ type: 'reaction_removed', user: hanako.id, reaction: 'mag', item }),
    ]);
  });

  it('hands a slash command over and says what its acknowledgement says, to that person only', async () => {
    const alex = await bench.person('alex');
    await bench.bolt((app) => {
      app.command('/tenkyo', async ({ ack, command, respond }) => {
        await ack(`${command.text} by ${command.user_name}`);
        await respond({ text: 'and all may know', response_type: 'in_channel' });
      });
    }, 'demo-search');
    await hanako.post('local/commands', { channel, command: '/tenkyo', text: 'status' });
    await eventually(() => seenOf(alex, 'message').length === 1, 'the public part');
    expect(seenOf(hanako, 'message').map(({ message }) => [message.text, message.ephemeralFor])).toEqual([
      ['status by hanako', hanako.id],
      ['and all may know', null],
    ]);
    expect(seenOf(alex, 'message')[0]?.message.text).toBe('and all may know');
    const history = await hanako.get<{ messages: Message[] }>(`local/messages?channel=${channel}`);
    expect(history.messages.map(({ text }) => text)).toEqual(['and all may know']);
  });

  it('opens a modal from a button, keeps it open with errors, and closes it', async () => {
    const got: unknown[] = [];
    await bench.bolt((app) => {
      app.action<BlockAction>('open', async ({ ack, body, client }) => {
        await ack();
        got.push(body.actions[0], body.container, body.message?.ts);
        await client.views.open({
          trigger_id: body.trigger_id,
          view: {
            type: 'modal',
            callback_id: 'form',
            private_metadata: 'kept',
            title: { type: 'plain_text', text: 'Form' },
            submit: { type: 'plain_text', text: 'Send' },
            blocks: [
              {
                type: 'input',
                block_id: 'name',
                label: { type: 'plain_text', text: 'Name' },
                element: { type: 'plain_text_input', action_id: 'value' },
              },
            ],
          },
        });
      });
      app.view('form', async ({ ack, view }) => {
        const value = view.state.values.name?.value?.value ?? '';
        got.push(`${view.private_metadata}: ${value}`);
        await (value === '' ? ack({ response_action: 'errors', errors: { name: 'Write a name' } }) : ack());
      });
    });
    const posted = await bench.api('chat.postMessage', {
      channel,
      text: 'press',
      blocks: [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'open', value: 'v1', text: { type: 'plain_text', text: 'Open' } }],
        },
      ],
    });
    const ts = String(posted.ts);
    const [message] = await hanako.thread(channel, ts);
    const blockId = message?.blocks[0]?.block_id ?? '';
    const action = { type: 'button', action_id: 'open', block_id: blockId };
    await hanako.post('local/actions', { container: { type: 'message', channel, ts }, action });
    const { view } = await eventually(() => seenOf(hanako, 'view_opened')[0], 'the modal');
    expect(view).toMatchObject({ title: 'Form', submit: 'Send', close: null, callbackId: 'form' });
    expect(got).toEqual([
      expect.objectContaining({ ...action, value: 'v1', action_ts: expect.any(String) }),
      expect.objectContaining({ type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false }),
      ts,
    ]);

    const submit = (value: string) =>
      hanako.post('local/views/submit', {
        viewId: view.id,
        state: { name: { value: { type: 'plain_text_input', value } } },
      });
    expect(await submit('')).toEqual({ closed: false, errors: { name: 'Write a name' } });
    expect(await submit('Ken')).toEqual({ closed: true });
    expect(got.slice(3)).toEqual(['kept: ', 'kept: Ken']);
    expect(seenOf(hanako, 'view_closed')).toEqual([{ type: 'view_closed', viewId: view.id }]);
    expect((await hanako.ask('POST', 'local/views/submit', { viewId: view.id, state: {} })).status).toBe(404);
  });

  it('runs a message shortcut', async () => {
    await bench.bolt((app) => {
      app.shortcut('find', async ({ ack, shortcut, respond }) => {
        await ack();
        if (shortcut.type === 'message_action') await respond(`looking at: ${shortcut.message.text}`);
      });
    }, 'demo-search');
    const { ts } = await hanako.say(channel, 'the sky');
    await hanako.post('local/shortcuts', { callbackId: 'find', channel, ts });
    await eventually(
      () => seenOf(hanako, 'message').some(({ message }) => message.text === 'looking at: the sky'),
      'the response',
    );
  });

  it('streams an answer: every part to the pages, its start and its end to the apps', async () => {
    const events: string[] = [];
    const app = await bench.bolt((bolt) => {
      bolt.message(async ({ event }) => {
        events.push(event.subtype ?? 'message');
      });
    }, 'demo-search');
    expect(app).toBeDefined();
    const model = await bench.bolt(() => undefined);
    const question = await hanako.say(channel, 'Tell me');
    const { team } = await bench.bootstrap();
    const streamer = model.client.chatStream({
      channel,
      thread_ts: question.ts,
      recipient_team_id: team.id,
      recipient_user_id: hanako.id,
      buffer_size: 1,
    });
    await streamer.append({ markdown_text: 'One ' });
    await streamer.append({ markdown_text: '**two**' });
    const [, during] = await hanako.thread(channel, question.ts);
    expect(during).toMatchObject({ text: 'One **two**', streaming: true, markdown: true });
    await streamer.stop({ markdown_text: ' three', blocks: [{ type: 'divider' }] });
    const [, after] = await hanako.thread(channel, question.ts);
    expect(after).toMatchObject({ text: 'One **two** three', streaming: false, blocks: [{ type: 'divider' }] });
    await eventually(() => events.length === 3, 'the events');
    expect(events).toEqual(['message', 'message', 'message_changed']);
    expect(seenOf(hanako, 'stream')).toEqual([
      { type: 'stream', channel, ts: after?.ts, at: 'One '.length, text: '**two**' },
    ]);
    const { messages } = (await bench.api('conversations.replies', { channel, ts: question.ts })) as {
      messages: { text: string; blocks?: unknown[] }[];
    };
    expect(messages[1]).toMatchObject({
      text: 'One **two** three',
      blocks: [{ type: 'markdown', text: 'One **two** three' }, { type: 'divider' }],
    });
  });

  it('tells the apps in a channel who joins it', async () => {
    const joined: string[] = [];
    await bench.bolt((app) => {
      app.event('member_joined_channel', async ({ event }) => {
        joined.push(`${event.user} ${event.inviter}`);
      });
    });
    const random = (await hanako.channel('random')).id;
    expect(await bench.api('chat.postMessage', { channel: random, text: 'x' })).toMatchObject({
      error: 'not_in_channel',
    });
    await hanako.post('local/commands', { channel: random, command: '/invite', text: '@demo-model' });
    await eventually(() => joined.length === 1, 'the event');
    expect(joined).toEqual([`${await botId()} ${hanako.id}`]);
    expect(await bench.api('chat.postMessage', { channel: random, text: 'x' })).toMatchObject({ ok: true });
  });
});
