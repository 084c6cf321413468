import { useTexts } from '../page/context.tsx';
import { drawEmojiNames } from '../text/emoji-token.ts';
import { safeHref } from '../text/safe-href.ts';
import { busyKey, useHost } from './host.tsx';
import { asString, type Fields, plainOf } from './read.ts';

/** A button; with a `url` it opens that too, as Slack does. */
export const ButtonElement = ({ blockId, element }: { blockId: string; element: Fields }) => {
  const { use, busy } = useHost();
  const texts = useTexts();
  const value = asString(element.value);
  const waits = busy.has(busyKey(blockId, asString(element.action_id), value));
  const style = asString(element.style);
  const href = safeHref(asString(element.url));
  const press = (): void => {
    if (href !== null) window.open(href, '_blank', 'noopener,noreferrer');
    void use(blockId, element, { value, text: element.text });
  };
  return (
    <button
      type="button"
      className={style === 'primary' || style === 'danger' ? `button button-${style}` : 'button'}
      aria-label={asString(element.accessibility_label) || undefined}
      title={href === null ? undefined : `${href} (${texts.opensElsewhere})`}
      aria-busy={waits}
      disabled={waits}
      data-action={asString(element.action_id)}
      onClick={press}
    >
      {drawEmojiNames(plainOf(element.text))}
    </button>
  );
};
