/** What one browser remembers of one person. */
interface Remembered {
  readonly cardClosed: boolean;
  /** The ticks of the card stay, also when the conversation they came from is not loaded. */
  readonly asked: boolean;
  readonly marked: boolean;
  readonly read: boolean;
}

export interface Preferences {
  person(): string | null;
  setPerson(id: string): void;
  remembered(person: string): Remembered;
  remember(person: string, change: Partial<Remembered>): Remembered;
}

const nothing: Remembered = { cardClosed: false, asked: false, marked: false, read: false };

type Store = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * @param tab of this tab: two tabs can be two people
 * @param browser of all tabs
 */
export const createPreferences = (tab: Store, browser: Store): Preferences => {
  // A browser may forbid storage; then the page works and forgets.
  const read = (store: Store, key: string): string | null => {
    try {
      return store.getItem(`tenkyo.${key}`);
    } catch {
      return null;
    }
  };
  const write = (store: Store, key: string, value: string): void => {
    try {
      store.setItem(`tenkyo.${key}`, value);
    } catch {
      // Forgotten with the page.
    }
  };
  const remembered = (person: string): Remembered => {
    try {
      return { ...nothing, ...(JSON.parse(read(browser, `steps.${person}`) ?? '{}') as Partial<Remembered>) };
    } catch {
      return nothing;
    }
  };
  return {
    person: () => read(tab, 'person') ?? read(browser, 'person'),
    setPerson: (id) => {
      write(tab, 'person', id);
      write(browser, 'person', id);
    },
    remembered,
    remember: (person, change) => {
      const next = { ...remembered(person), ...change };
      write(browser, `steps.${person}`, JSON.stringify(next));
      return next;
    },
  };
};
