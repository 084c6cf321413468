import type { WebClient } from '@slack/web-api';
import { fileLimits } from '../../src/chat/files/file-limits.ts';
import { TenkyoError } from '../../src/errors.ts';

/** The token goes to Slack and nowhere else, whatever an event says. */
const isSlacks = (url: URL, apiUrl: string): boolean =>
  url.origin === new URL(apiUrl).origin || (url.protocol === 'https:' && /(?:^|\.)slack\.com$/.test(url.hostname));

/**
 * A file's bytes, with the app's token (https://docs.slack.dev/reference/objects/file-object#authentication).
 *
 * @returns null: it is larger than `most` bytes
 * @throws TenkyoError `slack_refused`: Slack sends those without the scope files:read to a page for people
 */
export const fetchFile = async (
  address: string,
  { token, slackApiUrl }: Pick<WebClient, 'token' | 'slackApiUrl'>,
  most: number,
): Promise<Uint8Array | null> => {
  const url = new URL(address);
  if (!isSlacks(url, slackApiUrl))
    throw new TenkyoError('slack_refused', 'a file lies outside Slack', { found: url.host });
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    redirect: 'manual',
    signal: AbortSignal.timeout(fileLimits.milliseconds),
  });
  const isPage =
    (response.headers.get('content-type') ?? '').startsWith('text/html') && !/\.html?$/i.test(url.pathname);
  if (!response.ok || isPage || !response.body) {
    await response.body?.cancel();
    throw new TenkyoError('slack_refused', 'a file could not be fetched', {
      found: String(response.status),
      expected: 'a token with the scope files:read, in a channel of the app',
    });
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.byteLength;
    if (size > most) return null;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
};
