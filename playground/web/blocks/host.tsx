import { createContext, type ReactNode, useContext, useMemo, useRef, useState } from 'react';
import type { ElementAction, UseElement } from '../../protocol/interactions.ts';
import { useSession } from '../page/context.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { asString, type Fields } from './read.ts';
import { type ElementValue, type Values, withValue } from './values.ts';

/** What an element of a message or modal works with. */
interface Host {
  /** Unique on the page: for the ids of labels. */
  readonly idPrefix: string;
  readonly values: Values;
  /** By block_id: what is wrong with an input. */
  readonly errors: Readonly<Record<string, string>>;
  readonly enter: (blockId: string, actionId: string, value: ElementValue) => void;
  /** Tells the bot that an element was used, after asking when it wants that; `change` is a value that goes with it. */
  readonly use: (
    blockId: string,
    element: Fields,
    details: Omit<ElementAction, 'type' | 'action_id' | 'block_id'>,
    change?: ElementValue,
  ) => Promise<void>;
  /** `block_id/action_id/value` of what was pressed and not taken yet. */
  readonly busy: ReadonlySet<string>;
}

const Context = createContext<Host | null>(null);

export const useHost = (): Host => {
  const host = useContext(Context);
  if (!host) throw new Error('useHost outside of BlockHost');
  return host;
};

export const busyKey = (blockId: string, actionId: string, value = ''): string => `${blockId}/${actionId}/${value}`;

interface BlockHostProps {
  readonly container: UseElement['container'];
  readonly values: Values;
  readonly onEnter: (change: (values: Values) => Values) => void;
  readonly errors?: Readonly<Record<string, string>>;
  readonly children: ReactNode;
}

const noErrors = {};

export const BlockHost = ({ container, values, onEnter, errors = noErrors, children }: BlockHostProps) => {
  const session = useSession();
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const [question, setQuestion] = useState<{ confirm: unknown; answer: (yes: boolean) => void } | null>(null);
  const latest = useRef(values);
  latest.current = values;
  const place = container.type === 'view' ? container.viewId : `${container.channel}-${container.ts}`;

  const host = useMemo((): Omit<Host, 'values' | 'errors' | 'busy'> => {
    const ask = (confirm: unknown): Promise<boolean> =>
      new Promise((resolve) => {
        setQuestion({
          confirm,
          answer: (yes) => {
            setQuestion(null);
            resolve(yes);
          },
        });
      });
    const enter: Host['enter'] = (blockId, actionId, value) =>
      onEnter((entered) => withValue(entered, blockId, actionId, value));
    return {
      idPrefix: place,
      enter,
      use: async (blockId, element, details, change) => {
        if (element.confirm !== undefined && !(await ask(element.confirm))) return;
        const actionId = asString(element.action_id);
        if (change) enter(blockId, actionId, change);
        const state = change ? withValue(latest.current, blockId, actionId, change) : latest.current;
        const key = busyKey(blockId, actionId, details.value);
        setBusy((keys) => new Set([...keys, key]));
        const action = { type: asString(element.type), action_id: actionId, block_id: blockId, ...details };
        await session.act(container, action, state);
        setBusy((keys) => new Set([...keys].filter((each) => each !== key)));
      },
    };
  }, [container, place, session, onEnter]);

  return (
    <Context value={{ ...host, values, errors, busy }}>
      {children}
      {question ? <ConfirmDialog confirm={question.confirm} onAnswer={question.answer} /> : null}
    </Context>
  );
};
