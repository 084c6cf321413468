import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import type { ZodType } from 'zod';
import type { StoredChannel } from '../state/channels.ts';
import type { Member } from '../state/people.ts';
import type { Workspace } from '../workspace.ts';

/** A refusal to the page: a status, a code, and a sentence for a person. */
export class LocalFault extends Error {
  override readonly name = 'LocalFault';
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 502 | 504;
  readonly code: string;

  constructor(status: LocalFault['status'], code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Compares in a time that does not depend on where the two differ. */
export const sameSecret = (given: string, expected: string): boolean => {
  const one = Buffer.from(given);
  const other = Buffer.from(expected);
  return one.length === other.length && timingSafeEqual(one, other);
};

/** The one that a request acts for: somebody who writes by hand, never an app's bot. */
export const findPerson = ({ store }: Workspace, id: string | undefined): Member => {
  const person = id === undefined ? undefined : store.people.find(id);
  if (!person) throw new LocalFault(403, 'unknown_person', 'x-tenkyo-person must name a person of the workspace.');
  if (person.appId !== null) throw new LocalFault(403, 'bot_not_allowed', 'One cannot act as a bot user.');
  return person;
};

/** A channel that the person is in; of others they learn nothing. */
export const findJoined = ({ store }: Workspace, person: Member, id: string): StoredChannel => {
  const channel = store.channels.find(id);
  if (!channel?.members.includes(person.id)) {
    throw new LocalFault(404, 'channel_not_found', 'There is no such channel, or you are not in it.');
  }
  return channel;
};

export const readBody = async <T>(context: Context, schema: ZodType<T>): Promise<T> => {
  const body: unknown = await context.req.json().catch(() => {
    throw new LocalFault(400, 'invalid_json', 'The body must be JSON.');
  });
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new LocalFault(400, 'invalid_body', `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}`);
};
