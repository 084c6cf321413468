import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { createWorkbench, type TestPerson, type Workbench } from '../testing/workbench.ts';

type Json = Record<string, unknown>;

describe('reading through the Web API', () => {
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

  describe('reading', () => {
    it('pages through a channel from its end, without replies', async () => {
      const roots: string[] = [];
      for (let index = 0; index < 5; index += 1) roots.push((await hanako.say(channel, `root ${index}`)).ts);
      await hanako.say(channel, 'reply', roots[0]);
      const read = async (values: Json) => {
        const answer = (await bench.api('conversations.history', { channel, ...values })) as {
          messages: { text: string; reply_count?: number }[];
          has_more: boolean;
          response_metadata: { next_cursor: string };
        };
        return {
          ...answer,
          texts: answer.messages.map(({ text }) => text),
          cursor: answer.response_metadata.next_cursor,
        };
      };
      const first = await read({ limit: 2 });
      expect(first).toMatchObject({ texts: ['root 4', 'root 3'], has_more: true });
      const second = await read({ limit: 2, cursor: first.cursor });
      const third = await read({ limit: 2, cursor: second.cursor });
      expect([...second.texts, ...third.texts]).toEqual(['root 2', 'root 1', 'root 0']);
      expect(third).toMatchObject({ has_more: false, cursor: '' });
      expect(third.messages[0]).toMatchObject({
        reply_count: 1,
        reply_users: [hanako.id],
        latest_reply: expect.any(String),
      });
      expect((await read({ latest: roots[2], oldest: roots[1], inclusive: true })).texts).toEqual(['root 2', 'root 1']);
      expect((await read({ latest: roots[2], oldest: roots[1] })).texts).toEqual([]);
      expect(await bench.api('conversations.history', { channel, cursor: 'zzz' })).toMatchObject({
        error: 'invalid_cursor',
      });
    });

    it('reads a thread from its root, and of a reply that reply', async () => {
      const { ts: root } = await hanako.say(channel, 'root');
      const replies: string[] = [];
      for (let index = 0; index < 3; index += 1) replies.push((await hanako.say(channel, `reply ${index}`, root)).ts);
      const read = async (values: Json) =>
        (await bench.api('conversations.replies', { channel, ...values })) as {
          messages: { text: string; thread_ts: string }[];
          response_metadata: { next_cursor: string };
        };
      const first = await read({ ts: root, limit: 2 });
      expect(first.messages.map(({ text }) => text)).toEqual(['root', 'reply 0']);
      const rest = await read({ ts: root, limit: 2, cursor: first.response_metadata.next_cursor });
      expect(rest.messages.map(({ text }) => text)).toEqual(['root', 'reply 1', 'reply 2']);
      const one = await read({ ts: replies[1], limit: 1, inclusive: true });
      expect(one.messages).toEqual([expect.objectContaining({ text: 'reply 1', thread_ts: root })]);
      expect(await read({ ts: '1.000000' })).toMatchObject({ error: 'thread_not_found' });
    });

    it('shows only what the bot is in', async () => {
      const random = (await hanako.channel('random')).id;
      const foreign = (await hanako.channel('demo-search')).id;
      await hanako.say(foreign, 'private');
      for (const method of ['conversations.history', 'conversations.info', 'conversations.members']) {
        expect(await bench.api(method, { channel: foreign })).toMatchObject({ error: 'channel_not_found' });
      }
      expect(await bench.api('conversations.history', { channel: random })).toMatchObject({ error: 'not_in_channel' });
      expect(await bench.api('conversations.info', { channel: random })).toMatchObject({
        channel: { name: 'random', is_member: false, is_im: false },
      });
      const list = (await bench.api('conversations.list', { types: 'public_channel,im' })) as { channels: Json[] };
      expect(list.channels).not.toContainEqual(expect.objectContaining({ id: foreign }));
      expect(list.channels.filter(({ is_im: im }) => im)).toHaveLength(2);
      expect(await bench.api('conversations.join', { channel: random })).toMatchObject({
        channel: { is_member: true },
      });
      expect(await bench.api('conversations.join', { channel: random })).toMatchObject({
        warning: 'already_in_channel',
      });
      const members = (await bench.api('conversations.members', { channel: random })) as { members: string[] };
      expect(members.members).toHaveLength(3);
    });

    it('says who people are', async () => {
      expect(await bench.api('users.info', { user: hanako.id, include_locale: true })).toMatchObject({
        user: { name: 'hanako', real_name: '花子', locale: 'ja-JP', is_admin: true, is_owner: true, is_bot: false },
      });
      const alex = await bench.person('alex');
      const { user } = (await bench.api('users.info', { user: alex.id })) as { user: Json };
      expect(user).toMatchObject({ is_admin: false, is_owner: false });
      expect(user).not.toHaveProperty('locale');
      expect(await bench.api('users.info', { user: 'U1' })).toMatchObject({ error: 'user_not_found' });
      const groups = (await bench.api('usergroups.list')) as { usergroups: { id: string }[] };
      expect(await bench.api('usergroups.users.list', { usergroup: groups.usergroups[0]?.id })).toMatchObject({
        users: [hanako.id],
      });
      expect(await bench.api('usergroups.users.list', { usergroup: 'S1' })).toMatchObject({ error: 'no_such_subteam' });
      const self = await bench.api('auth.test');
      expect(await bench.api('bots.info', { bot: self.bot_id })).toMatchObject({ bot: { name: 'demo-model' } });
      expect(await bench.api('team.info')).toMatchObject({ team: { id: teamId } });
      expect(await bench.api('conversations.open', { users: alex.id })).toMatchObject({ already_open: true });
      expect(await bench.api('conversations.open', { users: self.user_id })).toMatchObject({ error: 'cannot_dm_bot' });
    });
  });
});
