import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { signInFor } from '../../support/client.ts';
import { dose } from '../../support/dose.ts';
import { until } from '../../support/process.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { skip, withBrowser } from '../chromium.ts';
import { insertAt, pressAnywhere, pressAt } from '../keyboard.ts';
import { signInByWindow } from '../sign-in-window.ts';
import { editor, fillEditor, linkTo, openExplorer, runOperation, seriousFindings, shoot } from './explorer-page.ts';

const orders = `
const orders = [
  { id: '1', item: 'Lamp', customer: 'Grace' },
  { id: '2', item: 'Desk', customer: 'Alan' },
];
let renamed = 0;
export default {
  scopes: {
    'orders:read': { description: 'See the orders' },
    'customers:read': { description: 'See who ordered' },
  },
  modules: [{
    name: 'orders',
    typeDefs: \`
      type Order { id: ID!  item: String!  customer: String @auth(scope: "customers:read") }
      extend type Query { orders: [Order!]! @auth(scope: "orders:read")  renamed: Int! @public }
      extend type Mutation { rename(name: String!): Int! @public  secret(phrase: String! @sensitive): Int! @public }
    \`,
    resolvers: {
      Query: { orders: () => orders, renamed: () => renamed },
      Mutation: { rename: () => (renamed += 1), secret: () => 1 },
    },
  }],
};`;
const document = 'query Orders {\n  orders {\n    id\n    item\n    customer\n  }\n}';

describe('operations in the explorer', { skip }, () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ config: orders });
  });
  after(() => server.dispose());

  /** Adds a caller with a token for some scopes. */
  async function paste(page: Page, scope: string): Promise<void> {
    const { accessToken } = await signInFor(server.url, { scope });
    const opener = page.getByRole('button', { name: 'Callers', exact: true });
    if ((await opener.getAttribute('aria-expanded')) !== 'true') await opener.click();
    await page.getByLabel('Access token').fill(accessToken);
    await page.getByRole('button', { name: 'Use this token' }).click();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
  }

  const windows = [
    ['desktop-light', { width: 1280, height: 800 }, 'light'],
    ['phone-dark', { width: 360, height: 740 }, 'dark'],
  ] as const;
  for (const [name, viewport, colorScheme] of windows.slice(0, dose('browser/explorer/run.test.ts'))) {
    it(`run as three callers side by side, with differences and denials marked without colour, ${name}`, async () => {
      await withBrowser({ viewport, colorScheme }, async (browser) => {
        const { page, foreign, violations } = await openExplorer(browser, server, linkTo(server, document));
        await editor(page, 'orders').waitFor();
        await shoot(page, `${name}-first`);
        await paste(page, 'orders:read');
        await paste(page, 'orders:read customers:read');
        await page.getByLabel('Side by side').check();
        for (const box of await page.locator('.callers-choice input[name="caller"]').all()) await box.check();
        await runOperation(page);
        const answers = page.locator('section.answer');
        assert.equal(await answers.count(), 3);
        assert.match(
          await page.locator('.comparison').innerText(),
          /≠ 1 of 3 callers got no data\. 6 of 6 fields differ\./,
        );
        assert.match(
          await answers.nth(1).innerText(),
          /HTTP 401[^]*The operation was refused[^]*Query\.orders needs orders:read/,
        );
        assert.match(
          await answers.nth(2).innerText(),
          /1 field was denied[^]*Order\.customer needs customers:read at orders\[0\]\.customer and 1 more item/,
        );
        const denied = answers.nth(2).locator('.answer-line.denied');
        assert.deepEqual(
          (await denied.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ')),
          Array(2).fill('≠ differs: "customer": null⊘ denied: needs customers:read'),
        );
        await pressAnywhere(page, 'Alt+n', 'Alt+n');
        await page.locator('.comparison').getByText('2 of 3: orders[0].customer').waitFor();
        await page.locator('.answer-line:focus').filter({ hasText: '"customer": "Grace"' }).waitFor();
        await shoot(page, `${name}-three`);
        assert.deepEqual(await seriousFindings(page), []);
        assert.deepEqual({ foreign, violations: violations() }, { foreign: [], violations: [] });
      });
    });
  }

  it('ask before several callers run a mutation', async () => {
    await withBrowser({}, async (browser) => {
      const { page } = await openExplorer(browser, server, linkTo(server, 'mutation { rename(name: "x") }'));
      await editor(page, 'rename').waitFor();
      await paste(page, 'orders:read');
      await page.getByLabel('Side by side').check();
      const execute = page.getByRole('button', { name: /^Execute/ });
      await execute.click();
      const dialog = page.getByRole('dialog', { name: 'Run the mutation 2 times?' });
      await dialog.waitFor();
      await shoot(page, 'question');
      await dialog.getByRole('button', { name: 'Do not run' }).click();
      await page.getByText('The answers appear here').waitFor();
      await execute.click();
      await dialog.getByRole('button', { name: 'Run 2 times' }).click();
      await page.locator('section.answer .json-number').nth(1).waitFor();
      const texts = await page.locator('section.answer .json-number').allInnerTexts();
      // The refused question ran nothing.
      assert.deepEqual(texts.sort(), ['1', '2']);
    });
  });

  it('sign in for what was missing and run again, and receive events', async () => {
    await withBrowser({ viewport: { width: 1280, height: 800 } }, async (browser) => {
      const sockets: string[] = [];
      const { page } = await openExplorer(browser, server, linkTo(server, document));
      page.on('websocket', (socket) => sockets.push(socket.url()));
      await editor(page, 'orders').waitFor();
      await runOperation(page);
      await signInByWindow(browser, () =>
        page.locator('#answers').getByRole('button', { name: 'Sign in for orders:read' }).click(),
      );
      await page.getByText('1 field was denied').waitFor();
      await signInByWindow(browser, () =>
        page.locator('#answers').getByRole('button', { name: 'Sign in again for customers:read' }).click(),
      );
      await page.locator('.json-string', { hasText: 'Grace' }).waitFor();

      await fillEditor(page, 'subscription Events { auditEventAdded { type } }');
      await pressAt(page.locator('.graphiql-query-editor'), 'Control+Enter');
      await page.getByText('refused the subscription').waitFor();
      await shoot(page, 'subscription-refused');
      await signInByWindow(browser, () =>
        page.locator('#answers').getByRole('button', { name: 'Sign in again for audit' }).click(),
      );
      await page.getByText('● Connected').waitFor();
      const before = sockets.length;
      await signInFor(server.url, { scope: 'orders:read' });
      await page.locator('.event .json-string', { hasText: 'GRANT_GIVEN' }).first().waitFor();
      await page.getByRole('button', { name: 'Pause the list' }).click();
      await signInFor(server.url, { scope: 'orders:read' });
      await page.getByText('since the pause').waitFor();
      await shoot(page, 'subscription');
      await page.getByRole('button', { name: 'Stop', exact: true }).click();
      await page.getByText('You stopped the subscription').waitFor();
      assert.equal(sockets.length, before);
      const kept = await page.evaluate<string>('JSON.stringify([localStorage, sessionStorage, location.href])');
      assert.doesNotMatch(kept, /eyJ|Bearer/);
    });
  });

  it('are shared by a link that runs nothing and holds no secret, and their tabs are there after a reload', async () => {
    await withBrowser({}, async (browser) => {
      const { page } = await openExplorer(browser, server);
      await editor(page, 'WhoMayReadWhat').waitFor();
      await fillEditor(
        page,
        'mutation Secret($phrase: String!, $name: String!) { secret(phrase: $phrase) rename(name: $name) }',
      );
      await page.getByRole('button', { name: 'Variables' }).click();
      const variables = page.locator('.graphiql-editor-tool');
      await variables.locator('.view-lines').click();
      await insertAt(variables, '{ "phrase": "hush-hush", "name": "plain" }');
      await page.getByRole('button', { name: 'Share this operation by link' }).click();
      const dialog = page.getByRole('dialog', { name: 'Share this operation' });
      assert.match(await dialog.innerText(), /Left out, because they may be secret: phrase\./);
      await shoot(page, 'share');
      const link = await dialog.getByLabel('Link').inputValue();
      assert.doesNotMatch(Buffer.from(link.split('=')[1] ?? '', 'base64url').toString(), /hush/);
      await dialog.getByRole('button', { name: 'Close' }).click();
      // The page stores its tabs a moment after the last key.
      await until(() => page.evaluate<boolean>("JSON.stringify(localStorage).includes('plain')"));
      await page.reload();
      await editor(page, 'mutation Secret').waitFor();
      assert.match(await page.locator('.graphiql-editor-tool').innerText(), /plain/);
      assert.doesNotMatch(await page.evaluate<string>('JSON.stringify(localStorage)'), /hush/);

      const requests: (string | null)[] = [];
      const other = await openExplorer(browser, server, 'about:blank');
      other.page.on('request', (request) => request.url().endsWith('/graphql') && requests.push(request.postData()));
      await other.page.goto(link);
      await editor(other.page, 'mutation Secret').waitFor();
      await other.page.getByText('The answers appear here').waitFor();
      await other.page.waitForTimeout(500);
      assert.equal(new URL(other.page.url()).hash, '');
      // A link that is entered in an open page gets a tab of its own, and keeps the page.
      await other.page.goto(linkTo(server, 'query Further { renamed }'));
      await editor(other.page, 'Further').waitFor();
      await other.page.getByRole('button', { name: 'Secret', exact: true }).first().waitFor();
      for (const body of requests) assert.doesNotMatch(String(body), /"query":"(?:mutation|query Further)/);
    });
  });
});
