import { ButtonElement } from './button-element.tsx';
import { ChoicesElement } from './choices-element.tsx';
import { EntryElement } from './entry-element.tsx';
import { ImageElement } from './image-element.tsx';
import { OverflowElement } from './overflow-element.tsx';
import { asString } from './read.ts';
import { type ElementProps, SelectElement } from './select-element.tsx';
import { UnknownBlock } from './unknown-block.tsx';

/** Any element of an `actions`, `section` or `input` block. */
export const Element = (props: ElementProps) => {
  const type = asString(props.element.type);
  switch (type) {
    case 'button':
      return <ButtonElement {...props} />;
    case 'static_select':
      return <SelectElement {...props} />;
    case 'multi_static_select':
    case 'checkboxes':
    case 'radio_buttons':
      return <ChoicesElement {...props} />;
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'datepicker':
    case 'timepicker':
      return <EntryElement {...props} />;
    case 'overflow':
      return <OverflowElement {...props} />;
    case 'image':
      return <ImageElement {...props} />;
    default:
      return <UnknownBlock type={type} />;
  }
};
