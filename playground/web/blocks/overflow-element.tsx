import { useTexts } from '../page/context.tsx';
import { Icon } from '../parts/icons.tsx';
import { Menu } from '../parts/menu.tsx';
import { drawEmojiNames } from '../text/emoji-token.ts';
import { safeHref } from '../text/safe-href.ts';
import { busyKey, useHost } from './host.tsx';
import { asString, type Fields, optionsOf, plainOf } from './read.ts';

/** The `…` menu of a section or of actions. */
export const OverflowElement = ({ blockId, element }: { blockId: string; element: Fields }) => {
  const { use, busy } = useHost();
  const texts = useTexts();
  const items = optionsOf(element)
    .flatMap(({ options }) => options)
    .map((option) => ({
      key: asString(option.value),
      label: drawEmojiNames(plainOf(option.text)),
      onSelect: () => {
        const href = safeHref(asString(option.url));
        if (href !== null) window.open(href, '_blank', 'noopener,noreferrer');
        void use(blockId, element, { selected_option: option });
      },
    }));
  const waits = busy.has(busyKey(blockId, asString(element.action_id)));
  return (
    <Menu label={texts.more} items={items} className="button button-icon" busy={waits}>
      <Icon name="more" />
    </Menu>
  );
};
