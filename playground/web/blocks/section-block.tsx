import { Element } from './element.tsx';
import { asFields, asList, type Fields } from './read.ts';
import { TextObject } from './text-object.tsx';

/** Text, fields in two columns, and one element beside them. */
export const SectionBlock = ({ blockId, block }: { blockId: string; block: Fields }) => {
  const fields = asList(block.fields);
  return (
    <div className="section">
      <div className="section-text">
        <TextObject value={block.text} />
        {fields.length > 0 ? (
          <div className="fields">
            {fields.map((field, index) => (
              <div key={`${blockId}-${String(index)}`}>
                <TextObject value={field} />
              </div>
            ))}
          </div>
        ) : null}
      </div>
      {block.accessory ? (
        <div className="accessory">
          <Element blockId={blockId} element={asFields(block.accessory)} />
        </div>
      ) : null}
    </div>
  );
};
