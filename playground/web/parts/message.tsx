import { memo, useCallback, useState } from 'react';
import type { Message as MessageData } from '../../protocol/messages.ts';
import { millisecondsOf } from '../data/times.ts';
import { useSelected, useSession, useTexts, useTimes } from '../page/context.tsx';
import { Avatar } from './avatar.tsx';
import { EditBox } from './edit-box.tsx';
import { Icon } from './icons.tsx';
import { MessageBody } from './message-body.tsx';
import { Reactions } from './reactions.tsx';
import { ThreadSummary } from './thread-summary.tsx';
import { Toolbar } from './toolbar.tsx';

interface MessageProps {
  readonly message: MessageData;
  /** Follows one of the same person closely: without picture and name. */
  readonly compact: boolean;
  readonly inThread: boolean;
}

/** One message with all that belongs to it. */
export const Message = memo(({ message, compact, inThread }: MessageProps) => {
  const session = useSession();
  const texts = useTexts();
  const times = useTimes();
  const person = useSelected((state) => state.people[message.user]);
  const pointed = useSelected((state) => state.place.target === message.ts);
  const [editing, setEditing] = useState(false);
  const onEdit = useCallback(() => setEditing(true), []);
  const { ts, edited, ephemeralFor } = message;
  const at = millisecondsOf(ts);
  const name = person?.displayName ?? texts.unknownPerson;
  const time = (
    <time dateTime={new Date(at).toISOString()} title={times.full(at)}>
      {times.clock(at)}
    </time>
  );
  return (
    <article
      className="message"
      data-ts={ts}
      data-user={message.user}
      data-compact={compact}
      data-ephemeral={ephemeralFor !== null}
      data-pointed={pointed}
      aria-label={texts.messageFrom(name, times.clock(at))}
      // Pressed or touched it shows its toolbar, where there is no pointer to hover with.
      tabIndex={-1}
    >
      <div className="gutter">{compact ? time : <Avatar person={person} />}</div>
      <div className="content">
        {ephemeralFor === null ? null : (
          <p className="only-you">
            <Icon name="eye" size={14} /> {texts.onlyYou}
            <button type="button" className="link" onClick={() => session.dismiss(message)}>
              {texts.dismiss}
            </button>
          </p>
        )}
        {compact ? null : (
          <p className="byline">
            <strong className="name">{name}</strong>
            {person?.isBot ? <span className="app-tag">{texts.app}</span> : null}
            {time}
          </p>
        )}
        {editing ? <EditBox message={message} onDone={() => setEditing(false)} /> : <MessageBody message={message} />}
        {edited ? <span className="edited">{texts.edited}</span> : null}
        <Reactions message={message} />
        {inThread || ephemeralFor !== null ? null : <ThreadSummary message={message} />}
      </div>
      {ephemeralFor === null ? <Toolbar message={message} inThread={inThread} onEdit={onEdit} /> : null}
    </article>
  );
});
