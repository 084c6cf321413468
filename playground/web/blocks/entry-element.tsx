import { useHost } from './host.tsx';
import { asString, plainOf } from './read.ts';
import type { ElementProps } from './select-element.tsx';

const inputTypes: Readonly<Record<string, { type: string; key: string }>> = {
  plain_text_input: { type: 'text', key: 'value' },
  number_input: { type: 'number', key: 'value' },
  email_text_input: { type: 'email', key: 'value' },
  url_text_input: { type: 'url', key: 'value' },
  datepicker: { type: 'date', key: 'selected_date' },
  timepicker: { type: 'time', key: 'selected_time' },
};

/** Something typed: a text of one line or many, a number, an address, a date. */
export const EntryElement = ({ blockId, element, silent, labelledBy, describedBy }: ElementProps) => {
  const { values, errors, enter, use } = useHost();
  const type = asString(element.type);
  const actionId = asString(element.action_id);
  const { type: inputType, key } = inputTypes[type] ?? { type: 'text', key: 'value' };
  const value = asString(values[blockId]?.[actionId]?.[key]);
  const placeholder = plainOf(element.placeholder) || undefined;
  const dispatch = (): void => {
    if (!silent) void use(blockId, element, { [key]: value });
  };
  const shared = {
    className: 'entry',
    value,
    placeholder,
    maxLength: typeof element.max_length === 'number' ? element.max_length : undefined,
    'aria-label': labelledBy ? undefined : placeholder,
    'aria-labelledby': labelledBy,
    'aria-describedby': describedBy,
    'aria-invalid': errors[blockId] !== undefined,
    'data-action': actionId,
  };
  if (element.multiline === true) {
    return (
      <textarea
        {...shared}
        rows={4}
        onChange={(event) => enter(blockId, actionId, { type, [key]: event.target.value || null })}
        onBlur={dispatch}
      />
    );
  }
  return (
    <input
      {...shared}
      type={inputType}
      min={asString(element.min_value) || undefined}
      max={asString(element.max_value) || undefined}
      step={element.is_decimal_allowed === true ? 'any' : undefined}
      onChange={(event) => enter(blockId, actionId, { type, [key]: event.target.value || null })}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !silent && !event.nativeEvent.isComposing) {
          event.preventDefault();
          dispatch();
        }
      }}
    />
  );
};
