import { useId } from 'react';
import { useTexts } from '../page/context.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { asFields, plainOf } from './read.ts';
import { TextObject } from './text-object.tsx';

/** An element's `confirm`: the question that is asked before the bot hears of it. */
export const ConfirmDialog = ({ confirm, onAnswer }: { confirm: unknown; onAnswer: (yes: boolean) => void }) => {
  const texts = useTexts();
  const id = useId();
  const { title, text, confirm: yes, deny, style } = asFields(confirm);
  return (
    <Dialog labelledBy={id} className="dialog dialog-small" onClose={() => onAnswer(false)}>
      <header className="dialog-head">
        <h2 id={id}>{plainOf(title)}</h2>
      </header>
      <div className="dialog-body">
        <TextObject value={text} />
      </div>
      <footer className="dialog-foot">
        <button type="button" className="button" onClick={() => onAnswer(false)}>
          {plainOf(deny) || texts.cancel}
        </button>
        <button
          type="button"
          className={style === 'danger' ? 'button button-danger' : 'button button-primary'}
          onClick={() => onAnswer(true)}
        >
          {plainOf(yes) || texts.confirmYes}
        </button>
      </footer>
    </Dialog>
  );
};
