import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Keeps other sites out of the workspace of whoever has one open: a page of theirs may send requests here, but only
 * with a Host that names them (DNS rebinding) or an Origin that does (everything else).
 */
export interface Guard {
  /** The Host header names the workspace: an address as numbers, localhost, or the host it was started with. */
  isOwnHost(host: string | undefined): boolean;
  /** No Origin (not a browser, or its own simple request), or the workspace's own. */
  isOwnOrigin(origin: string | undefined, host: string | undefined): boolean;
  accepts(request: Pick<IncomingMessage, 'headers'>): boolean;
}

const hostnameOf = (host: string): string | undefined => {
  try {
    return new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return undefined;
  }
};

export const createGuard = (boundHost: string): Guard => {
  const isOwnHost: Guard['isOwnHost'] = (host) => {
    const name = host === undefined ? undefined : hostnameOf(host);
    return name !== undefined && (name === 'localhost' || name === boundHost || isIP(name) !== 0);
  };
  const isOwnOrigin: Guard['isOwnOrigin'] = (origin, host) => origin === undefined || origin === `http://${host}`;
  return {
    isOwnHost,
    isOwnOrigin,
    accepts: ({ headers: { host, origin } }) => isOwnHost(host) && isOwnOrigin(origin, host),
  };
};
