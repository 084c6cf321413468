import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Message } from '../../protocol/messages.ts';
import { decodeText, encodeText } from '../data/compose.ts';
import { useSelected, useSession, useTexts } from '../page/context.tsx';

/** A message of one's own, to be changed in its place: Enter saves, Esc gives up. */
export const EditBox = ({ message, onDone }: { message: Message; onDone: () => void }) => {
  const session = useSession();
  const texts = useTexts();
  const people = useSelected((state) => state.people);
  const channels = useSelected((state) => state.channels);
  const [text, setText] = useState(() => decodeText(message.text, people, channels));
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const { current } = box;
    current?.focus();
    current?.setSelectionRange(current.value.length, current.value.length);
  }, []);
  const save = (): void => {
    const changed = encodeText(text.trim(), people, channels);
    if (text.trim() !== '' && changed !== message.text) void session.edit(message, changed);
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      onDone();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      save();
    }
  };
  return (
    <form
      className="edit-box"
      data-testid="edit-box"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        ref={box}
        className="entry"
        rows={Math.min(8, text.split('\n').length + 1)}
        value={text}
        aria-label={texts.editMessage}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <p className="edit-actions">
        <button type="button" className="button" onClick={onDone}>
          {texts.cancel}
        </button>
        <button type="submit" className="button button-primary" disabled={text.trim() === ''}>
          {texts.save}
        </button>
      </p>
    </form>
  );
};
