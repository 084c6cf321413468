import { ImageElement } from './image-element.tsx';
import { asList, type Fields } from './read.ts';
import { TextObject } from './text-object.tsx';

/** Small print: texts and small pictures in a row. */
export const ContextBlock = ({ block }: { block: Fields }) => (
  <div className="context">
    {asList(block.elements).map((element, index) => (
      <div key={String(index)}>
        {element.type === 'image' ? <ImageElement element={element} /> : <TextObject value={element} />}
      </div>
    ))}
  </div>
);
