import { SlackFault } from '../slack-fault.ts';
import { conversation } from './conversations-shape.ts';
import type { Method } from './method.ts';
import { pageOf } from './paging.ts';

const TYPES = { public_channel: 'channel', im: 'im', private_channel: null, mpim: null } as const;

/** The kinds of conversation that `types` asks for; the workspace has no private channels and no group messages. */
export const readKinds = (types: string): Set<string> => {
  const kinds = new Set<string>();
  for (const type of types.split(',').map((part) => part.trim())) {
    if (!Object.hasOwn(TYPES, type)) throw new SlackFault('invalid_types');
    const kind = TYPES[type as keyof typeof TYPES];
    if (kind !== null) kinds.add(kind);
  }
  return kinds;
};

/** https://docs.slack.dev/reference/methods/conversations.list */
export const conversationsList: Method = (call) => {
  const { workspace, app, args } = call;
  const kinds = readKinds(args.text('types') ?? 'public_channel');
  const visible = workspace.store.channels
    .list()
    .filter(({ kind, members }) => kinds.has(kind) && (kind === 'channel' || members.includes(app.userId)));
  const { page, cursor } = pageOf(visible, args);
  return { channels: page.map((channel) => conversation(call, channel)), ...cursor };
};
