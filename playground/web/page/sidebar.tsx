import type { Channel } from '../../protocol/people.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Presence } from '../parts/presence.tsx';
import { useSelected, useSession, useTexts } from './context.tsx';
import { PersonSwitch } from './person-switch.tsx';

const Row = ({ channel }: { channel: Channel }) => {
  const session = useSession();
  const texts = useTexts();
  const current = useSelected((state) => state.place.channel === channel.id);
  const other = useSelected((state) => (channel.with === null ? undefined : state.people[channel.with]));
  return (
    <li>
      <button
        type="button"
        className="row"
        aria-current={current ? 'page' : undefined}
        data-unread={channel.unread}
        data-channel={channel.id}
        onClick={() => session.go({ channel: channel.id, thread: null, list: false })}
      >
        {channel.kind === 'im' ? (
          <span className="row-face">
            <Avatar person={other} size={22} />
            {other?.isBot ? <Presence online={other.online} /> : null}
          </span>
        ) : (
          <span className="row-face hash" aria-hidden="true">
            #
          </span>
        )}
        <span className="row-name">{channel.name}</span>
        {other?.isBot ? <span className="app-tag">{texts.app}</span> : null}
        {channel.unread ? (
          <span className="unread-dot">
            <span className="unseen">{texts.unread}</span>
          </span>
        ) : null}
      </button>
    </li>
  );
};

/** Who one is, the channels, and the people and bots one can write to. */
export const Sidebar = ({ onPerson }: { onPerson: (id: string) => void }) => {
  const texts = useTexts();
  const team = useSelected((state) => state.team);
  const channels = useSelected((state) => state.channels);
  const people = useSelected((state) => state.people);
  // Bots first, each group in the order of the workspace's people.
  const order = Object.keys(people);
  const rank = ({ with: other }: Channel): number =>
    other === null ? 0 : order.indexOf(other) + (people[other]?.isBot ? 0 : order.length);
  const directs = channels.filter(({ kind }) => kind === 'im').sort((one, other) => rank(one) - rank(other));
  return (
    <nav className="sidebar" aria-label={team.name}>
      <p className="team">
        <img src="/icon.svg" alt="" width="24" height="24" />
        {team.name}
      </p>
      <PersonSwitch onPerson={onPerson} />
      <h2>{texts.channels}</h2>
      <ul>
        {channels
          .filter(({ kind }) => kind === 'channel')
          .map((channel) => (
            <Row key={channel.id} channel={channel} />
          ))}
      </ul>
      <h2>{texts.directs}</h2>
      <ul>
        {directs.map((channel) => (
          <Row key={channel.id} channel={channel} />
        ))}
      </ul>
    </nav>
  );
};
