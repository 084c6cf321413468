import type { LiveEvent } from '../../protocol/live.ts';

/** What a socket reports. */
export interface SocketListener {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

interface Socket {
  close(): void;
}

export interface LiveOptions {
  readonly open: (listener: SocketListener) => Socket;
  readonly onEvent: (event: LiveEvent) => void;
  /** True after each opening, false when the line is lost. */
  readonly onConnected: (connected: boolean) => void;
  readonly setTimeout: (run: () => void, milliseconds: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

export interface Live {
  /** Tries again now instead of waiting (the network is back, the page is looked at again). */
  retryNow(): void;
  close(): void;
}

const firstWait = 300;
const longestWait = 5_000;

/** Holds the live line open: connects again and again, a little later each time, until closed. */
export const createLive = ({ open, onEvent, onConnected, setTimeout, clearTimeout }: LiveOptions): Live => {
  let socket: Socket | null = null;
  let timer: unknown = null;
  let wait = firstWait;
  let closed = false;

  const connect = (): void => {
    timer = null;
    let gone = false;
    socket = open({
      onOpen: () => {
        wait = firstWait;
        if (!closed) onConnected(true);
      },
      onText: (text) => {
        if (!closed) onEvent(JSON.parse(text) as LiveEvent);
      },
      onClose: () => {
        if (closed || gone) return;
        gone = true;
        onConnected(false);
        timer = setTimeout(connect, wait);
        wait = Math.min(wait * 2, longestWait);
      },
    });
  };
  connect();

  return {
    retryNow: () => {
      if (closed || timer === null) return;
      clearTimeout(timer);
      connect();
    },
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      socket?.close();
    },
  };
};
