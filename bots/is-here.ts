import type { BlockAction } from '@slack/bolt';

/** Where a click was made; without a channel it was made in a modal. */
type ClickedAt = Pick<BlockAction, 'team' | 'channel'>;

/** Whether a record that a button's value names belongs to where the button was pressed: what is visible there may not be here. */
export const isHere = (record: { readonly team: string; readonly channel: string }, at: ClickedAt): boolean =>
  record.team === at.team?.id && (at.channel === undefined || record.channel === at.channel.id);
