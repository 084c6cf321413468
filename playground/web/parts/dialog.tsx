import { type ReactNode, useEffect, useRef } from 'react';

/** A modal dialog: the rest of the page is out of reach, Esc asks to close, the focus goes back where it was. */
export const Dialog = ({
  labelledBy,
  className,
  onClose,
  children,
}: {
  labelledBy: string;
  className: string;
  onClose: () => void;
  children: ReactNode;
}) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) {
      element.showModal();
      // Where the person goes on, not the close button above it.
      element.querySelector<HTMLElement>('.dialog-body :is(input, textarea, select)')?.focus();
    }
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={className}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
      onKeyDown={(event) => {
        // Enter, arrows and letters belong to the dialog, not to the page behind it.
        event.stopPropagation();
      }}
    >
      {children}
    </dialog>
  );
};
