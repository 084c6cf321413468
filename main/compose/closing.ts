import type { Logger } from '../../src/telemetry/log.ts';

/** Things opened one on top of another, closed in the opposite order; one that fails to close holds up none. */
export interface Closing {
  add(name: string, close: () => Promise<unknown> | unknown): void;
  closeAll(): Promise<void>;
}

export const createClosing = (logger: Logger): Closing => {
  const opened: { name: string; close: () => Promise<unknown> | unknown }[] = [];
  return {
    add: (name, close) => void opened.push({ name, close }),
    closeAll: async () => {
      for (const { name, close } of opened.splice(0).reverse()) {
        try {
          await close();
        } catch (error) {
          logger.error({ err: error, part: name }, 'could not be closed');
        }
      }
    },
  };
};
