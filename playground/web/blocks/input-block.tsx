import { useTexts } from '../page/context.tsx';
import { Element } from './element.tsx';
import { useHost } from './host.tsx';
import { asFields, type Fields, plainOf } from './read.ts';

/** A labelled input with its hint and what is wrong with it. */
export const InputBlock = ({ blockId, block }: { blockId: string; block: Fields }) => {
  const { idPrefix, errors } = useHost();
  const texts = useTexts();
  const id = `${idPrefix}-${blockId}`;
  const error = errors[blockId];
  const hint = plainOf(block.hint);
  return (
    <div className="input" data-invalid={error !== undefined}>
      <div id={`${id}-label`} className="input-label">
        {plainOf(block.label)} {block.optional === true ? <span className="quiet">{texts.optional}</span> : null}
      </div>
      <Element
        blockId={blockId}
        element={asFields(block.element)}
        silent={block.dispatch_action !== true}
        labelledBy={`${id}-label`}
        describedBy={`${id}-notes`}
      />
      <div id={`${id}-notes`}>
        {hint ? <p className="quiet">{hint}</p> : null}
        {error ? (
          <p className="error" role="alert">
            {error}
          </p>
        ) : null}
      </div>
    </div>
  );
};
