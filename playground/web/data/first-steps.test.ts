import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../protocol/messages.ts';
import { bootstrap, message } from '../testing/world.ts';
import { firstSteps } from './first-steps.ts';
import { createPreferences } from './preferences.ts';
import { fromBootstrap } from './state.ts';

const { me, people } = fromBootstrap(bootstrap);
const steps = (...messages: Message[]) =>
  firstSteps({ me, people, messages: { C1: Object.fromEntries(messages.map((each) => [each.ts, each])) } });

const question = message('1.0', { user: 'U1', text: '<@U3> 地震の原因は？', threadTs: '1.0' });
const answer = message('2.0', { user: 'U3', threadTs: '1.0' });
const marked = { ...answer, reactions: [{ name: 'mag', users: ['U1'] }] };
const result = message('3.0', { user: 'U4', threadTs: '1.0' });

describe('the first steps', () => {
  it('begin with a question to a bot', () => {
    expect(steps(message('1.0', { user: 'U1', text: 'hello' })).question).toBeNull();
    expect(steps(message('1.0', { user: 'U2', text: '<@U3> hello' })).question).toBeNull();
    expect(steps(question)).toEqual({ question, answer: null, marked: false, result: null });
  });

  it('wait for the whole answer', () => {
    expect(steps(question, { ...answer, streaming: true }).answer).toBeNull();
    expect(steps(question, answer).answer).toEqual(answer);
  });

  it('find the result of one’s own 🔍 only', () => {
    expect(steps(question, answer, result)).toMatchObject({ marked: false, result: null });
    expect(steps(question, marked, result)).toEqual({ question, answer: marked, marked: true, result });
  });
});

describe('what a browser remembers', () => {
  const memory = () => {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
  };

  it('lets two tabs be two people', () => {
    const browser = memory();
    const one = createPreferences(memory(), browser);
    const other = createPreferences(memory(), browser);
    one.setPerson('U1');
    other.setPerson('U2');
    expect([one.person(), other.person()]).toEqual(['U1', 'U2']);
    expect(createPreferences(memory(), browser).person()).toBe('U2');
  });

  it('keeps ticks for each person, and nothing where storage is forbidden', () => {
    const preferences = createPreferences(memory(), memory());
    preferences.remember('U1', { asked: true });
    preferences.remember('U1', { marked: true });
    expect(preferences.remembered('U1')).toMatchObject({ asked: true, marked: true, read: false });
    expect(preferences.remembered('U2').asked).toBe(false);
    const forbidden = {
      getItem: () => {
        throw new Error('denied');
      },
      setItem: () => {
        throw new Error('denied');
      },
    };
    const none = createPreferences(forbidden, forbidden);
    none.setPerson('U1');
    expect(none.person()).toBeNull();
    expect(none.remembered('U1').cardClosed).toBe(false);
  });
});
