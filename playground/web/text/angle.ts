import { decodeEntities } from './entities.ts';
import { safeHref } from './safe-href.ts';
import type { Inline } from './tree.ts';

/**
 * What stands between `<` and `>` in a Slack text: `@U…`, `#C…`, `!here`, `!date^…|fallback`, `https://…|label`.
 *
 * @returns the node; a link that must not be followed is its label as text; null when it is no such thing
 */
export const parseAngle = (content: string): Inline | null => {
  const bar = content.indexOf('|');
  const target = bar === -1 ? content : content.slice(0, bar);
  const label = bar === -1 ? null : decodeEntities(content.slice(bar + 1));
  if (/^@[A-Z0-9]{2,}$/.test(target)) return { kind: 'user', id: target.slice(1), label };
  if (/^#[A-Z0-9]{2,}$/.test(target)) return { kind: 'channel', id: target.slice(1), label };
  if (target.startsWith('!')) {
    const name = target.slice(1);
    if (name === 'here' || name === 'channel' || name === 'everyone') return { kind: 'broadcast', name };
    if (label === null) return null;
    // Whatever form is asked for, the page shows day and time.
    const seconds = /^date\^(\d{1,11})\^/.exec(name)?.[1];
    return seconds === undefined
      ? { kind: 'text', text: label }
      : { kind: 'date', at: Number(seconds) * 1_000, text: label };
  }
  if (!/^[a-z][a-z0-9+.-]*:/i.test(target)) return null;
  const address = decodeEntities(target);
  const href = safeHref(address);
  const text = label || address.replace(/^mailto:/i, '');
  if (href === null) return { kind: 'text', text };
  return { kind: 'link', href, children: [{ kind: 'text', text }] };
};
