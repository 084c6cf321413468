/** A queue with one reader: what came is read in order, and a failure at once. */
export interface Mailbox<T> {
  put(item: T): void;
  fail(reason: unknown): void;
  take(): Promise<T>;
}

export const createMailbox = <T>(): Mailbox<T> => {
  const items: T[] = [];
  let failure: { readonly reason: unknown } | undefined;
  let wake: (() => void) | undefined;

  return {
    put(item) {
      items.push(item);
      wake?.();
    },
    fail(reason) {
      failure ??= { reason };
      wake?.();
    },
    async take() {
      while (items.length === 0 && !failure) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (failure) throw failure.reason;
      return items.shift()!;
    },
  };
};
