import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { hostileText, hostileTextConfig, hostileTexts } from '../../support/hostile-text.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { skip, withBrowser } from '../chromium.ts';
import { pressAt } from '../keyboard.ts';
import { editor, fillEditor, linkTo, openExplorer, runOperation, seriousFindings } from './explorer-page.ts';

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
      await pressAt(page.locator('.graphiql-query-editor'), 'Control+Space');
      await page.locator('.suggest-widget').getByText('fails').first().waitFor();
      assert.equal(await page.evaluate(() => Reflect.get(globalThis, 'ran')), undefined);
      assert.deepEqual({ foreign, own, violations: violations() }, { foreign: [], own: [], violations: [] });
    });
  });

  /** Hostile claims, by the member of a token that has them: every type of JSON, long and deep ones too. */
  const deep = JSON.parse(`${'['.repeat(300)}${']'.repeat(300)}`) as unknown;
  const tokens: readonly (readonly [string, unknown])[] = [
    ['texts', { sub: hostileText, email: hostileText, client_id: hostileText, scope: hostileText, iss: hostileText }],
    ['lists', { sub: hostileTexts, email: [hostileText], scope: hostileTexts, scp: hostileTexts, aud: hostileTexts }],
    ['objects', { sub: { [hostileText]: hostileText }, email: {}, scope: { join: 1 }, exp: { valueOf: 1 } }],
    ['numbers, booleans and null', { sub: 1e308, email: null, scope: true, exp: '1', iat: -1, nbf: false, sid: 0 }],
    ['names of members', { ['__proto__']: 1, constructor: hostileText, [hostileText]: hostileText, toString: null }],
    ['a long and a deep value', { sub: 'x'.repeat(5_000), deep, '<b>': 'y'.repeat(1_000) }],
    ['no object', hostileText],
  ];
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('run no script and leave no markup in the claims and labels of pasted tokens', async () => {
    await withBrowser({ viewport: { width: 1280, height: 900 } }, async (browser) => {
      const { page, foreign, violations } = await openExplorer(browser, server);
      await page.getByRole('button', { name: 'Callers', exact: true }).click();
      const panel = page.getByRole('region', { name: 'Callers' });
      for (const [name, claims] of tokens) {
        await panel.getByLabel('Access token').fill(`${encode({ alg: 'none' })}.${encode(claims)}.x`);
        await panel.getByRole('button', { name: 'Use this token' }).click();
        const card = panel.getByRole('listitem').filter({ hasText: 'A pasted token' });
        await card.waitFor();
        for (const summary of await card.getByText('Claims of the token').all()) await summary.click();
        await card.getByRole('button', { name: 'Rename' }).click();
        await card.getByLabel('New name').fill(hostileText);
        await card.getByRole('button', { name: 'Rename' }).click();
        const markup = page.locator('.callers-bar').locator('img, script, iframe, b, style, a[href*="elsewhere"]');
        assert.equal(await markup.count(), 0, name);
        await card.getByRole('button', { name: /^Remove/ }).click();
        await card.waitFor({ state: 'detached' });
      }
      assert.equal(await page.evaluate(() => Reflect.get(globalThis, 'ran')), undefined);
      assert.deepEqual({ foreign, violations: violations() }, { foreign: [], violations: [] });
    });
  });

  for (const [width, height] of [[1280, 900]] as const) {
    it(`has no serious finding of axe-core in any pane, and does not scroll sideways, at ${width} px`, async (t) => {
      await withBrowser({ viewport: { width, height } }, async (browser) => {
        const { page } = await openExplorer(browser, server, linkTo(server, document));
        await editor(page, 'thing').waitFor();
        // The entries of GraphiQL's history have a name that differs from their text. The page cannot change it.
        const ofHistory = 'label-content-name-mismatch';
        const isHistoryItem = (target: string) => target.includes('.graphiql-history-item');
        const check = async (pane: string) => {
          const found = await seriousFindings(page);
          assert.deepEqual(
            found.filter(({ id, targets }) => !(id === ofHistory && targets.every(isHistoryItem))),
            [],
            pane,
          );
          const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
          assert.ok(wide <= 0, `${pane}: the page is ${wide} px too wide`);
        };
        await runOperation(page);
        await check('the answer with denials and errors');
        await page.getByRole('button', { name: /^Show Documentation/ }).click();
        const docs = page.getByRole('region', { name: 'Documentation Explorer' });
        await check('the schema');
        await docs.getByRole('link', { name: 'Query' }).first().click();
        await check('a type');
        await docs.getByRole('combobox').fill('th');
        await docs.getByRole('option').first().waitFor();
        await check('the search');
        await pressAt(docs.getByRole('combobox'), 'Escape');
        await docs.getByRole('link', { name: 'thing' }).first().click();
        await check('a field');
        await page.getByRole('button', { name: 'Show History' }).click();
        await check('the history');
        await page.getByRole('button', { name: 'Share this operation by link' }).click();
        await check('the dialog of the link');
        await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
        await page.getByRole('button', { name: 'Callers', exact: true }).click();
        const panel = page.getByRole('region', { name: 'Callers' });
        await panel.getByLabel('Access token').fill(`${encode({ alg: 'none' })}.${encode({ sub: 'ada' })}.x`);
        await panel.getByRole('button', { name: 'Use this token' }).click();
        await panel.getByRole('listitem').filter({ hasText: 'A pasted token' }).waitFor();
        await check('the callers');
        t.diagnostic(`findings inside of the editor: ${JSON.stringify(await seriousFindings(page, 'editor'))}`);
      });
    });
  }

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
