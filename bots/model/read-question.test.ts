import { expect, it } from '@jest/globals';
import { type IncomingMessage, readQuestion } from './read-question.ts';

const self = { userId: 'UBOT' };
const message = (facts: Partial<IncomingMessage>): IncomingMessage => ({
  type: 'message',
  channel: 'C1',
  channel_type: 'channel',
  user: 'U1',
  text: '',
  ts: '2.0',
  ...facts,
});

it.each<[string, Partial<IncomingMessage>, string, 'addressed' | 'follow-up']>([
  ['a mention', { type: 'app_mention', text: '<@UBOT> なぜ？' }, 'なぜ？', 'addressed'],
  ['the same as a message', { text: '<@UBOT> なぜ？' }, 'なぜ？', 'addressed'],
  ['a mention with a name', { text: 'ねえ <@UBOT|bot>、なぜ？' }, 'ねえ 、なぜ？', 'addressed'],
  ['a direct message', { channel_type: 'im', text: 'なぜ？' }, 'なぜ？', 'addressed'],
  ['a direct message that names someone', { channel_type: 'im', text: 'who is <@U2>?' }, 'who is ?', 'addressed'],
  ['a reply', { thread_ts: '1.0', text: 'それで？' }, 'それで？', 'follow-up'],
  [
    'a reply sent to the channel too',
    { thread_ts: '1.0', subtype: 'thread_broadcast', text: 'で？' },
    'で？',
    'follow-up',
  ],
  ['a file', { channel_type: 'im', subtype: 'file_share', files: [{}], text: '' }, '', 'addressed'],
])('reads %s', (_, facts, text, how) => {
  expect(readQuestion(message(facts), self)).toMatchObject({
    text,
    threadTs: facts.thread_ts ?? '2.0',
    followUp: how === 'follow-up',
    files: facts.files ?? [],
  });
});

it.each<[string, Partial<IncomingMessage>]>([
  ['talk in the channel', { text: 'なぜ？' }],
  ['what another bot says', { bot_id: 'B1', text: '<@UBOT> なぜ？' }],
  ['what it says itself', { user: 'UBOT', channel_type: 'im', text: 'なぜ？' }],
  ['an edit', { subtype: 'message_changed', thread_ts: '1.0' }],
  ['a deletion', { subtype: 'message_deleted', channel_type: 'im' }],
  ['a bot message without bot_id', { subtype: 'bot_message', channel_type: 'im', text: 'x' }],
  ['a reply to somebody else', { thread_ts: '1.0', text: '<@U2> どう思う？' }],
  ['nobody', { user: undefined, channel_type: 'im', text: 'x' }],
])('leaves alone %s', (_, facts) => {
  expect(readQuestion(message(facts), self)).toBeNull();
});
