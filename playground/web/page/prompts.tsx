import type { Channel } from '../../protocol/people.ts';
import { encodeText } from '../data/compose.ts';
import { useSelected, useSession } from './context.tsx';

/** What an app offers to be asked, in its direct messages; gone once something was asked. */
export const Prompts = ({ channel }: { channel: Channel }) => {
  const session = useSession();
  const asked = useSelected((state) =>
    Object.values(state.messages[channel.id] ?? {}).some(({ user }) => user === state.me.id),
  );
  if (!channel.prompts || asked) return null;
  const send = (message: string): void => {
    const { people, channels } = session.getState();
    session.send({ channel: channel.id, threadTs: null, text: encodeText(message, people, channels) });
  };
  return (
    <div className="prompts">
      {channel.prompts.title ? <p className="quiet">{channel.prompts.title}</p> : null}
      {channel.prompts.prompts.map(({ title, message }) => (
        <button key={title} type="button" className="button" onClick={() => send(message)}>
          {title}
        </button>
      ))}
    </div>
  );
};
