import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { eventually } from '../testing/eventually.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { createWorkbench, type TestPerson, type Workbench } from '../testing/workbench.ts';

type Envelope = Record<string, unknown> & {
  type: string;
  envelope_id?: string;
  payload?: { event?: { text?: string; type: string }; event_id?: string };
};

interface Client {
  readonly got: Envelope[];
  readonly socket: WebSocket;
  readonly closed: Promise<void>;
  ack(envelope: Envelope, payload?: unknown): void;
}

/** Socket Mode by hand: nothing is acknowledged unless the test says so. */
describe('Socket Mode', () => {
  let clock: ManualClock;
  let bench: Workbench;
  let hanako: TestPerson;
  let channel: string;
  const clients: Client[] = [];

  beforeEach(async () => {
    clock = createManualClock();
    bench = await createWorkbench({ clock });
    hanako = await bench.person('hanako');
    channel = (await hanako.channel('playground')).id;
  });
  afterEach(async () => {
    for (const { socket } of clients.splice(0)) socket.terminate();
    await bench.close();
  });

  const address = async (app = 'demo-model'): Promise<string> =>
    String((await bench.api('apps.connections.open', {}, app)).url);
  const connect = async (app?: string): Promise<Client> => {
    const socket = new WebSocket(await address(app));
    const got: Envelope[] = [];
    socket.on('message', (data) => got.push(JSON.parse(String(data)) as Envelope));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const client: Client = {
      got,
      socket,
      closed,
      ack: ({ envelope_id }, payload) => socket.send(JSON.stringify({ envelope_id, payload })),
    };
    clients.push(client);
    await eventually(() => got[0]?.type === 'hello', 'the greeting');
    return client;
  };
  const events = ({ got }: Client): Envelope[] => got.filter(({ type }) => type === 'events_api');
  const texts = (client: Client) => events(client).map(({ payload }) => payload?.event?.text);

  it('greets, and takes each ticket once', async () => {
    const url = await address();
    const first = new WebSocket(url);
    const [hello] = await new Promise<Envelope[]>((resolve) => {
      first.once('message', (data) => resolve([JSON.parse(String(data)) as Envelope]));
    });
    expect(hello).toMatchObject({
      type: 'hello',
      num_connections: 1,
      connection_info: { app_id: expect.stringMatching(/^A/) },
    });
    const second = new WebSocket(url);
    const failure = await new Promise<Error>((resolve) => second.once('error', resolve));
    expect(failure.message).toMatch(/401/);
    first.terminate();
    const late = await address();
    await clock.advance(31_000);
    const expired = new WebSocket(late);
    expect((await new Promise<Error>((resolve) => expired.once('error', resolve))).message).toMatch(/401/);
  });

  it('sends each event to one of the connections, in turn', async () => {
    const one = await connect();
    const other = await connect();
    for (const text of ['a', 'b', 'c', 'd']) await hanako.say(channel, text);
    await eventually(() => events(one).length + events(other).length === 4, 'four events');
    expect([...texts(one), ...texts(other)].sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(events(one)).toHaveLength(2);
    expect(events(one)[0]).toMatchObject({ accepts_response_payload: false, retry_attempt: 0, retry_reason: '' });
  });

  it('sends again what was not acknowledged in 3 seconds, and not what was', async () => {
    const client = await connect();
    await hanako.say(channel, 'acknowledged');
    await hanako.say(channel, 'forgotten');
    await eventually(() => events(client).length === 2, 'both');
    const [first, second] = events(client) as [Envelope, Envelope];
    client.ack(first);
    const file = new DatabaseSync(bench.file, { readOnly: true });
    const pending = () => file.prepare('select count(*) as count from pending_events where attempts > 0').get()?.count;
    await eventually(() => pending() === 1, 'the effect of the acknowledgement');
    file.close();
    await clock.advance(3_000);
    await eventually(() => events(client).length === 3, 'the retry');
    const retry = events(client)[2];
    expect(retry).toMatchObject({ retry_attempt: 1, retry_reason: 'timeout', payload: second.payload });
    expect(retry?.envelope_id).not.toBe(second.envelope_id);
  });

  it('hands over at once what a closed connection had not acknowledged', async () => {
    const dying = await connect();
    await hanako.say(channel, 'unlucky');
    await eventually(() => events(dying).length === 1, 'the event');
    dying.socket.terminate();
    const heir = await connect();
    await eventually(() => events(heir).length === 1, 'the same event');
    expect(events(heir)[0]).toMatchObject({ retry_attempt: 1, payload: events(dying)[0]?.payload });
  });

  it('forgets an event after an hour without a bot', async () => {
    await hanako.say(channel, 'old');
    await clock.advance(50 * 60_000);
    await hanako.say(channel, 'newer');
    await clock.advance(11 * 60_000);
    const client = await connect();
    await eventually(() => events(client).length > 0, 'what is left');
    expect(texts(client)).toEqual(['newer']);
  });

  it('asks to leave on demand, and sends nothing more to who was asked', async () => {
    const leaving = await connect();
    await bench.fault({ order: 'disconnect', app: 'demo-model', reason: 'refresh_requested' });
    await eventually(() => leaving.got.some(({ type }) => type === 'disconnect'), 'the request');
    expect(leaving.got.at(-1)).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
    await hanako.say(channel, 'later');
    const staying = await connect();
    await eventually(() => events(staying).length === 1, 'the event');
    expect(events(leaving)).toEqual([]);
  });

  it('sends one event twice on demand', async () => {
    const client = await connect();
    await bench.fault({ order: 'duplicate_next_event', app: 'demo-model' });
    await hanako.say(channel, 'twice');
    await eventually(() => events(client).length === 2, 'both');
    const [first, second] = events(client);
    expect(first?.payload).toEqual(second?.payload);
  });

  it('asks the eldest of more than ten connections to leave', async () => {
    const all: Client[] = [];
    for (let count = 0; count < 11; count += 1) all.push(await connect());
    await eventually(() => all[0]?.got.some(({ type }) => type === 'disconnect'), 'the request');
    expect(all[0]?.got.at(-1)).toMatchObject({ reason: 'too_many_websockets' });
    expect(all.slice(1).every(({ got }) => got.every(({ type }) => type === 'hello'))).toBe(true);
  });

  it('cuts off a peer that answers no ping', async () => {
    const client = await connect();
    // Pauses reading: pings stay unanswered, as those of a peer whose machine is gone.
    client.socket.pause();
    await clock.advance(10_000);
    await clock.advance(10_000);
    await eventually(async () => {
      const { people } = await bench.bootstrap();
      return people.every(({ name, online }) => name !== 'demo-model' || !online);
    }, 'the app to be offline');
    expect((await bench.bootstrap()).people.find(({ name }) => name === 'demo-model')?.online).toBe(false);
  });

  it('tells the person when the app of a command is away or too slow', async () => {
    const said = () => hanako.seen.flatMap((event) => (event.type === 'message' ? [event.message] : []));
    await hanako.post('local/commands', { channel, command: '/tenkyo', text: '' });
    await eventually(() => said().length === 1, 'the notice');
    expect(said()[0]).toMatchObject({ ephemeralFor: hanako.id, text: expect.stringContaining('つながっていません') });

    const alex = await bench.person('alex');
    const client = await connect('demo-search');
    const command = alex.post('local/commands', { channel, command: '/tenkyo', text: 'x' });
    const envelope = await eventually(() => client.got.find(({ type }) => type === 'slash_commands'), 'the command');
    expect(envelope).toMatchObject({
      accepts_response_payload: true,
      payload: { command: '/tenkyo', text: 'x', user_id: alex.id, channel_id: channel, is_enterprise_install: 'false' },
    });
    await clock.advance(3_000);
    await command;
    const notice = await eventually(
      () => alex.seen.flatMap((event) => (event.type === 'message' ? [event.message] : []))[0],
      'the notice',
    );
    expect(notice.text).toContain('operation_timeout');
    client.ack(envelope, { text: 'too late' });
    await hanako.say(channel, 'still here');
    expect(alex.seen.some((event) => event.type === 'message' && event.message.text === 'too late')).toBe(false);
  });
});
