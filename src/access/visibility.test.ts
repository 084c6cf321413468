import { describe, expect, it } from '@jest/globals';
import { createDoor } from './door.ts';
import { type Audience, visibleCorpora } from './visibility.ts';

const corpora = [
  { name: 'lab', visibility: { channels: ['C1'], userGroups: ['S1'] } },
  { name: 'open', visibility: 'everyone' },
  { name: 'nobody', visibility: { channels: [], userGroups: [] } },
] as const;
/** U1 is in S1. */
const access = { inGroup: async (user: string, groups: readonly string[]) => user === 'U1' && groups.includes('S1') };
const seen = (audience: Partial<Audience>) =>
  visibleCorpora(corpora, { channel: 'C2', user: 'U1', alone: false, ...audience }, access);

describe('who sees a corpus', () => {
  it('is the channel in a channel, whoever asks: others read along', async () => {
    expect(await seen({})).toEqual(['open']);
    expect(await seen({ user: 'U2' })).toEqual(['open']);
    expect(await seen({ channel: 'C1', user: 'U2' })).toEqual(['lab', 'open']);
  });

  it("is also the person's user groups where they alone read", async () => {
    expect(await seen({ channel: 'D1', alone: true })).toEqual(['lab', 'open']);
    expect(await seen({ channel: 'D1', alone: true, user: 'U2' })).toEqual(['open']);
  });

  it('refuses at the door where nothing may be shown, but not where nothing is configured', async () => {
    const door = (some: Parameters<typeof visibleCorpora>[0]) =>
      createDoor({
        settings: { of: async () => ({ value: () => null, list: () => [] }) },
        access,
        rules: {
          corpora: some,
          models: [],
          limits: { questions: null, tokens: null, atOnce: null, running: null, waiting: null },
        },
        pace: async () => null,
      });
    const entry = { team: 'T1', channel: 'C2', user: 'U1', alone: false };
    expect(await door([corpora[0]]).search(entry)).toEqual({ refusal: { why: 'nothing_visible' } });
    expect(await door([corpora[0]]).search({ ...entry, alone: true })).toEqual({ corpora: ['lab'] });
    expect(await door([]).search(entry)).toEqual({ corpora: [] });
  });
});
