import { useEffect } from 'react';
import { Announcer } from './announcer.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { useSelected, useTexts } from './context.tsx';
import { Conversation } from './conversation.tsx';
import { Modal } from './modal.tsx';
import { Notices } from './notices.tsx';
import { Sidebar } from './sidebar.tsx';
import { ThreadPanel } from './thread-panel.tsx';

const paneOf = (list: boolean, thread: string | null): string => {
  if (list) return 'list';
  return thread === null ? 'conversation' : 'thread';
};

/** The whole page. On a narrow screen the style sheet shows the pane that is in front. */
export const Workspace = ({ onPerson }: { onPerson: (id: string) => void }) => {
  const texts = useTexts();
  const { thread, list, channel } = useSelected((state) => state.place);
  const views = useSelected((state) => state.views);
  const channels = useSelected((state) => state.channels);
  const team = useSelected((state) => state.team.name);
  const locale = useSelected((state) => state.me.locale);

  const name = channels.find(({ id }) => id === channel)?.name ?? '';
  const unread = channels.some((each) => each.unread);
  useEffect(() => {
    document.title = `${unread ? '● ' : ''}${name} · ${team}`;
    document.documentElement.lang = locale.slice(0, 2);
  }, [unread, name, team, locale]);

  return (
    <>
      <button type="button" className="skip" onClick={() => document.getElementById('message-box')?.focus()}>
        {texts.skipToMessage}
      </button>
      <ConnectionBanner />
      <div className="columns" data-pane={paneOf(list, thread)} data-thread={thread !== null}>
        <Sidebar onPerson={onPerson} />
        <main>
          <h1 className="unseen">{`${name} · ${team}`}</h1>
          <Conversation key={channel} />
          {thread === null ? null : <ThreadPanel key={`${channel}/${thread}`} thread={thread} />}
        </main>
      </div>
      {views.map((view) => (
        <Modal key={view.id} view={view} />
      ))}
      <Notices />
      <Announcer />
    </>
  );
};
