import { Mrkdwn } from '../parts/text-blocks.tsx';
import { drawEmojiNames } from '../text/emoji-token.ts';
import { asText } from './read.ts';

/** A text object of either kind; in plain text only emoji names are drawn. */
export const TextObject = ({ value }: { value: unknown }) => {
  const text = asText(value);
  if (!text) return null;
  return text.mrkdwn ? <Mrkdwn text={text.text} bareLinks={!text.verbatim} /> : <p>{drawEmojiNames(text.text)}</p>;
};
