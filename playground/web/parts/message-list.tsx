import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { Message as MessageData } from '../../protocol/messages.ts';
import { rootsOf, threadOf } from '../data/messages.ts';
import { scopeKey } from '../data/state.ts';
import { millisecondsOf } from '../data/times.ts';
import { useSelected, useSession, useTexts, useTimes } from '../page/context.tsx';
import { DayLine } from './day-line.tsx';
import { DraftMessage } from './draft-message.tsx';
import { Icon } from './icons.tsx';
import { Message } from './message.tsx';
import { useStickToEnd } from './use-stick-to-end.ts';

const together = 5 * 60_000;

interface MessageListProps {
  readonly channel: string;
  readonly thread: string | null;
  readonly label: string;
  /** Shown where nothing was written yet. */
  readonly empty?: ReactNode;
  /** Stays below the messages, inside what scrolls. */
  readonly children?: ReactNode;
}

/** The messages of a channel or of a thread; the end stays in view while the person is there. */
export const MessageList = ({ channel, thread, label, empty, children }: MessageListProps) => {
  const session = useSession();
  const texts = useTexts();
  const times = useTimes();
  const all = useSelected((state) => state.messages[channel]);
  const allDrafts = useSelected((state) => state.drafts);
  const loaded = useSelected((state) => state.loaded[scopeKey(channel, thread)]);
  const target = useSelected((state) => state.place.target);
  const messages = useMemo(() => (thread === null ? rootsOf(all) : threadOf(all, thread)), [all, thread]);
  const drafts = allDrafts.filter((draft) => draft.channel === channel && draft.threadTs === thread);
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const newest = messages.at(-1);
  const lastKey = drafts.at(-1)?.clientKey ?? newest?.clientKey ?? newest?.ts ?? null;
  const { behind, toEnd, release } = useStickToEnd(box, content, lastKey);

  // What one writes oneself is always brought into view.
  const lastDraft = drafts.at(-1)?.clientKey;
  useLayoutEffect(() => {
    if (lastDraft) toEnd();
  }, [lastDraft, toEnd]);

  const there = target !== null && messages.some(({ ts }) => ts === target);
  useEffect(() => {
    if (!there || target === null) return;
    const element = box.current?.querySelector(`[data-ts="${CSS.escape(target)}"]`);
    if (!element) return;
    release();
    element.scrollIntoView({ block: 'start' });
  }, [there, target, release]);

  const onScroll = (): void => {
    const view = box.current;
    if (!view || view.scrollTop > 120 || !loaded?.hasMore) return;
    // At the very top the browser would not hold the place.
    if (view.scrollTop === 0) view.scrollTop = 1;
    void session.loadOlder(channel, thread);
  };

  const draw = (message: MessageData, before: MessageData | undefined) => {
    const at = millisecondsOf(message.ts);
    const beforeAt = before ? millisecondsOf(before.ts) : 0;
    const newDay = thread === null && (!before || !times.sameDay(at, beforeAt));
    const compact =
      !newDay &&
      before?.user === message.user &&
      at - beforeAt < together &&
      message.ephemeralFor === null &&
      before.ephemeralFor === null &&
      before.ts !== thread;
    return (
      <div key={message.clientKey ?? message.ts} className="entry-box">
        {newDay ? <DayLine at={at} /> : null}
        <Message message={message} compact={compact} inThread={thread !== null} />
      </div>
    );
  };

  return (
    <div className="list-box">
      <section ref={box} className="list" aria-label={label} onScroll={onScroll}>
        <div ref={content} className="list-content">
          {loaded?.phase === 'failed' ? (
            <p className="error list-note" role="alert">
              {texts.loadHistoryFailed}{' '}
              <button type="button" className="link" onClick={() => void session.reload()}>
                {texts.tryAgain}
              </button>
            </p>
          ) : null}
          {loaded?.hasMore && loaded.phase === 'ready' ? (
            <p className="list-note">
              <button type="button" className="link" onClick={() => void session.loadOlder(channel, thread)}>
                {texts.olderMessages}
              </button>
            </p>
          ) : null}
          {loaded?.phase === 'loading' && messages.length === 0 ? (
            <p className="quiet list-note">{texts.loading}</p>
          ) : null}
          {loaded?.phase === 'ready' && messages.length === 0 && drafts.length === 0 ? empty : null}
          {messages.map((message, index) => draw(message, messages[index - 1]))}
          {drafts.map((draft) => (
            <div key={draft.clientKey} className="entry-box">
              <DraftMessage
                draft={draft}
                compact={newest?.user === session.getState().me.id && draft.at - millisecondsOf(newest.ts) < together}
              />
            </div>
          ))}
        </div>
        {children}
      </section>
      {behind ? (
        <button type="button" className="pill" data-testid="new-messages" onClick={toEnd}>
          <Icon name="down" size={15} /> {texts.newMessages}
        </button>
      ) : null}
    </div>
  );
};
