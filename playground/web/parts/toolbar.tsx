import { type KeyboardEvent, memo, useState } from 'react';
import type { Message } from '../../protocol/messages.ts';
import { ConfirmDialog } from '../blocks/confirm-dialog.tsx';
import { useSelected, useSession, useTexts } from '../page/context.tsx';
import { emojiCharacter, moreReactions, quickReactions } from '../text/emoji.ts';
import { Icon } from './icons.tsx';
import { Menu } from './menu.tsx';

const step: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** One stop for Tab; the arrows walk inside. */
const walk = (event: KeyboardEvent<HTMLElement>): void => {
  const move = step[event.key];
  if (move === undefined) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLButtonElement>(':scope > button')];
  const at = all.indexOf(document.activeElement as HTMLButtonElement);
  if (at === -1) return;
  event.preventDefault();
  all[(at + move + all.length) % all.length]?.focus();
};

interface ToolbarProps {
  readonly message: Message;
  readonly inThread: boolean;
  readonly onEdit: () => void;
}

/** What can be done with a message: 🔍 first, other reactions, reply, the apps' shortcuts. */
export const Toolbar = memo(({ message, inThread, onEdit }: ToolbarProps) => {
  const session = useSession();
  const texts = useTexts();
  const me = useSelected((state) => state.me.id);
  const shortcuts = useSelected((state) => state.shortcuts);
  const [deleting, setDeleting] = useState(false);
  const has = (name: string): boolean =>
    message.reactions.some((reaction) => reaction.name === name && reaction.users.includes(me));
  const toggle = (name: string): void => void session.react(message, name, !has(name));
  const nameOf = (name: string, face: string): string => (name === 'mag' ? texts.searchThis : texts.react(face));
  const more = moreReactions.map((name) => {
    const face = emojiCharacter(name) ?? name;
    return { key: name, label: texts.react(face), face, onSelect: () => toggle(name) };
  });
  const items = shortcuts.map(({ callbackId, appId, name }) => ({
    key: `${appId}-${callbackId}`,
    label: name,
    onSelect: () => void session.runShortcut(message, callbackId),
  }));
  return (
    <div className="toolbar" role="toolbar" aria-label={texts.messageActions} onKeyDown={walk}>
      {quickReactions.map((name, index) => {
        const face = emojiCharacter(name) ?? name;
        return (
          <button
            key={name}
            type="button"
            tabIndex={index === 0 ? 0 : -1}
            aria-pressed={has(name)}
            aria-label={nameOf(name, face)}
            title={nameOf(name, face)}
            data-react={name}
            onClick={() => toggle(name)}
          >
            <span aria-hidden="true">{face}</span>
          </button>
        );
      })}
      <Menu label={texts.moreReactions} items={more} layout="grid" tabIndex={-1}>
        <Icon name="smile" />
      </Menu>
      {inThread ? null : (
        <button
          type="button"
          tabIndex={-1}
          aria-label={texts.reply}
          title={texts.reply}
          data-testid="reply"
          onClick={() => session.go({ channel: message.channel, thread: message.threadTs ?? message.ts })}
        >
          <Icon name="reply" />
        </button>
      )}
      {message.user === me ? (
        <>
          <button
            type="button"
            tabIndex={-1}
            aria-label={texts.editMessage}
            title={texts.editMessage}
            data-testid="edit"
            onClick={onEdit}
          >
            <Icon name="pencil" />
          </button>
          <button
            type="button"
            tabIndex={-1}
            aria-label={texts.deleteMessage}
            title={texts.deleteMessage}
            data-testid="delete"
            onClick={() => setDeleting(true)}
          >
            <Icon name="trash" />
          </button>
        </>
      ) : null}
      {deleting ? (
        <ConfirmDialog
          confirm={{
            title: { text: texts.deleteMessage },
            text: { type: 'plain_text', text: texts.deleteQuestion },
            confirm: { text: texts.deleteMessage },
            style: 'danger',
          }}
          onAnswer={(yes) => {
            setDeleting(false);
            if (yes) void session.deleteMessage(message);
          }}
        />
      ) : null}
      {items.length > 0 ? (
        <Menu label={texts.shortcuts} items={items} tabIndex={-1}>
          <Icon name="more" />
        </Menu>
      ) : null}
    </div>
  );
});
