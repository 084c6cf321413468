import { useEffect, useRef, useState } from 'react';
import type { Message } from '../../protocol/messages.ts';
import { parseMarkdown } from '../text/markdown.ts';
import { parseMrkdwn } from '../text/mrkdwn.ts';
import { blockText } from '../text/plain-text.ts';
import { useNames, useSelected, useTexts } from './context.tsx';

const none: Readonly<Record<string, Message>> = {};
const longest = 400;

/** Reads new messages of others to who listens instead of looking; a stream once it is finished. */
export const Announcer = () => {
  const texts = useTexts();
  const names = useNames();
  const messages = useSelected((state) => state.messages[state.place.channel] ?? none);
  const loaded = useSelected((state) => state.loaded[state.place.channel]?.phase === 'ready');
  const channel = useSelected((state) => state.place.channel);
  const me = useSelected((state) => state.me.id);
  const heard = useRef<{ channel: string; latest: string }>({ channel: '', latest: '' });
  const [said, setSaid] = useState('');

  useEffect(() => {
    if (!loaded) return;
    const newest = Object.values(messages)
      .filter(({ streaming }) => !streaming)
      .reduce<Message | null>((most, each) => (most === null || each.ts > most.ts ? each : most), null);
    if (heard.current.channel !== channel) {
      heard.current = { channel, latest: newest?.ts ?? '' };
      return;
    }
    if (!newest || newest.ts <= heard.current.latest) return;
    heard.current = { channel, latest: newest.ts };
    if (newest.user === me) return;
    const tree = newest.markdown ? parseMarkdown(newest.text) : parseMrkdwn(newest.text);
    setSaid(texts.announce(names(newest.user) ?? '', blockText(tree, names).slice(0, longest)));
  }, [messages, loaded, channel, me, texts, names]);

  return (
    <div className="unseen" aria-live="polite">
      {said}
    </div>
  );
};
