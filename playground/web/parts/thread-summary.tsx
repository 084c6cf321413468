import type { Message } from '../../protocol/messages.ts';
import { millisecondsOf } from '../data/times.ts';
import { useSelected, useSession, useTexts, useTimes } from '../page/context.tsx';
import { Avatar } from './avatar.tsx';
import { StatusLine } from './status-line.tsx';

/** Under a root: who replied, how often, when last, and who is busy with an answer. */
export const ThreadSummary = ({ message }: { message: Message }) => {
  const session = useSession();
  const texts = useTexts();
  const times = useTimes();
  const people = useSelected((state) => state.people);
  const open = useSelected((state) => state.place.thread === message.ts);
  const { channel, ts, replyCount, replyUsers, latestReply } = message;
  return (
    <>
      {replyCount > 0 ? (
        <button
          type="button"
          className="thread-summary"
          aria-expanded={open}
          data-testid="thread-summary"
          onClick={() => session.go({ channel, thread: ts })}
        >
          <span className="faces">
            {replyUsers.slice(0, 4).map((user) => (
              <Avatar key={user} person={people[user]} size={20} />
            ))}
          </span>
          <span className="replies">{texts.replies(replyCount)}</span>
          {latestReply === null ? null : (
            <span className="quiet">{texts.lastReply(times.clock(millisecondsOf(latestReply)))}</span>
          )}
        </button>
      ) : null}
      <StatusLine channel={channel} thread={ts} />
    </>
  );
};
