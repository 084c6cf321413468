import { useState } from 'react';
import type { Channel } from '../../protocol/people.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Composer } from '../parts/composer.tsx';
import { Icon } from '../parts/icons.tsx';
import { MessageList } from '../parts/message-list.tsx';
import { Presence } from '../parts/presence.tsx';
import { useSelected, useSession, useTexts } from './context.tsx';
import { FirstCard } from './first-card.tsx';
import { HomeTab } from './home-tab.tsx';
import { Prompts } from './prompts.tsx';

/** The middle column: one channel or direct conversation. */
export const Conversation = () => {
  const session = useSession();
  const texts = useTexts();
  const threadOpen = useSelected((state) => state.place.thread !== null);
  const channel = useSelected((state) => state.channels.find((each) => each.id === state.place.channel));
  const other = useSelected((state) => (channel?.with ? state.people[channel.with] : undefined));
  const [home, setHome] = useState(false);
  if (!channel) return <section className="conversation" />;
  const direct = channel.kind === 'im';
  const name = direct ? channel.name : `#${channel.name}`;
  return (
    <section className="conversation" aria-labelledby="conversation-name">
      <header className="column-head">
        <button
          type="button"
          className="narrow-only icon-button"
          aria-label={texts.back}
          title={texts.back}
          onClick={() => session.go({ list: true })}
        >
          <Icon name="back" />
        </button>
        {direct ? <Avatar person={other} size={24} /> : null}
        <h2 id="conversation-name">{direct ? channel.name : `# ${channel.name}`}</h2>
        {other?.isBot ? (
          <>
            <span className="app-tag">{texts.app}</span>
            <Presence online={other.online} />
          </>
        ) : null}
        {other?.isBot ? (
          <span className="tabs" role="tablist">
            {[false, true].map((tab) => (
              <button
                key={String(tab)}
                type="button"
                role="tab"
                aria-selected={home === tab}
                className="tab"
                onClick={() => setHome(tab)}
              >
                {tab ? texts.homeTab : texts.messagesTab}
              </button>
            ))}
          </span>
        ) : null}
        <span className="quiet head-note">
          {direct ? null : channel.topic || texts.members(channel.members.length)}
        </span>
      </header>
      {home && other ? <HomeTab app={other.id} /> : <Messages channel={channel} name={name} focused={!threadOpen} />}
    </section>
  );
};

/** What was said, and where one writes. */
const Messages = ({ channel, name, focused }: { channel: Channel; name: string; focused: boolean }) => {
  const texts = useTexts();
  const { id } = channel;
  return (
    <>
      <MessageList
        channel={id}
        thread={null}
        label={texts.conversation(name)}
        empty={
          <p className="quiet list-note">
            {channel.kind === 'im' ? texts.emptyDirect(channel.name) : texts.emptyChannel(channel.name)}
          </p>
        }
      />
      <FirstCard channel={id} />
      <Prompts channel={channel} />
      <Composer
        channel={id}
        threadTs={null}
        label={texts.writeTo(name)}
        focused={focused && matchMedia('(hover: hover)').matches}
      />
    </>
  );
};
