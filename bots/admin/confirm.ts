import { randomBytes } from 'node:crypto';
import type { MessageContent } from '../../src/delivery/presenter.ts';
import type { Texts } from '../../src/i18n/texts.ts';
import { actions, button, section } from '../../src/slack/blocks.ts';
import type { ConfirmationsRepository } from '../../src/store/admin-store.ts';
import type { CommandCall, Proposal, SubCommand } from './command.ts';

export const confirmActions = { confirm: 'admin_confirm', dismiss: 'admin_dismiss' } as const;

/** What is confirmed should still be what was meant. */
const expiresMs = 10 * 60_000;

/**
 * Keeps a proposal and asks for it to be confirmed. The button's value is a name for it that nobody can guess: what
 * will be done stands in the store, and no payload can change it.
 */
export const proposeChange = async (
  { confirm, args }: Proposal,
  command: SubCommand['name'],
  { team, user, channel }: CommandCall,
  { commands }: Texts,
  confirmations: ConfirmationsRepository,
): Promise<MessageContent> => {
  const id = randomBytes(16).toString('base64url');
  await confirmations.open({ id, team, user, channel, action: { command, args } }, expiresMs);
  return {
    text: confirm,
    blocks: [
      section(confirm),
      actions('admin-confirm', [
        { ...button(commands.confirmButton, confirmActions.confirm, id), style: 'primary' },
        button(commands.dismissButton, confirmActions.dismiss, id),
      ]),
    ],
  };
};
