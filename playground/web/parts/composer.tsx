import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { SentFile } from '../../protocol/messages.ts';
import { complete, encodeText, findTrigger, parseCommand, type Suggestion, suggest } from '../data/compose.ts';
import { scopeKey } from '../data/state.ts';
import { usePage, useSelected, useTexts } from '../page/context.tsx';
import { FileList } from './file-list.tsx';
import { Icon } from './icons.tsx';
import { SuggestionList } from './suggestion-list.tsx';

interface ComposerProps {
  readonly channel: string;
  readonly threadTs: string | null;
  readonly label: string;
  /** Takes the focus when it appears. */
  readonly focused: boolean;
}

const noMembers: readonly string[] = [];

/** Where one writes: Enter sends, Shift + Enter breaks the line, `@ # / :` complete. */
export const Composer = ({ channel, threadTs, label, focused }: ComposerProps) => {
  const { session, typed } = usePage();
  const texts = useTexts();
  const id = useId();
  const scope = scopeKey(channel, threadTs);
  const people = useSelected((state) => state.people);
  const channels = useSelected((state) => state.channels);
  const commands = useSelected((state) => state.commands);
  const members = channels.find((each) => each.id === channel)?.members ?? noMembers;
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => typed.get(scope) ?? '');
  const [caret, setCaret] = useState(text.length);
  const [active, setActive] = useState(0);
  /** The text for which the list was put away with Esc. */
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [files, setFiles] = useState<readonly SentFile[]>([]);
  const picker = useRef<HTMLInputElement>(null);

  const trigger = useMemo(() => findTrigger(text, caret), [text, caret]);
  const suggestions = useMemo(() => {
    if (!trigger || closedFor === text) return [];
    const found = suggest(trigger, { people, channels, commands, members });
    // A command that is already written out needs no list.
    return trigger.kind === 'command' && found.length === 1 && found[0]?.insert === text ? [] : found;
  }, [trigger, closedFor, text, people, channels, commands, members]);
  const open = suggestions.length > 0;
  const chosen = Math.min(active, suggestions.length - 1);

  const write = (next: string, at: number): void => {
    typed.set(scope, next);
    setText(next);
    setCaret(at);
    setActive(0);
    setProblem(null);
  };

  useEffect(() => {
    if (focused) box.current?.focus();
  }, [focused]);

  // As high as its text, up to the limit that the style sheet sets.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || element.value !== text) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const nextCaret = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (nextCaret.current === null || box.current?.value !== text) return;
    box.current.setSelectionRange(nextCaret.current, nextCaret.current);
    nextCaret.current = null;
  }, [text]);

  const pick = (suggestion: Suggestion): void => {
    if (!trigger) return;
    const completed = complete(text, caret, trigger, suggestion.insert);
    nextCaret.current = completed.caret;
    write(completed.text, completed.caret);
    box.current?.focus();
  };

  const runCommand = async (command: string, rest: string): Promise<void> => {
    if (threadTs !== null) return setProblem(texts.commandInThread);
    const known = command === '/invite' || commands.some(({ name }) => name === command);
    if (!known) return setProblem(texts.unknownCommand(command));
    write('', 0);
    const done = await session.runCommand(channel, command, encodeText(rest, people, channels));
    if (!done && (typed.get(scope) ?? '') === '') write(text, text.length);
  };

  const send = (): void => {
    if (text.trim() === '' && files.length === 0) return;
    const command = files.length === 0 ? parseCommand(text) : null;
    if (command) {
      void runCommand(command.command, command.text);
      return;
    }
    session.send({ channel, threadTs, text: encodeText(text.trim(), people, channels), files });
    setFiles([]);
    write('', 0);
  };

  const attach = async (picked: readonly File[]): Promise<void> => {
    for (const file of picked) {
      const sent = await session.upload(file);
      if (sent) setFiles((before) => [...before, sent]);
    }
    box.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // An input method is choosing characters: its Enter is not ours.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const suggestion = suggestions[chosen];
    if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      setActive((chosen + (event.key === 'ArrowDown' ? 1 : -1) + suggestions.length) % suggestions.length);
    } else if (open && suggestion && (event.key === 'Tab' || event.key === 'Enter') && !event.shiftKey) {
      event.preventDefault();
      pick(suggestion);
    } else if (open && event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      setClosedFor(text);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  };

  return (
    <form
      className="composer"
      data-testid={threadTs === null ? 'composer' : 'thread-composer'}
      onSubmit={(event) => {
        event.preventDefault();
        send();
        box.current?.focus();
      }}
    >
      {open ? <SuggestionList id={`${id}-list`} suggestions={suggestions} active={chosen} onPick={pick} /> : null}
      {problem ? (
        <p className="error composer-problem" role="alert">
          {problem}
        </p>
      ) : null}
      <FileList files={files} onRemove={(id) => setFiles((before) => before.filter((file) => file.id !== id))} />
      <div className="composer-box">
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          data-testid={threadTs === null ? 'file-picker' : 'thread-file-picker'}
          onChange={(event) => {
            void attach([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
        <button
          type="button"
          className="attach"
          aria-label={texts.attach}
          title={texts.attach}
          onClick={() => picker.current?.click()}
        >
          <Icon name="clip" />
        </button>
        <textarea
          ref={box}
          id={threadTs === null ? 'message-box' : undefined}
          rows={1}
          value={text}
          placeholder={label}
          aria-label={label}
          aria-describedby={`${id}-hint`}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={open ? `${id}-list` : undefined}
          aria-activedescendant={open ? `${id}-list-${chosen}` : undefined}
          onChange={(event) => write(event.target.value, event.target.selectionEnd)}
          onSelect={(event) => setCaret(event.currentTarget.selectionEnd)}
          onKeyDown={onKeyDown}
        />
        <button
          type="submit"
          className="send"
          aria-label={texts.send}
          title={texts.send}
          disabled={text.trim() === '' && files.length === 0}
        >
          <Icon name="send" />
        </button>
      </div>
      <p id={`${id}-hint`} className="hint">
        {texts.sendHint}
      </p>
    </form>
  );
};
