import { Avatar } from '../parts/avatar.tsx';
import { useSelected, useTexts } from './context.tsx';

/** The people one can act as; the words of the page follow the one that is chosen. */
export const PersonSwitch = ({ onPerson }: { onPerson: (id: string) => void }) => {
  const texts = useTexts();
  const me = useSelected((state) => state.me.id);
  const people = useSelected((state) => state.people);
  const humans = Object.values(people).filter(({ isBot }) => !isBot);
  return (
    <fieldset className="person-switch">
      <legend>{texts.actingAs}</legend>
      {humans.map((person) => (
        <label key={person.id} className="person" lang={person.locale.slice(0, 2)}>
          <input
            type="radio"
            name="acting-as"
            className="unseen"
            checked={person.id === me}
            data-person={person.name}
            onChange={() => onPerson(person.id)}
          />
          <Avatar person={person} size={26} />
          <span>
            <span className="person-name">{person.displayName}</span>
            <span className="person-role">{person.isAdmin ? texts.admin : texts.member}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
};
