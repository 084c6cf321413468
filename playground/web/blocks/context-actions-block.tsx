import { useState } from 'react';
import { useSelected } from '../page/context.tsx';
import { Icon, type IconName } from '../parts/icons.tsx';
import { drawEmojiNames } from '../text/emoji-token.ts';
import { busyKey, useHost } from './host.tsx';
import { asFields, asList, asString, type Fields, plainOf } from './read.ts';
import { UnknownBlock } from './unknown-block.tsx';

const FeedbackButtons = ({ blockId, element }: { blockId: string; element: Fields }) => {
  const { use, busy } = useHost();
  const [pressed, setPressed] = useState<string | null>(null);
  return ['positive_button', 'negative_button'].map((side) => {
    const button = asFields(element[side]);
    const value = asString(button.value);
    const label = drawEmojiNames(plainOf(button.text));
    const face = side === 'positive_button' ? '👍' : '👎';
    const name = asString(button.accessibility_label) || label || face;
    const waits = busy.has(busyKey(blockId, asString(element.action_id), value));
    return (
      <button
        key={side}
        type="button"
        className="button button-quiet"
        aria-label={name}
        title={name}
        aria-pressed={pressed === side}
        aria-busy={waits}
        disabled={waits}
        onClick={() => {
          setPressed(side);
          void use(blockId, element, { value, text: button.text });
        }}
      >
        {face}
      </button>
    );
  });
};

const icons: Readonly<Record<string, IconName>> = { trash: 'trash' };

const IconButton = ({ blockId, element }: { blockId: string; element: Fields }) => {
  const { use, busy } = useHost();
  const me = useSelected((state) => state.me.id);
  const only = element.visible_to_user_ids;
  if (Array.isArray(only) && !only.includes(me)) return null;
  const value = asString(element.value);
  const label = asString(element.accessibility_label) || plainOf(element.text);
  const icon = icons[asString(element.icon)];
  const waits = busy.has(busyKey(blockId, asString(element.action_id), value));
  return (
    <button
      type="button"
      className="button button-quiet"
      aria-label={label}
      title={label}
      aria-busy={waits}
      disabled={waits}
      onClick={() => void use(blockId, element, { value, text: element.text })}
    >
      {icon ? <Icon name={icon} /> : plainOf(element.text)}
    </button>
  );
};

/** The quiet row under an answer: feedback and icons. */
export const ContextActionsBlock = ({ blockId, block }: { blockId: string; block: Fields }) => (
  <div className="actions">
    {asList(block.elements).map((element) => {
      const key = asString(element.action_id);
      const type = asString(element.type);
      if (type === 'feedback_buttons') return <FeedbackButtons key={key} blockId={blockId} element={element} />;
      if (type === 'icon_button') return <IconButton key={key} blockId={blockId} element={element} />;
      return <UnknownBlock key={key} type={type} />;
    })}
  </div>
);
