import { type FormEvent, useCallback, useMemo, useState } from 'react';
import type { View } from '../../protocol/interactions.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { BlockHost } from '../blocks/host.tsx';
import { missingIn, type Values, valuesOf } from '../blocks/values.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSession, useTexts } from './context.tsx';

/** A modal that a bot opened. What was entered stays when the bot updates it. */
export const Modal = ({ view }: { view: View }) => {
  const session = useSession();
  const texts = useTexts();
  const [entered, setEntered] = useState<Values>({});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [sending, setSending] = useState(false);
  const { id, blocks } = view;
  const values = useMemo(() => valuesOf(blocks, entered), [blocks, entered]);
  const container = useMemo(() => ({ type: 'view' as const, viewId: id }), [id]);
  const onEnter = useCallback((change: (values: Values) => Values) => setEntered(change), []);
  const close = (): void => session.closeView(id);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const missing = missingIn(blocks, values);
    setErrors(Object.fromEntries(missing.map((blockId) => [blockId, texts.requiredField])));
    if (missing.length > 0 || sending) return;
    setSending(true);
    setErrors(await session.submitView(id, values));
    setSending(false);
  };
  return (
    <Dialog labelledBy={`${id}-title`} className="dialog" onClose={close}>
      <form className="dialog-form" noValidate onSubmit={(event) => void submit(event)} data-testid="modal">
        <header className="dialog-head">
          <h2 id={`${id}-title`}>{view.title}</h2>
          <button type="button" className="icon-button" aria-label={texts.close} title={texts.close} onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        <div className="dialog-body">
          <BlockHost container={container} values={values} onEnter={onEnter} errors={errors}>
            <Blocks blocks={blocks} />
          </BlockHost>
        </div>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={close}>
            {view.close ?? (view.submit === null ? texts.close : texts.cancel)}
          </button>
          {view.submit === null ? null : (
            <button type="submit" className="button button-primary" aria-busy={sending} disabled={sending}>
              {sending ? texts.submitting : view.submit}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
};
