import { scopeKey } from '../data/state.ts';
import { useSelected, useSession, useTexts } from '../page/context.tsx';
import { parseMrkdwnInline } from '../text/mrkdwn-inline.ts';
import { inlineText } from '../text/plain-text.ts';
import { Icon } from './icons.tsx';

const none: Readonly<Record<string, string>> = {};
const nobody: readonly string[] = [];

/** "… is thinking": what bots say they are doing in a thread, and how to stop them. */
export const StatusLine = ({ channel, thread }: { channel: string; thread: string }) => {
  const session = useSession();
  const texts = useTexts();
  const scope = scopeKey(channel, thread);
  const statuses = useSelected((state) => state.statuses[scope] ?? none);
  const working = useSelected((state) => state.working[scope] ?? nobody);
  const people = useSelected((state) => state.people);
  const nameOf = (user: string): string => people[user]?.displayName ?? texts.unknownPerson;
  // Who has begun to write says nothing more, and can still be stopped.
  const lines = [
    ...Object.entries(statuses),
    ...working.filter((user) => statuses[user] === undefined).map((user) => [user, texts.writing] as const),
  ];
  if (lines.length === 0) return null;
  return (
    <div className="status-row">
      <p className="status" role="status" data-testid="status">
        <span className="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        {lines.map(([user, status]) => texts.status(nameOf(user), inlineText(parseMrkdwnInline(status)))).join(' · ')}
      </p>
      {working.map((user) => (
        <button
          key={user}
          type="button"
          className="stop"
          data-testid="stop"
          aria-label={texts.stopBot(nameOf(user))}
          title={texts.stopBot(nameOf(user))}
          onClick={() => void session.stop(channel, thread, user)}
        >
          <Icon name="stop" size={15} /> {texts.stop}
        </button>
      ))}
    </div>
  );
};
