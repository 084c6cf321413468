const pause = 10_000;

/** Loads the page again, for a fresh token; not again and again when that does not help. */
export const reloadOnce = (storage: Pick<Storage, 'getItem' | 'setItem'>, now: number, reload: () => void): void => {
  if (now - Number(storage.getItem('tenkyo.reloaded') ?? 0) < pause) return;
  storage.setItem('tenkyo.reloaded', String(now));
  reload();
};
