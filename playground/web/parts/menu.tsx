import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';

interface MenuItem {
  readonly key: string;
  readonly label: string;
  /** Stands in the menu instead of the label (an emoji); the label is then its name. */
  readonly face?: string;
  readonly onSelect: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly children: ReactNode;
  readonly className?: string;
  readonly layout?: 'list' | 'grid';
  readonly busy?: boolean;
  readonly tabIndex?: number;
}

const step: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** A button that opens a menu above everything else; Esc or a press elsewhere closes it. */
export const Menu = ({ label, items, children, className = '', layout = 'list', busy, tabIndex }: MenuProps) => {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  const place = (): void => {
    const anchor = button.current?.getBoundingClientRect();
    const popup = menu.current;
    if (!anchor || !popup) return;
    const { offsetWidth: width, offsetHeight: height } = popup;
    const below = anchor.bottom + 4 + height < innerHeight;
    popup.style.left = `${Math.max(8, Math.min(anchor.right - width, innerWidth - width - 8))}px`;
    popup.style.top = `${Math.max(8, below ? anchor.bottom + 4 : anchor.top - height - 4)}px`;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = step[event.key];
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...(menu.current?.querySelectorAll('button') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    all[(at + move + all.length) % all.length]?.focus();
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-busy={busy}
        disabled={busy}
        popoverTarget={id}
        tabIndex={tabIndex}
      >
        {children}
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className={`menu menu-${layout}`}
        onKeyDown={onKeyDown}
        onToggle={(event) => {
          const opened = event.newState === 'open';
          setOpen(opened);
          if (!opened) return;
          place();
          menu.current?.querySelector('button')?.focus();
        }}
      >
        {items.map(({ key, label: name, face, onSelect }) => (
          <button
            key={key}
            type="button"
            role="menuitem"
            aria-label={name}
            title={face ? name : undefined}
            onClick={() => {
              menu.current?.hidePopover();
              onSelect();
            }}
          >
            {face ?? name}
          </button>
        ))}
      </div>
    </>
  );
};
