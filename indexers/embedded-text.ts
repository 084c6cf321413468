import type { Embedder } from '../src/embedding/embedder.ts';

/** What a passage's vector is made of: the title of its document belongs to it. */
export const embeddedText = ({ title, text }: { title: string | null; text: string }): string =>
  title === null ? text : `${title}\n${text}`;

const defaultTextsAtOnce = 32;

/** Texts to give an embedder at a time. */
export const textsAtOnce = ({ textsAtOnce: wanted = defaultTextsAtOnce }: Embedder): number => wanted;
