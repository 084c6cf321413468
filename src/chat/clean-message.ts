/**
 * The question in a Slack message: its text without the mark-up that Slack puts into it
 * (https://docs.slack.dev/messaging/formatting-message-text). Mentions of people go, of channels and groups keep their
 * name, links keep their label, entities become characters, `:emoji:` stays.
 */
export const cleanMessage = (text: string): string =>
  text
    .replace(/<@[^<>]*>[ \t\u3000]*/g, '')
    .replace(/<([^<>]*)>/g, (_, inner: string) => unwrap(inner))
    .replace(/&(amp|lt|gt);/g, (_, name: 'amp' | 'lt' | 'gt') => entities[name])
    .trim();

const entities = { amp: '&', lt: '<', gt: '>' } as const;

/** What stands between `<` and `>`: `#C1|name`, `!here`, `!subteam^S1|@name`, `!date^…|text`, `url|label`. */
const unwrap = (inner: string): string => {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? '' : inner.slice(bar + 1);
  if (target.startsWith('#')) return label && `#${label}`;
  if (target.startsWith('!')) return label || (/^!(here|channel|everyone)$/.test(target) ? `@${target.slice(1)}` : '');
  return label || target.replace(/^mailto:/, '');
};
