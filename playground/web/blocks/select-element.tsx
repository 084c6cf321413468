import { useTexts } from '../page/context.tsx';
import { drawEmojiNames } from '../text/emoji-token.ts';
import { busyKey, useHost } from './host.tsx';
import { asFields, asString, type Fields, optionsOf, plainOf } from './read.ts';

export interface ElementProps {
  readonly blockId: string;
  readonly element: Fields;
  /** Inside an `input` block that does not dispatch: the bot hears of the value when the form is sent. */
  readonly silent?: boolean;
  readonly labelledBy?: string;
  readonly describedBy?: string;
}

/** A `static_select`: the browser's own select, which works with every keyboard and reader. */
export const SelectElement = ({ blockId, element, silent, labelledBy, describedBy }: ElementProps) => {
  const { values, enter, use, busy } = useHost();
  const texts = useTexts();
  const type = asString(element.type);
  const actionId = asString(element.action_id);
  const groups = optionsOf(element);
  const all = groups.flatMap(({ options }) => options);
  const selected = asString(asFields(values[blockId]?.[actionId]?.selected_option).value);
  const placeholder = plainOf(element.placeholder) || texts.choose;
  const waits = busy.has(busyKey(blockId, actionId));
  const choose = (value: string): void => {
    const option = all.find((each) => each.value === value) ?? null;
    const change = { type, selected_option: option };
    if (silent) enter(blockId, actionId, change);
    else if (option) void use(blockId, element, { selected_option: option }, change);
  };
  return (
    <select
      className="select"
      value={selected}
      aria-label={labelledBy ? undefined : placeholder}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      aria-busy={waits}
      disabled={waits}
      data-action={actionId}
      onChange={(event) => choose(event.target.value)}
    >
      <option value="" disabled={!silent}>
        {placeholder}
      </option>
      {groups.map(({ group, options }) => {
        const drawn = options.map((option) => (
          <option key={asString(option.value)} value={asString(option.value)}>
            {drawEmojiNames(plainOf(option.text))}
          </option>
        ));
        return group === null ? (
          drawn
        ) : (
          <optgroup key={group} label={group}>
            {drawn}
          </optgroup>
        );
      })}
    </select>
  );
};
