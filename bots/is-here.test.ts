import { describe, expect, it } from '@jest/globals';
import { isHere } from './is-here.ts';

describe('isHere', () => {
  const record = { team: 'T1', channel: 'C1' };
  const click = (team: string | null, channel?: string) => ({
    team: team === null ? null : { id: team, domain: 'lab' },
    ...(channel !== undefined && { channel: { id: channel, name: 'c' } }),
  });

  it('knows a record of the channel, and of the workspace from a modal', () => {
    expect(isHere(record, click('T1', 'C1'))).toBe(true);
    expect(isHere(record, click('T1'))).toBe(true);
  });

  it('knows none of another channel, another workspace or none at all', () => {
    expect(isHere(record, click('T1', 'C2'))).toBe(false);
    expect(isHere(record, click('T2', 'C1'))).toBe(false);
    expect(isHere(record, click(null, 'C1'))).toBe(false);
  });
});
