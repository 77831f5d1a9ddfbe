import { existsSync } from 'node:fs';
import { after } from 'node:test';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/** The program of the browser. */
export const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/**
 * Why browser tests are skipped on this machine; `false` if they run. With `REQUIRE_BROWSER=1` they are never skipped.
 */
export const skip: string | false =
  existsSync(executablePath) || process.env.REQUIRE_BROWSER === '1'
    ? false
    : `no Chromium at ${executablePath}: install it, or set CHROMIUM_PATH`;

/**
 * The features that are off. Chromium applies only its last list, so the list repeats those that playwright-core turns
 * off on Linux.
 */
const disabledFeatures = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
  // Each window of Chromium loads two pages in a process of their own for the suggestions below its address bar, which
  // no test sees. They need more processor time than a small page.
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxPopup',
];

/** The arguments with which Chromium works in a container, and calls no service of its maker. */
export const browserArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Without a limit, Chromium starts a spare process at each navigation.
  '--renderer-process-limit=1',
  // A frame of another origin needs no process of its own. The rules between origins are the same.
  '--disable-site-isolation-trials',
  `--disable-features=${disabledFeatures.join(',')}`,
];

let running: Promise<Browser> | undefined;
const furtherArguments: string[] = [];

/**
 * Lets Chromium find a host at a port of this machine, such as `sandbox.example:443`. Call it before the first
 * `withBrowser` of the file.
 */
export function mapHosts(ports: Readonly<Record<string, number>>): void {
  const rules = Object.entries(ports).map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`);
  furtherArguments.push(`--host-resolver-rules=${rules.join(',')}`);
}

after(async () => (await running)?.close());

/** Opens a new browser context, uses it, and closes it. One Chromium process serves the whole file. */
export async function withBrowser(
  options: {
    colorScheme?: 'light' | 'dark';
    viewport?: { width: number; height: number };
    javaScriptEnabled?: boolean;
    /** Accepts certificates of no known authority. */
    ignoreHTTPSErrors?: boolean;
  },
  use: (browser: BrowserContext) => Promise<void>,
): Promise<void> {
  running ??= chromium.launch({
    executablePath,
    headless: true,
    args: [...browserArguments, ...furtherArguments],
  });
  const browser = await (await running).newContext(options);
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}
