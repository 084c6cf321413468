import { ImageElement } from './image-element.tsx';
import { type Fields, plainOf } from './read.ts';

/** A picture with its title. */
export const ImageBlock = ({ block }: { block: Fields }) => {
  const title = plainOf(block.title);
  return (
    <figure className="image">
      {title ? <figcaption>{title}</figcaption> : null}
      <ImageElement element={block} large />
    </figure>
  );
};
