import type { Locale } from '../store/records.ts';
import { type AdminTexts, adminEn, adminJa } from './admin.ts';
import { type AnswerTexts, answerEn, answerJa } from './answer.ts';
import type { CommandTexts } from './commands.ts';
import { commandsEn } from './commands-en.ts';
import { commandsJa } from './commands-ja.ts';
import { type ComparisonTexts, comparisonEn, comparisonJa } from './comparison.ts';
import { type DoorTexts, doorEn, doorJa } from './door.ts';
import { type ErrorTexts, errorsEn, errorsJa } from './errors.ts';
import { type FeedbackTexts, feedbackEn, feedbackJa } from './feedback.ts';
import { type FilesTexts, filesEn, filesJa } from './files.ts';
import { createFormat, type Format } from './format.ts';
import { type GroundingTexts, groundingEn, groundingJa } from './grounding.ts';
import { type HomeTexts, homeEn, homeJa } from './home.ts';
import { type ModalTexts, modalsEn, modalsJa } from './modals.ts';
import { type SearchTexts, searchEn, searchJa } from './search.ts';
import { type SettingsTexts, settingsEn, settingsJa } from './settings.ts';

/** Everything a person reads, in one language; one catalogue a feature, the same keys in both. */
export interface Texts {
  readonly locale: Locale;
  readonly format: Format;
  readonly answer: AnswerTexts;
  readonly search: SearchTexts;
  readonly modals: ModalTexts;
  readonly admin: AdminTexts;
  readonly commands: CommandTexts;
  readonly comparison: ComparisonTexts;
  readonly home: HomeTexts;
  readonly door: DoorTexts;
  readonly feedback: FeedbackTexts;
  readonly grounding: GroundingTexts;
  readonly settings: SettingsTexts;
  readonly files: FilesTexts;
  readonly errors: ErrorTexts;
}

const catalogues: Readonly<Record<Locale, Texts>> = {
  ja: {
    locale: 'ja',
    format: createFormat('ja'),
    answer: answerJa,
    search: searchJa,
    modals: modalsJa,
    admin: adminJa,
    commands: commandsJa,
    comparison: comparisonJa,
    home: homeJa,
    door: doorJa,
    feedback: feedbackJa,
    grounding: groundingJa,
    settings: settingsJa,
    files: filesJa,
    errors: errorsJa,
  },
  en: {
    locale: 'en',
    format: createFormat('en'),
    answer: answerEn,
    search: searchEn,
    modals: modalsEn,
    admin: adminEn,
    commands: commandsEn,
    comparison: comparisonEn,
    home: homeEn,
    door: doorEn,
    feedback: feedbackEn,
    grounding: groundingEn,
    settings: settingsEn,
    files: filesEn,
    errors: errorsEn,
  },
};

export const textsFor = (locale: Locale): Texts => catalogues[locale];

/** The product's language for a Slack locale (`ja-JP`): Japanese for Japanese, English for everything else. */
export const localeFrom = (slackLocale: string | null | undefined): Locale =>
  slackLocale?.toLowerCase().startsWith('ja') ? 'ja' : 'en';

/** What a person reads of an error code; one that is not known reads as an internal error. */
export const reasonFor = (texts: Texts, code: string): string => {
  const reasons: Readonly<Record<string, string | undefined>> = texts.errors.reasons;
  return (Object.hasOwn(reasons, code) ? reasons[code] : undefined) ?? texts.errors.reasons.internal;
};
