import type { LocaleName } from '../protocol/people.ts';

/** What the workspace itself says to people; everything else they read comes from the apps or the page. */
const TEXTS = {
  not_connected: {
    'ja-JP': (app: string, command: string) => `${command} は失敗しました: ${app} は今つながっていません。`,
    'en-US': (app: string, command: string) => `${command} failed: ${app} is not connected right now.`,
  },
  timeout: {
    'ja-JP': (app: string, command: string) =>
      `${command} は失敗しました: ${app} が 3 秒以内に応答しませんでした (operation_timeout)。`,
    'en-US': (app: string, command: string) =>
      `${command} failed: ${app} did not respond within 3 seconds (operation_timeout).`,
  },
} as const;

export const sayFailed = (reason: keyof typeof TEXTS, locale: LocaleName, app: string, command: string): string =>
  TEXTS[reason][locale](app, command);
