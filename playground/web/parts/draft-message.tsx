import { memo } from 'react';
import type { Draft } from '../data/state.ts';
import { useSelected, useSession, useTexts } from '../page/context.tsx';
import { Avatar } from './avatar.tsx';
import { FileList } from './file-list.tsx';
import { Mrkdwn } from './text-blocks.tsx';

/** A message of one's own that the server has not confirmed: there at once, and said when it failed. */
export const DraftMessage = memo(({ draft, compact }: { draft: Draft; compact: boolean }) => {
  const session = useSession();
  const texts = useTexts();
  const me = useSelected((state) => state.me);
  return (
    <article className="message" data-draft={draft.failed ? 'failed' : 'sending'} data-compact={compact}>
      <div className="gutter">{compact ? null : <Avatar person={me} />}</div>
      <div className="content">
        {compact ? null : (
          <p className="byline">
            <strong className="name">{me.displayName}</strong>
            <span className="quiet">{draft.failed ? null : texts.sending}</span>
          </p>
        )}
        <div className="body" data-testid="message-text">
          <Mrkdwn text={draft.text} />
          <FileList files={draft.files} />
        </div>
        {draft.failed ? (
          <p className="error" role="alert">
            {texts.notSent}{' '}
            <button type="button" className="link" onClick={() => session.retry(draft.clientKey)}>
              {texts.retry}
            </button>{' '}
            <button type="button" className="link" onClick={() => session.discard(draft.clientKey)}>
              {texts.discard}
            </button>
          </p>
        ) : null}
      </div>
    </article>
  );
});
