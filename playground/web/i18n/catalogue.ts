import type { LocaleName } from '../../protocol/people.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';
import type { Texts } from './texts.ts';

const catalogue: Readonly<Record<LocaleName, Texts>> = { 'ja-JP': ja, 'en-US': en };

/** The words for a person. */
export const textsFor = (locale: LocaleName): Texts => catalogue[locale] ?? en;
