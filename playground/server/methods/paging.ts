import type { Arguments } from '../arguments.ts';
import { SlackFault } from '../slack-fault.ts';

/** Slack's cursors, here the place of the next item: https://docs.slack.dev/apis/web-api/pagination */
const decode = (cursor: string): string => {
  const place = Buffer.from(cursor, 'base64').toString();
  if (!place.startsWith('next:')) throw new SlackFault('invalid_cursor');
  return place.slice('next:'.length);
};

export const readCursor = (args: Arguments): string | undefined => {
  const cursor = args.text('cursor');
  return cursor === undefined || cursor === '' ? undefined : decode(cursor);
};

export const nextCursor = (place: string | undefined): Record<string, unknown> => ({
  response_metadata: { next_cursor: place === undefined ? '' : Buffer.from(`next:${place}`).toString('base64') },
});

/** `limit`, within 1 and `most`. */
export const readLimit = (args: Arguments, usual: number, most: number): number => {
  const limit = args.number('limit') ?? usual;
  if (limit < 0 || !Number.isInteger(limit)) throw new SlackFault('invalid_limit');
  return limit === 0 ? usual : Math.min(limit, most);
};

/** A page of a list that is held whole. */
export const pageOf = <T>(
  items: readonly T[],
  args: Arguments,
): { page: readonly T[]; cursor: Record<string, unknown> } => {
  const from = Number(readCursor(args) ?? 0);
  if (!Number.isInteger(from) || from < 0) throw new SlackFault('invalid_cursor');
  const to = from + readLimit(args, 100, 1_000);
  return { page: items.slice(from, to), cursor: nextCursor(to < items.length ? String(to) : undefined) };
};
