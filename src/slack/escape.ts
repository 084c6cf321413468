import { graphemeBoundary } from '../text/graphemes.ts';

/**
 * Text of others (people, models, corpora) on its way into Slack. Control characters are only `&`, `<` and `>`
 * (https://docs.slack.dev/messaging/formatting-message-text): escaped, no mention, link or broadcast can form.
 */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** mrkdwn knows no escape for its own marks, so those that could open a format are shown by their look-alikes. */
const lookAlike: Record<string, string> = { '*': '∗', '~': '∼', '`': 'ˋ', _: 'ˍ' };

/** Cut between graphemes, with `…`, to at most `most` UTF-16 units. */
const cutTo = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, graphemeBoundary(text, most - 1, 0))}…`;

/**
 * One line of others' text inside our own mrkdwn: a title, a source, a name. White space becomes single spaces;
 * `_` between letters or digits stays (`ja_encyclopedia`), it formats nothing there.
 *
 * @param most UTF-16 units kept; escaping makes the result up to five times as long
 */
export const inlineText = (text: string, most = 100): string =>
  escapeText(
    cutTo(
      text
        .toWellFormed()
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim(),
      most,
    ),
  ).replace(/[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (mark) => lookAlike[mark] ?? mark);

const wordJoiner = '\u2060';
const fence = /^ {0,3}(?:```|~~~)/;

/** A line outside a code block: links, images, reference definitions and bare addresses become plain text. */
const withoutLinks = (line: string): string =>
  line
    .replace(/\](?=[(:])/g, `]${wordJoiner}`)
    .replace(/(https?:|ftp:)(?=\/)/gi, `$1${wordJoiner}`)
    .replace(/(www\.)(?=\S)/gi, `$1${wordJoiner}`)
    .replace(/(mailto:|[\w.+-]@)(?=\w)/gi, `$1${wordJoiner}`);

/**
 * A model's Markdown for `markdown` blocks and streams: its layout is kept, but it makes no mention, broadcast or
 * link. Growing text grows the result: `safeMarkdown(a)` is a prefix of `safeMarkdown(a + b)`, so a stream sends
 * the difference, however the text was cut.
 */
export const safeMarkdown = (text: string): string => {
  let code = false;
  const lines = text.split('\n').map((line) => {
    const opensOrCloses = fence.test(line);
    if (opensOrCloses) code = !code;
    return code || opensOrCloses ? line : withoutLinks(line);
  });
  // Broadcasts are cut before their last letter, which is known only when it comes.
  return escapeText(lines.join('\n').replace(/@(channe(?=l)|her(?=e)|everyon(?=e))/gi, `@$1${wordJoiner}`));
};
