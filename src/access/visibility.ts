import type { CorpusConfig } from '../config/config.ts';
import type { Access } from './access.ts';

/** Where a result will be seen. */
export interface Audience {
  readonly channel: string;
  readonly user: string;
  /** The person alone sees it: a direct message, or an answer to a command. */
  readonly alone: boolean;
}

/**
 * The corpora whose texts may be shown there. In a channel others read along, so that what the person asking may see
 * does not count; only what the channel may.
 */
export const visibleCorpora = async (
  corpora: readonly Pick<CorpusConfig, 'name' | 'visibility'>[],
  { channel, user, alone }: Audience,
  access: Pick<Access, 'inGroup'>,
): Promise<string[]> => {
  const visible: string[] = [];
  for (const { name, visibility } of corpora) {
    const shown =
      visibility === 'everyone' ||
      visibility.channels.includes(channel) ||
      (alone && (await access.inGroup(user, visibility.userGroups)));
    if (shown) visible.push(name);
  }
  return visible;
};
