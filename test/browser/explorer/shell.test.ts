import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { skip, withBrowser } from '../chromium.ts';

/** The folder for screenshots. Default: no screenshots. */
const screenshots = process.env.SCREENSHOTS;

describe('the explorer in a browser', { skip }, () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.dispose());

  interface Watched {
    readonly page: Page;
    /** Messages of the console and violations of the policy. */
    readonly faults: string[];
    /** Requests to another origin. They do not leave the browser. */
    readonly foreign: string[];
  }

  /** Opens a page, cut off from every other origin. */
  async function open(browser: Parameters<Parameters<typeof withBrowser>[1]>[0], path: string): Promise<Watched> {
    const faults: string[] = [];
    const foreign: string[] = [];
    await browser.route(
      (url) => url.origin !== server.url && /^(https?|wss?):$/.test(url.protocol),
      async (route) => {
        foreign.push(route.request().url());
        await route.abort();
      },
    );
    const page = await browser.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.goto(server.url + path);
    return { page, faults, foreign };
  }

  async function run(page: Page): Promise<string> {
    // Before the editor is there, the button does nothing.
    await page.locator('.graphiql-query-editor .view-lines').filter({ hasText: 'WhoMayReadWhat' }).waitFor();
    await page.getByRole('button', { name: /^Execute/ }).click();
    const answer = page.locator('#answers .answer-lines');
    await answer.waitFor();
    return (await answer.innerText()).replaceAll(/\s/g, '');
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [name, viewport] of [
      ['desktop', { width: 1280, height: 800 }],
      ['phone', { width: 360, height: 740 }],
    ] as const) {
      it(`runs an operation, ${name}, ${colorScheme}, with no violation and no request elsewhere`, async () => {
        await withBrowser({ colorScheme, viewport }, async (browser) => {
          const { page, faults, foreign } = await open(browser, '/explorer');
          const answer = await run(page);
          assert.match(answer, /"code":"UNAUTHENTICATED"/);
          if (screenshots) await page.screenshot({ path: join(screenshots, `explorer-${name}-${colorScheme}.png`) });
          assert.deepEqual({ faults, foreign }, { faults: [], foreign: [] });
        });
      });
    }
  }
});
