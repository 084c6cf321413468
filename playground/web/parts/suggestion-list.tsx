import type { Suggestion } from '../data/compose.ts';
import { useTexts } from '../page/context.tsx';
import { Avatar } from './avatar.tsx';

interface SuggestionListProps {
  readonly id: string;
  readonly suggestions: readonly Suggestion[];
  readonly active: number;
  readonly onPick: (suggestion: Suggestion) => void;
}

/** What may be meant, above the composer; the focus stays in the text. */
export const SuggestionList = ({ id, suggestions, active, onPick }: SuggestionListProps) => {
  const texts = useTexts();
  return (
    <div id={id} className="suggestions" role="listbox" aria-label={texts.suggestions}>
      {suggestions.map((suggestion, index) => (
        // The keyboard reaches the options through the text box (aria-activedescendant).
        <div
          key={suggestion.key}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className="suggestion"
          onMouseDown={(event) => {
            event.preventDefault();
            onPick(suggestion);
          }}
        >
          {suggestion.person ? <Avatar person={suggestion.person} size={22} /> : null}
          <span>{suggestion.label}</span>
          {suggestion.person?.isBot ? <span className="app-tag">{texts.app}</span> : null}
          <span className="quiet">{suggestion.detail}</span>
        </div>
      ))}
    </div>
  );
};
