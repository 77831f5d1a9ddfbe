import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { hostileText, hostileTextConfig } from '../../support/hostile-text.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { skip, withBrowser } from '../chromium.ts';
import { editor, fillEditor, linkTo, openExplorer, runOperation } from './explorer-page.ts';

const document = '{\n  thing(filter: { text: "x" }) {\n    text\n    kind\n    guarded\n  }\n  fails\n}';

describe('texts of others in the explorer', { skip }, () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ config: hostileTextConfig() });
  });
  after(() => server.dispose());

  /** Hovers a word of the editor, and waits for its description. */
  async function hover(page: Page, word: string): Promise<void> {
    await page.locator('.graphiql-query-editor .view-line span span', { hasText: word }).first().hover();
    await page.locator('.monaco-hover:visible').filter({ hasText: 'elsewhere' }).first().waitFor();
    await page.mouse.move(0, 0);
  }

  it('run no script, load nothing, and leave no markup, in answers, errors, documentation and hovers', async () => {
    await withBrowser({ viewport: { width: 1280, height: 900 } }, async (browser) => {
      const { page, foreign, violations } = await openExplorer(browser, server, linkTo(server, document));
      const own: string[] = [];
      page.on('request', (request) => {
        if (request.url().includes('own-picture')) own.push(request.url());
      });
      await editor(page, 'thing').waitFor();
      await runOperation(page);
      const answers = page.locator('#answers');
      await answers.getByText('"text"').first().waitFor();
      assert.ok((await answers.innerText()).includes(JSON.stringify(hostileText).slice(1, 60)));
      await hover(page, 'thing');
      await hover(page, 'kind');

      await page.getByRole('button', { name: /^Show Documentation/ }).click();
      for (const name of ['Query', 'thing']) {
        await page.locator('.graphiql-doc-explorer a, .docs a').getByText(name, { exact: true }).first().click();
      }
      await page.locator('.graphiql-plugin').getByText('elsewhere.example').first().waitFor();
      assert.equal(
        await page.locator('.graphiql-plugin img, .graphiql-plugin iframe, .graphiql-plugin form').count(),
        0,
      );
      for (const link of await page.locator('.graphiql-plugin a:not([href^="#"])').all()) {
        assert.match(String(await link.getAttribute('href')), /^https:\/\/elsewhere\.example\//);
        assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
      }

      await fillEditor(page, '{ fai');
      await page.keyboard.press('Control+Space');
      await page.waitForTimeout(300);
      assert.equal(await page.evaluate(() => Reflect.get(globalThis, 'ran')), undefined);
      assert.deepEqual({ foreign, own, violations: violations() }, { foreign: [], own: [], violations: [] });
    });
  });

  it('are not opened from a damaged link, and the fault names no part of it', async () => {
    await withBrowser({}, async (browser) => {
      const { page, foreign } = await openExplorer(
        browser,
        server,
        '/explorer#operation=<img src=x onerror=globalThis.ran=1>',
      );
      const alert = page.locator('.run-failure[role="alert"]');
      await alert.waitFor();
      assert.match(await alert.innerText(), /^The link is damaged/);
      assert.equal(await page.evaluate(() => Reflect.get(globalThis, 'ran')), undefined);
      assert.equal(new URL(page.url()).hash, '');
      assert.deepEqual(foreign, []);
    });
  });
});
