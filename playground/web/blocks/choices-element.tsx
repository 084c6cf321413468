import { useHost } from './host.tsx';
import { asFields, asList, asString, optionsOf } from './read.ts';
import type { ElementProps } from './select-element.tsx';
import { TextObject } from './text-object.tsx';

/** `checkboxes`, `multi_static_select` (many of the options) and `radio_buttons` (one of them). */
export const ChoicesElement = ({ blockId, element, silent, labelledBy, describedBy }: ElementProps) => {
  const { idPrefix, values, enter, use } = useHost();
  const type = asString(element.type);
  const actionId = asString(element.action_id);
  const single = type === 'radio_buttons';
  const held = values[blockId]?.[actionId];
  const chosen = single ? [asFields(held?.selected_option)] : asList(held?.selected_options);
  const isChosen = (value: unknown): boolean => chosen.some((option) => option.value === value);
  const options = optionsOf(element).flatMap((group) => group.options);
  const choose = (value: unknown, on: boolean): void => {
    const picked = options.filter((option) => (option.value === value ? on : !single && isChosen(option.value)));
    const details = single ? { selected_option: picked[0] ?? null } : { selected_options: picked };
    const change = { type, ...details };
    if (silent) enter(blockId, actionId, change);
    else void use(blockId, element, details, change);
  };
  return (
    <fieldset className="choices" aria-labelledby={labelledBy} aria-describedby={describedBy} data-action={actionId}>
      {options.map((option) => (
        <label key={asString(option.value)} className="choice">
          <input
            type={single ? 'radio' : 'checkbox'}
            name={`${idPrefix}-${blockId}-${actionId}`}
            checked={isChosen(option.value)}
            onChange={(event) => choose(option.value, event.target.checked)}
          />
          <span>
            <TextObject value={option.text} />
            {option.description ? (
              <span className="quiet">
                <TextObject value={option.description} />
              </span>
            ) : null}
          </span>
        </label>
      ))}
    </fieldset>
  );
};
