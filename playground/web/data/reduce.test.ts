import { describe, expect, it } from '@jest/globals';
import type { LiveEvent } from '../../protocol/live.ts';
import { bootstrap, message } from '../testing/world.ts';
import { rootsOf, threadOf, withReaction } from './messages.ts';
import { parsePlace } from './place.ts';
import { type PageEvent, reduce } from './reduce.ts';
import { initialState, type State } from './state.ts';

const stateAfter = (...events: (LiveEvent | PageEvent)[]): State =>
  events.reduce(reduce, initialState(bootstrap, parsePlace('', bootstrap.channels)));

const loaded = (
  messages: ReturnType<typeof message>[],
  more: Partial<PageEvent & { type: 'loaded' }> = {},
): PageEvent => ({
  type: 'loaded',
  channel: 'C1',
  thread: null,
  before: null,
  page: { messages, hasMore: false },
  fresh: new Set(),
  ...more,
});
const tsOf = (state: State) => rootsOf(state.messages.C1).map(({ ts }) => ts);

describe('messages', () => {
  it('keeps them in the order of their ts, whatever order they come in', () => {
    const state = stateAfter(loaded([message('2.0')]), { type: 'message', message: message('1.0') });
    expect(tsOf(state)).toEqual(['1.0', '2.0']);
  });

  it('shows replies in their thread only', () => {
    const root = message('1.0', { threadTs: '1.0', replyCount: 1 });
    const state = stateAfter(loaded([root]), { type: 'message', message: message('2.0', { threadTs: '1.0' }) });
    expect(tsOf(state)).toEqual(['1.0']);
    expect(threadOf(state.messages.C1, '1.0').map(({ ts }) => ts)).toEqual(['1.0', '2.0']);
  });

  it('replaces the draft with what the server made of it, under the same key', () => {
    const draft = { clientKey: 'k', channel: 'C1', threadTs: null, files: [], text: 'hi', at: 1, failed: false };
    const sent = message('1.0', { user: 'U1', clientKey: 'k' });
    const state = stateAfter(loaded([]), { type: 'drafted', draft }, { type: 'message', message: sent });
    expect(state.drafts).toEqual([]);
    const changed = reduce(state, { type: 'message', message: { ...sent, clientKey: null, replyCount: 1 } });
    expect(changed.messages.C1?.['1.0']).toMatchObject({ clientKey: 'k', replyCount: 1 });
  });

  it('adds streamed text at its place once, and waits behind a gap', () => {
    const stream = (at: number, text: string): LiveEvent => ({ type: 'stream', channel: 'C1', ts: '1.0', at, text });
    const start = loaded([message('1.0', { text: '', streaming: true, markdown: true })]);
    const text = (...events: LiveEvent[]) => stateAfter(start, ...events).messages.C1?.['1.0']?.text;
    expect(text(stream(0, 'ab'), stream(2, 'cd'))).toBe('abcd');
    expect(text(stream(0, 'ab'), stream(0, 'ab'), stream(2, 'cd'))).toBe('abcd');
    expect(text(stream(0, 'ab'), stream(4, 'ef'))).toBe('ab');
  });

  it('drops what was deleted meanwhile when a page comes, keeping ephemeral and newer ones', () => {
    const state = stateAfter(
      loaded([message('1.0'), message('2.0')]),
      { type: 'message', message: message('3.0', { ephemeralFor: 'U1' }) },
      { type: 'message', message: message('4.0', { text: 'newer' }) },
      loaded([message('2.0')], { fresh: new Set(['4.0']) }),
    );
    expect(tsOf(state)).toEqual(['2.0', '3.0', '4.0']);
    expect(state.messages.C1?.['4.0']?.text).toBe('newer');
  });

  it('puts an older page before what is there', () => {
    const state = stateAfter(
      loaded([message('5.0')], { page: { messages: [message('5.0')], hasMore: true } }),
      loaded([message('3.0'), message('4.0')], { before: '5.0' }),
    );
    expect(tsOf(state)).toEqual(['3.0', '4.0', '5.0']);
  });

  it('keeps older replies when the newest page of a thread is loaded again', () => {
    const root = message('1.0', { threadTs: '1.0' });
    const reply = (ts: string) => message(ts, { threadTs: '1.0' });
    const state = stateAfter(
      loaded([root, reply('2.0'), reply('3.0')], { thread: '1.0' }),
      loaded([], { thread: '1.0', page: { messages: [root, reply('3.0')], hasMore: true } }),
    );
    expect(threadOf(state.messages.C1, '1.0').map(({ ts }) => ts)).toEqual(['1.0', '2.0', '3.0']);
  });
});

describe('marks', () => {
  it('marks another channel unread, not the one that is shown', () => {
    const unread = (state: State) => state.channels.filter((each) => each.unread).map(({ id }) => id);
    expect(unread(stateAfter({ type: 'message', message: message('1.0', { channel: 'C2' }) }))).toEqual(['C2']);
    expect(unread(stateAfter({ type: 'message', message: message('1.0') }))).toEqual([]);
    expect(unread(stateAfter({ type: 'message', message: message('1.0', { channel: 'C2', user: 'U1' }) }))).toEqual([]);
  });

  it('ends a status when its bot writes, when it is cleared and when the line breaks', () => {
    const status = (text: string): LiveEvent => ({
      type: 'status',
      channel: 'C1',
      threadTs: '1.0',
      user: 'U3',
      status: text,
    });
    const thinking = stateAfter(loaded([message('1.0')]), status('is thinking…'));
    expect(thinking.statuses).toEqual({ 'C1/1.0': { U3: 'is thinking…' } });
    const answer = message('2.0', { threadTs: '1.0', user: 'U3' });
    for (const event of [
      status(''),
      { type: 'message', message: answer } as const,
      { type: 'connected', connected: false } as const,
    ]) {
      expect(reduce(thinking, event).statuses).toEqual({});
    }
  });

  it('counts a reaction once for each person and forgets it with the last', () => {
    const on = { name: 'mag', user: 'U1', on: true };
    const once = withReaction([], on);
    expect(withReaction(once, on)).toEqual([{ name: 'mag', users: ['U1'] }]);
    expect(withReaction(once, { ...on, on: false })).toEqual([]);
  });
});

describe('views', () => {
  const view = (id: string, title = 't') => ({
    id,
    title,
    submit: null,
    close: null,
    blocks: [],
    callbackId: '',
    hash: '1',
  });
  it('opens one over the other, updates in place, and does not open by an update', () => {
    const open = stateAfter({ type: 'view_opened', view: view('V1') }, { type: 'view_opened', view: view('V2') });
    expect(open.views.map(({ id }) => id)).toEqual(['V1', 'V2']);
    const updated = reduce(open, { type: 'view_updated', view: view('V1', 'new') });
    expect(updated.views.map(({ title }) => title)).toEqual(['new', 't']);
    expect(reduce(updated, { type: 'view_closed', viewId: 'V2' }).views).toHaveLength(1);
    expect(stateAfter({ type: 'view_updated', view: view('V9') }).views).toEqual([]);
  });
});

describe('places', () => {
  it.each([
    ['#C2', { channel: 'C2', thread: null }],
    ['#C1/1700000000.000100', { channel: 'C1', thread: '1700000000.000100' }],
    ['#C999/1700000000.000100', { channel: 'C1', thread: null }],
    ['#nonsense', { channel: 'C1', thread: null }],
    ['', { channel: 'C1', thread: null }],
  ])('reads %j', (hash, expected) => expect(parsePlace(hash, bootstrap.channels)).toMatchObject(expected));
});
