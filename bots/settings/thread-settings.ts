import { z } from 'zod';
import type { SettingsTexts } from '../../src/i18n/settings.ts';
import { inlineText } from '../../src/slack/escape.ts';
import type { AnswerSettings, Place, ThreadSettings } from '../../src/store/records.ts';
import type { Store } from '../../src/store/store.ts';

/** What is true of a model where nobody has set anything. */
export interface ModelFacts {
  readonly temperature: number;
  readonly topP: number;
  /** Most tokens that an answer may have, whatever is set. */
  readonly maxTokens: number;
  /** It reads a system text. */
  readonly takesSystem: boolean;
}

export const longestSystem = 2_000;
const largestSeed = 2_147_483_647;

/** The fields of the form, each a block and an action of its name. */
export const settingsFields = ['system', 'temperature', 'topP', 'maxTokens', 'seed'] as const;
export type SettingsField = (typeof settingsFields)[number];

const entry = z.object({ value: z.string().nullish() });
const filledIn = z.object(
  Object.fromEntries(settingsFields.map((field) => [field, z.record(z.string(), entry).optional()])) as Record<
    SettingsField,
    z.ZodOptional<z.ZodRecord<z.ZodString, typeof entry>>
  >,
);

/** A number as people type it, full-width digits too; null: none. */
const readNumber = (text: string): number | null => {
  const plain = text.normalize('NFKC').trim();
  return /^\d{1,10}(?:\.\d{1,6})?$|^\.\d{1,6}$/.test(plain) ? Number(plain) : null;
};

/**
 * What was filled in: what differs from the model's own, or what is wrong with it, by field.
 *
 * @param values `view.state.values` of the submitted form
 */
export const readSettingsForm = (
  values: unknown,
  { temperature, topP, maxTokens }: ModelFacts,
  { errors }: SettingsTexts,
): { readonly settings: ThreadSettings } | { readonly errors: Partial<Record<SettingsField, string>> } => {
  const form = filledIn.parse(values);
  const texts = (field: SettingsField): string => form[field]?.[field]?.value?.trim() ?? '';
  const wrong: Partial<Record<SettingsField, string>> = {};
  const number = (
    field: Exclude<SettingsField, 'system'>,
    usual: number | null,
    isGood: (value: number) => boolean,
    error: string,
  ): ThreadSettings => {
    const text = texts(field);
    if (text === '') return {};
    const value = readNumber(text);
    if (value === null || !isGood(value)) {
      wrong[field] = error;
      return {};
    }
    return value === usual ? {} : { [field]: value };
  };
  const upTo = (least: number, most: number) => (value: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  const system = texts('system');
  if (system.length > longestSystem) wrong.system = errors.system(longestSystem);
  const settings: ThreadSettings = {
    ...number('temperature', temperature, (value) => value <= 2, errors.temperature),
    ...number('topP', topP, (value) => value > 0 && value <= 1, errors.topP),
    ...number('maxTokens', maxTokens, upTo(1, maxTokens), errors.maxTokens(maxTokens)),
    ...number('seed', null, upTo(0, largestSeed), errors.seed),
    ...(system === '' ? {} : { system }),
  };
  return Object.keys(wrong).length > 0 ? { errors: wrong } : { settings };
};

/** What a new answer in the thread is asked with; null: as the model is configured. */
export const settingsOfThread = async (
  store: Pick<Store, 'threads'>,
  place: Place,
  asked: Pick<AnswerSettings, 'grounded'>,
): Promise<AnswerSettings | null> => {
  const settings = { ...(await store.threads.settings(place)), ...(asked.grounded ? { grounded: true } : {}) };
  return Object.keys(settings).length > 0 ? settings : null;
};

/** Of a system text: enough to tell it from another. */
const shownSystem = 60;

/** What differs from the model's own, in short, as mrkdwn; null: nothing does. */
export const settingsLine = (settings: ThreadSettings | null | undefined, texts: SettingsTexts): string | null => {
  const { system, ...rest } = settings ?? {};
  const shown = system === undefined ? {} : { system: inlineText(system.replace(/\s+/gu, ' '), shownSystem) };
  return texts.line({ ...rest, ...shown }) || null;
};
