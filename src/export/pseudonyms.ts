import { createHmac } from 'node:crypto';

/** What an exported id is of; the same id of two kinds has two pseudonyms. */
type IdKind = 'team' | 'user' | 'channel' | 'thread' | 'answer' | 'comparison' | 'search';

export interface Pseudonyms {
  /** @param id as it is within the team */
  of(kind: IdKind, team: string, id: string): string;
  /** A text, with the people whom it mentions as Slack writes mentions (`<@U…>`) renamed in the same way. */
  text(team: string, text: string): string;
}

/** Ids as they are. */
export const plainIds: Pseudonyms = { of: (_, __, id) => id, text: (_, text) => text };

/**
 * Names that stand for ids: the same for the same id and key, and without the key neither readable nor guessable from
 * a list of ids. 96 bits of HMAC-SHA-256.
 */
export const createPseudonyms = (key: string | Uint8Array): Pseudonyms => {
  const of: Pseudonyms['of'] = (kind, team, id) => {
    const digest = createHmac('sha256', key)
      .update(JSON.stringify([kind, team, id]))
      .digest();
    return `${kind}_${digest.subarray(0, 12).toString('hex')}`;
  };
  return {
    of,
    text: (team, text) =>
      text.replace(/<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>/g, (_, id: string) => `<@${of('user', team, id)}>`),
  };
};
