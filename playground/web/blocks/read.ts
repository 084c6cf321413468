/**
 * Blocks come from bots and may hold anything: these readers take a value for what it should be, or for nothing.
 */
export type Fields = Readonly<Record<string, unknown>>;

export const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const asString = (value: unknown): string => (typeof value === 'string' ? value : '');

export const asList = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(asFields) : []);

/** A text object (`plain_text` or `mrkdwn`); null when there is none. */
export const asText = (value: unknown): { text: string; mrkdwn: boolean; verbatim: boolean } | null => {
  const { type, text, verbatim } = asFields(value);
  return typeof text === 'string' ? { text, mrkdwn: type === 'mrkdwn', verbatim: verbatim === true } : null;
};

/** The words of a text object. */
export const plainOf = (value: unknown): string => asText(value)?.text ?? '';

/** Options of a select, with those of its groups. */
export const optionsOf = (element: Fields): { group: string | null; options: readonly Fields[] }[] => {
  const groups = asList(element.option_groups);
  if (groups.length === 0) return [{ group: null, options: asList(element.options) }];
  return groups.map((group) => ({ group: plainOf(group.label), options: asList(group.options) }));
};
