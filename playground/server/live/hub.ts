import type { WebSocket } from 'ws';
import type { LiveEvent } from '../../protocol/live.ts';

/** The open pages, by the person they act for. */
export interface LiveHub {
  add(person: string, socket: WebSocket): void;
  /** To every page of these people. */
  send(people: readonly string[], event: LiveEvent): void;
  sendToAll(event: LiveEvent): void;
}

/** Above this much unsent text a page is too slow (or gone): it is cut off and loads everything again when it is back. */
const MOST_UNSENT_BYTES = 4 << 20;

export const createLiveHub = (): LiveHub => {
  const pages = new Map<string, Set<WebSocket>>();
  const sendText = (person: string, text: string): void => {
    for (const socket of pages.get(person) ?? []) {
      if (socket.bufferedAmount > MOST_UNSENT_BYTES) socket.terminate();
      else if (socket.readyState === socket.OPEN) socket.send(text);
    }
  };
  return {
    add: (person, socket) => {
      const sockets = pages.get(person) ?? new Set();
      sockets.add(socket);
      pages.set(person, sockets);
      socket.on('error', () => socket.terminate());
      socket.on('close', () => sockets.delete(socket));
    },
    send: (people, event) => {
      const text = JSON.stringify(event);
      for (const person of people) sendText(person, text);
    },
    sendToAll: (event) => {
      const text = JSON.stringify(event);
      for (const person of pages.keys()) sendText(person, text);
    },
  };
};
