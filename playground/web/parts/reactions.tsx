import type { Message } from '../../protocol/messages.ts';
import { useNames, useSelected, useSession, useTexts } from '../page/context.tsx';
import { emojiCharacter } from '../text/emoji.ts';

/** The reactions under a message; pressing one adds or takes away one's own. */
export const Reactions = ({ message }: { message: Message }) => {
  const session = useSession();
  const me = useSelected((state) => state.me.id);
  const names = useNames();
  const texts = useTexts();
  if (message.reactions.length === 0) return null;
  return (
    <div className="reactions">
      {message.reactions.map(({ name, users }) => {
        const mine = users.includes(me);
        const face = emojiCharacter(name) ?? `:${name}:`;
        const who = texts.reactionBy(face, users.map((user) => names(user) ?? texts.unknownPerson).join(', '));
        return (
          <button
            key={name}
            type="button"
            className="reaction"
            aria-pressed={mine}
            aria-label={`${face} ${users.length} – ${who}`}
            title={who}
            data-reaction={name}
            onClick={() => void session.react(message, name, !mine)}
          >
            <span aria-hidden="true">{face}</span> <span className="count">{users.length}</span>
          </button>
        );
      })}
    </div>
  );
};
