import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's; playwright-core brings no browser of its own. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const browserPath: string | undefined = process.env.TENKYO_CHROMIUM ?? places.find((path) => existsSync(path));

/** Without a browser these tests are skipped by name; in CI they may not be. */
export const mayRun: boolean = browserPath !== undefined || process.env.CI === 'true';

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: browserPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
