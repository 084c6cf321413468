import { describe, expect, it } from '@jest/globals';
import { asTenkyoError, describeError, TenkyoError } from './errors.ts';

describe('describeError', () => {
  it('says what, where, expected, found and what to do, without a stack', () => {
    const error = new TenkyoError('file_corrupt', 'the index file is cut short', {
      where: 'a.idx',
      expected: '100 bytes',
      found: '12 bytes',
      remedy: 'Copy it again.',
    });
    expect(describeError(error)).toBe(
      'tenkyo: the index file is cut short\n  where: a.idx\n  expected: 100 bytes\n  found: 12 bytes\n  Copy it again.',
    );
  });

  it('takes any thrown thing', () => {
    expect(asTenkyoError('boom').message).toBe('boom');
    expect(asTenkyoError(new Error('boom')).code).toBe('internal');
  });
});
