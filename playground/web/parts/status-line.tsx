import { useSelected, useTexts } from '../page/context.tsx';
import { parseMrkdwnInline } from '../text/mrkdwn-inline.ts';
import { inlineText } from '../text/plain-text.ts';

const none: Readonly<Record<string, string>> = {};

/** "… is thinking": what bots say they are doing in a thread. */
export const StatusLine = ({ scope }: { scope: string }) => {
  const texts = useTexts();
  const statuses = useSelected((state) => state.statuses[scope] ?? none);
  const people = useSelected((state) => state.people);
  const lines = Object.entries(statuses);
  if (lines.length === 0) return null;
  return (
    <p className="status" role="status" data-testid="status">
      <span className="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {lines
        .map(([user, status]) => {
          const name = people[user]?.displayName ?? texts.unknownPerson;
          return texts.status(name, inlineText(parseMrkdwnInline(status)));
        })
        .join(' · ')}
    </p>
  );
};
