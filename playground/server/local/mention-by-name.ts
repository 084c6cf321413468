/**
 * Turns `@name` of a bot into `<@U…>`, as Slack's own composer does while one types: for those who write through the
 * interface by hand. A name ends where no character of a name follows, so Japanese may follow it directly.
 */
export const mentionByName = (
  text: string,
  bots: readonly { readonly name: string; readonly userId: string }[],
): string => {
  if (bots.length === 0 || !text.includes('@')) return text;
  const ids = new Map(bots.map(({ name, userId }) => [name, userId]));
  const names = [...ids.keys()].sort((a, b) => b.length - a.length).map((name) => RegExp.escape(name));
  const mention = new RegExp(`(?<![A-Za-z0-9_.<-])@(${names.join('|')})(?![A-Za-z0-9_-]|\\.[A-Za-z0-9_-])`, 'g');
  return text.replace(mention, (_, name: string) => `<@${ids.get(name)}>`);
};
