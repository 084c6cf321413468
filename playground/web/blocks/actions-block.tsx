import { Element } from './element.tsx';
import { asList, asString, type Fields } from './read.ts';

/** A row of controls. */
export const ActionsBlock = ({ blockId, block }: { blockId: string; block: Fields }) => (
  <div className="actions">
    {asList(block.elements).map((element) => (
      <Element key={asString(element.action_id)} blockId={blockId} element={element} />
    ))}
  </div>
);
