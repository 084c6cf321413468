import { randomBytes, randomInt, randomUUID } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const pick = (length: number): string =>
  Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)] as string).join('');

const digits = (length: number): string => Array.from({ length }, () => String(randomInt(10))).join('');

/** Names that Slack would give: unguessable where they open something (tokens, tickets, response addresses). */
export interface Ids {
  /** `C0AB12CD34E`: Slack's letter for the kind of thing, then ten letters and digits. */
  of(kind: 'T' | 'U' | 'B' | 'A' | 'C' | 'D' | 'V' | 'S' | 'F' | 'Ev'): string;
  botToken(): string;
  appToken(appId: string): string;
  /** 256 bits, hexadecimal. */
  secret(): string;
  /** What Slack gives a block or an action that came without a name. */
  short(): string;
  uuid(): string;
}

export const createIds = (): Ids => ({
  of: (kind) => `${kind}0${pick(9)}`,
  botToken: () => `xoxb-${digits(12)}-${digits(13)}-${randomBytes(12).toString('hex')}`,
  appToken: (appId) => `xapp-1-${appId}-${digits(13)}-${randomBytes(32).toString('hex')}`,
  secret: () => randomBytes(32).toString('hex'),
  short: () => randomBytes(4).toString('base64url').slice(0, 5),
  uuid: () => randomUUID(),
});
