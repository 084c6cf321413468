import { useState } from 'react';
import { scopeKey } from '../data/state.ts';
import { Composer } from '../parts/composer.tsx';
import { Icon } from '../parts/icons.tsx';
import { MessageList } from '../parts/message-list.tsx';
import { StatusLine } from '../parts/status-line.tsx';
import { useSelected, useSession, useTexts } from './context.tsx';

/** The right column: one thread. Esc closes it. */
export const ThreadPanel = ({ thread }: { thread: string }) => {
  const session = useSession();
  const texts = useTexts();
  const id = useSelected((state) => state.place.channel);
  // A thread that opened by itself does not take the focus from who is writing.
  const [focused] = useState(
    () => matchMedia('(hover: hover)').matches && document.activeElement?.id !== 'message-box',
  );
  const channel = useSelected((state) => state.channels.find((each) => each.id === state.place.channel));
  const title = useSelected((state) => state.loaded[scopeKey(state.place.channel, thread)]?.title ?? null);
  const name = channel?.kind === 'im' ? channel.name : `#${channel?.name ?? ''}`;
  const close = (): void => {
    session.go({ thread: null });
    document.getElementById('message-box')?.focus();
  };
  return (
    <section
      className="thread"
      aria-labelledby="thread-name"
      data-testid="thread"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.nativeEvent.isComposing) close();
      }}
    >
      <header className="column-head">
        <h2 id="thread-name">{title ?? texts.thread}</h2>
        <span className="quiet head-note">{name}</span>
        <button
          type="button"
          className="icon-button"
          aria-label={texts.closeThread}
          title={texts.closeThread}
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </header>
      <MessageList channel={id} thread={thread} label={texts.threadMessages}>
        <StatusLine channel={id} thread={thread} />
      </MessageList>
      <Composer channel={id} threadTs={thread} label={texts.writeReply} focused={focused} />
    </section>
  );
};
