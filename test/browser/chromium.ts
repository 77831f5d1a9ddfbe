import { existsSync } from 'node:fs';
import { after } from 'node:test';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/**
 * Why browser tests are skipped on this machine; `false` if they run. With `REQUIRE_BROWSER=1` they are never skipped.
 */
export const skip: string | false =
  existsSync(executablePath) || process.env.REQUIRE_BROWSER === '1'
    ? false
    : `no Chromium at ${executablePath}: install it, or set CHROMIUM_PATH`;

let running: Promise<Browser> | undefined;
after(async () => (await running)?.close());

/** Opens a new browser context, uses it, and closes it. One Chromium process serves the whole file. */
export async function withBrowser(
  options: {
    colorScheme?: 'light' | 'dark';
    viewport?: { width: number; height: number };
    javaScriptEnabled?: boolean;
  },
  use: (browser: BrowserContext) => Promise<void>,
): Promise<void> {
  running ??= chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const browser = await (await running).newContext(options);
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}
