import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { RESPONSE_URL_LIFETIME_MS, RESPONSE_URL_USES, TRIGGER_LIFETIME_MS } from '../../../src/slack/limits.ts';
import { eventually } from '../testing/eventually.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { createWorkbench, type TestPerson, type Workbench } from '../testing/workbench.ts';

type Json = Record<string, unknown>;

const modal = (title: string, extra: Json = {}): Json => ({
  type: 'modal',
  title: { type: 'plain_text', text: title },
  blocks: [
    {
      type: 'actions',
      block_id: 'b',
      elements: [
        { type: 'button', action_id: 'press', value: 'v', text: { type: 'plain_text', text: 'Press' } },
        {
          type: 'static_select',
          action_id: 'pick',
          options: ['one', 'two'].map((value) => ({ text: { type: 'plain_text', text: value }, value })),
        },
      ],
    },
  ],
  ...extra,
});

/** An app by hand, so that each interaction is answered exactly as the test wants. */
describe('views and interactions', () => {
  let clock: ManualClock;
  let bench: Workbench;
  let hanako: TestPerson;
  let channel: string;
  let socket: WebSocket;
  let payloads: Json[];
  /** What the app acknowledges with. */
  let answer: Json;

  beforeEach(async () => {
    clock = createManualClock();
    bench = await createWorkbench({ clock });
    hanako = await bench.person('hanako');
    channel = (await hanako.channel('playground')).id;
    payloads = [];
    answer = {};
    socket = new WebSocket(String((await bench.api('apps.connections.open', {}, 'demo-search')).url));
    socket.on('message', (data) => {
      const envelope = JSON.parse(String(data)) as Json;
      if (envelope.type === 'interactive' || envelope.type === 'slash_commands')
        payloads.push(envelope.payload as Json);
      if (envelope.envelope_id) socket.send(JSON.stringify({ envelope_id: envelope.envelope_id, payload: answer }));
    });
    await new Promise((resolve) => socket.once('message', resolve));
  });
  afterEach(async () => {
    socket.terminate();
    await bench.close();
  });

  const api = (method: string, values: Json) => bench.api(method, values, 'demo-search');
  const last = (): Json => payloads.at(-1) ?? {};
  /** The payload of an act that an app may answer with a view. */
  const act = async (): Promise<Json> => {
    await hanako.post('local/commands', { channel, command: '/tenkyo', text: '' });
    return last();
  };
  const open = async (view = modal('First')): Promise<Json> => {
    const { trigger_id } = await act();
    return (await api('views.open', { trigger_id, view })).view as Json;
  };
  const press = async (viewId: unknown, action: Json = { type: 'button', action_id: 'press', block_id: 'b' }) => {
    await hanako.post('local/actions', { container: { type: 'view', viewId }, action });
    return last();
  };
  const submit = (viewId: unknown) => hanako.ask('POST', 'local/views/submit', { viewId, state: {} });
  const closed = () => hanako.seen.flatMap((event) => (event.type === 'view_closed' ? [event.viewId] : []));

  it('takes a trigger once, in time, from its own app', async () => {
    const { trigger_id } = await act();
    const view = modal('x');
    expect(await bench.api('views.open', { trigger_id, view })).toMatchObject({ error: 'invalid_trigger_id' });
    expect(await api('views.open', { trigger_id: '1.2.3', view })).toMatchObject({ error: 'invalid_trigger_id' });
    expect(await api('views.open', { trigger_id, view })).toMatchObject({ ok: true });
    expect(await api('views.open', { trigger_id, view })).toMatchObject({ error: 'exchanged_trigger_id' });
    const late = (await act()).trigger_id;
    await clock.advance(TRIGGER_LIFETIME_MS + 1);
    expect(await api('views.open', { trigger_id: late, view })).toMatchObject({ error: 'expired_trigger_id' });
  });

  it('refuses a view that Slack would refuse, without using up the trigger', async () => {
    const { trigger_id } = await act();
    const cases: [Json, string, RegExp][] = [
      [{ ...modal('x'), type: 'home' }, 'invalid_arguments', /must be modal/],
      [modal('x'.repeat(25)), 'invalid_arguments', /less than 25 characters.*title/],
      [modal('x', { private_metadata: 'x'.repeat(3_001) }), 'invalid_arguments', /private_metadata/],
      [modal('x', { blocks: [{ type: 'none' }] }), 'invalid_arguments', /unsupported type: none.*view.blocks/],
      [
        modal('x', {
          blocks: [
            {
              type: 'input',
              label: { type: 'plain_text', text: 'l' },
              element: { type: 'plain_text_input', action_id: 'a' },
            },
          ],
        }),
        'invalid_arguments',
        /submit/,
      ],
    ];
    for (const [view, error, detail] of cases) {
      const refusal = await api('views.open', { trigger_id, view });
      expect(refusal).toMatchObject({ ok: false, error });
      expect(JSON.stringify(refusal)).toMatch(detail);
    }
    const large = modal('x', {
      blocks: Array.from({ length: 100 }, () => ({
        type: 'section',
        text: { type: 'plain_text', text: 'x'.repeat(2_900) },
      })),
    });
    expect(await api('views.open', { trigger_id, view: large })).toMatchObject({ error: 'view_too_large' });
    expect(await api('views.open', { trigger_id, view: modal('x') })).toMatchObject({ ok: true });
  });

  it('updates by id or external id, unless another was faster', async () => {
    const first = await open(modal('First', { external_id: 'e1', private_metadata: 'p' }));
    expect(first).toMatchObject({
      external_id: 'e1',
      private_metadata: 'p',
      state: { values: {} },
      previous_view_id: null,
    });
    const update = (values: Json) => api('views.update', { view: modal('Second'), ...values });
    const second = await update({ view_id: first.id, hash: first.hash });
    expect(second).toMatchObject({ ok: true, view: { id: first.id, title: { text: 'Second' } } });
    expect(await update({ view_id: first.id, hash: first.hash })).toMatchObject({ error: 'hash_conflict' });
    expect(await update({ external_id: 'e1' })).toMatchObject({ error: 'not_found' });
    expect(await update({ view_id: 'V1' })).toMatchObject({ error: 'not_found' });
    expect(await bench.api('views.update', { view_id: first.id, view: modal('x') })).toMatchObject({
      error: 'not_found',
    });
    const seen = await eventually(() => hanako.seen.find(({ type }) => type === 'view_updated'), 'the update');
    expect(seen).toMatchObject({ view: { id: first.id, title: 'Second' } });
  });

  it('stacks three views and closes them from the top', async () => {
    const first = await open();
    const push = async (viewId: unknown, title: string) =>
      api('views.push', {
        trigger_id: (await press(viewId)).trigger_id,
        view: modal(title, { notify_on_close: true }),
      });
    const second = (await push(first.id, 'Second')).view as Json;
    expect(second).toMatchObject({ root_view_id: first.id, previous_view_id: first.id });
    const third = (await push(second.id, 'Third')).view as Json;
    expect(await push(third.id, 'Fourth')).toMatchObject({ error: 'push_limit_reached' });
    await hanako.post('local/views/close', { viewId: third.id });
    expect(last()).toMatchObject({ type: 'view_closed', is_cleared: false, view: { id: third.id } });
    expect((await submit(second.id)).body).toEqual({ closed: true });
    answer = { response_action: 'push', view: modal('Pushed') };
    expect((await submit(first.id)).body).toEqual({ closed: false, errors: {} });
    answer = { response_action: 'clear' };
    expect((await submit(first.id)).body).toEqual({ closed: true });
    await eventually(() => closed().length === 4, 'all closed');
    expect(closed().slice(0, 2)).toEqual([third.id, second.id]);
    expect(closed().at(-1)).toBe(first.id);
  });

  it('replaces a submitted view, and says when the app asks for nonsense', async () => {
    const { id } = await open();
    answer = { response_action: 'update', view: modal('Next') };
    expect((await submit(id)).body).toEqual({ closed: false, errors: {} });
    answer = { response_action: 'update', view: { type: 'modal' } };
    expect(await submit(id)).toMatchObject({ status: 502, body: { error: 'app_fault' } });
    answer = { response_action: 'dance' };
    expect(await submit(id)).toMatchObject({ status: 502, body: { error: 'app_fault' } });
  });

  it('tells the app what was chosen in its own words', async () => {
    const { id } = await open();
    expect(await press(id)).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id: id },
      view: { id },
      actions: [{ type: 'button', action_id: 'press', block_id: 'b', value: 'v' }],
    });
    const pick = (value: string) => ({
      type: 'static_select',
      action_id: 'pick',
      block_id: 'b',
      selected_option: { text: { type: 'plain_text', text: 'forged' }, value },
    });
    expect(await press(id, pick('two'))).toMatchObject({
      actions: [{ selected_option: { text: { type: 'plain_text', text: 'two' }, value: 'two' } }],
    });
    const forged = { container: { type: 'view', viewId: id }, action: pick('three') };
    expect(await hanako.ask('POST', 'local/actions', forged)).toMatchObject({ status: 409 });
    const alex = await bench.person('alex');
    const foreign = {
      container: { type: 'view', viewId: id },
      action: { type: 'button', action_id: 'press', block_id: 'b' },
    };
    expect(await alex.ask('POST', 'local/actions', foreign)).toMatchObject({ status: 404 });
  });

  it('names which feedback button was pressed', async () => {
    const button = (text: string, value: string) => ({ text: { type: 'plain_text', text }, value });
    const blocks = [
      {
        type: 'context_actions',
        block_id: 'f',
        elements: [
          {
            type: 'feedback_buttons',
            action_id: 'vote',
            positive_button: button('Good', 'up'),
            negative_button: button('Bad', 'down'),
          },
        ],
      },
    ];
    const { ts } = await api('chat.postMessage', { channel, text: 'x', blocks });
    const container = { type: 'message', channel, ts };
    const vote = (value: string) => ({
      container,
      action: { type: 'feedback_buttons', action_id: 'vote', block_id: 'f', value },
    });
    await hanako.post('local/actions', vote('down'));
    expect(last()).toMatchObject({ actions: [{ type: 'feedback_buttons', value: 'down', text: { text: 'Bad' } }] });
    expect((await hanako.ask('POST', 'local/actions', vote('sideways'))).status).toBe(409);
  });

  it('publishes a home', async () => {
    const view = { type: 'home', blocks: [{ type: 'divider' }] };
    const first = (await api('views.publish', { user_id: hanako.id, view })).view as Json;
    const second = await api('views.publish', { user_id: hanako.id, view, hash: first.hash });
    expect(second).toMatchObject({ ok: true, view: { id: first.id } });
    expect(await api('views.publish', { user_id: hanako.id, view, hash: first.hash })).toMatchObject({
      error: 'hash_conflict',
    });
  });

  describe('a response_url', () => {
    const respond = async (url: unknown, body: unknown) => {
      const response = await fetch(String(url), { method: 'POST', body: JSON.stringify(body) });
      return { status: response.status, text: await response.text() };
    };
    const said = () => hanako.seen.flatMap((event) => (event.type === 'message' ? [event.message.text] : []));

    it('takes five answers within half an hour', async () => {
      const { response_url: url } = await act();
      for (let use = 0; use < RESPONSE_URL_USES; use += 1) {
        expect(await respond(url, { text: `answer ${use}` })).toEqual({ status: 200, text: 'ok' });
      }
      expect(await respond(url, { text: 'x' })).toMatchObject({
        status: 404,
        text: expect.stringContaining('used_url'),
      });
      expect(await respond(`${url}x`, { text: 'x' })).toMatchObject({ status: 404 });
      const { response_url: late } = await act();
      expect(await respond(late, { text: '' })).toMatchObject({
        status: 400,
        text: expect.stringContaining('no_text'),
      });
      await clock.advance(RESPONSE_URL_LIFETIME_MS + 1);
      expect(await respond(late, { text: 'x' })).toMatchObject({
        status: 404,
        text: expect.stringContaining('expired'),
      });
      await eventually(() => said().length === RESPONSE_URL_USES, 'the answers');
    });

    it('replaces and takes away the message that was acted on', async () => {
      const button = { type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'Press' } };
      const blocks = [{ type: 'actions', block_id: 'b', elements: [button] }];
      const action = { type: 'button', action_id: 'a', block_id: 'b' };
      const pressIn = async (ts: unknown) => {
        await hanako.post('local/actions', { container: { type: 'message', channel, ts }, action });
        return last().response_url;
      };
      const { ts } = await api('chat.postMessage', { channel, text: 'shown', blocks });
      await respond(await pressIn(ts), { text: 'replaced', replace_original: true });
      expect((await hanako.thread(channel, String(ts)))[0]).toMatchObject({ text: 'replaced', blocks: [] });

      const whispered = await api('chat.postEphemeral', { channel, user: hanako.id, text: 'psst', blocks });
      const url = await pressIn(whispered.message_ts);
      expect(last()).toMatchObject({ container: { is_ephemeral: true } });
      await respond(url, { text: 'psst!', replace_original: true });
      await respond(url, { delete_original: true });
      await eventually(() => hanako.seen.some(({ type }) => type === 'message_deleted'), 'the end of it');
      expect(hanako.seen.at(-1)).toEqual({ type: 'message_deleted', channel, ts: whispered.message_ts });
      expect(said()).toContain('psst!');
    });
  });
});
