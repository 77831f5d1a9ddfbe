import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { dose } from '../../support/dose.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { axeFindings } from '../axe.ts';
import { skip, withBrowser } from '../chromium.ts';
import { focused, pressAt, typeAt } from '../keyboard.ts';
import { signInByWindow } from '../sign-in-window.ts';

/** The folder for screenshots. Default: no screenshots. */
const screenshots = process.env.SCREENSHOTS;
/** The rules of axe-core for a part of the page. The others need the whole page. */
const runOnly = ['wcag2a', 'wcag2aa'];

/** How old an authentication may be for the field `recent`, in seconds. */
const maxAge = 8;

const typeDefs = `
  extend type Query {
    open: String @public
    "The orders."
    orders(where: OrderFilter, note: String @auth(scope: "orders:notes")): [Order!]! @auth(scope: "orders:read")
    either: String @auth(scope: ["orders:read", "orders:notes"])
    secretly(code: String @sensitive): String @public
    boss: String @auth(scope: "orders:boss")
    recent: String @auth(maxAge: ${maxAge})
    strong: String @auth(acr: ["urn:example:hardware"])
    claimed: String @auth(claims: [{ claim: ["<img src=x onerror=alert(1)>"], exists: true }])
  }
  type Order { id: ID! total: Int @auth(scope: "orders:notes") }
  input OrderFilter { secret: String @auth(scope: "orders:notes"), status: OrderStatus }
  enum OrderStatus { OPEN HELD @auth(scope: "orders:notes") }
`;

const config = `export default {
  scopes: {
    'orders:read': { description: 'Read orders' },
    'orders:notes': { description: 'Read the notes <b>of</b> orders' },
    'orders:boss': { description: 'Run the shop', roles: ['boss'] },
  },
  modules: [{
    name: 'orders',
    typeDefs: ${JSON.stringify(typeDefs)},
    resolvers: { Query: { orders: () => [] } },
  }],
};`;

/** How many types the large schema has. */
const large = dose('browser/explorer/needs.test.ts');
const [last, middle, sought] = [large - 1, large / 2, Math.floor(large * 0.7777)];

/** A large schema. Every type has a guarded field. */
const largeConfig = `
const numbers = Array.from({ length: ${large} }, (_, index) => index);
export default {
  scopes: { large: { description: 'Read much' } },
  modules: [{
    name: 'large',
    typeDefs: [
      ...numbers.map((n) => \`type Type\${n} { "A value." value: Int @auth(scope: "large") other: Type\${(n + 1) % ${large}} }\`),
      \`extend type Query { \${numbers.map((n) => \`type\${n}: Type\${n} @public\`).join(' ')} }\`,
    ].join('\\n'),
    resolvers: {},
  }],
};`;

describe('what an operation needs, beside the editor', { skip }, () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ config });
  });
  after(() => server.dispose());

  /** Opens the explorer, cut off from every other origin. */
  async function open(
    browser: BrowserContext,
    address = server.url,
  ): Promise<{ page: Page; faults: string[]; explained: () => number }> {
    const faults: string[] = [];
    let count = 0;
    const page = await browser.newPage();
    await page.route(
      (url) => url.origin !== address && /^(https?|wss?):$/.test(url.protocol),
      (route) => route.abort(),
    );
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('dialog', (dialog) => {
      faults.push(`a script ran: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (request.postData()?.includes('explainOperation')) count += 1;
    });
    await page.goto(`${address}/explorer`);
    await page.locator('.graphiql-query-editor .view-lines').waitFor();
    return { page, faults, explained: () => count };
  }

  /** Replaces the text of the operation editor. */
  async function write(page: Page, text: string): Promise<void> {
    await page.locator('.graphiql-query-editor .view-lines').click({ position: { x: 5, y: 5 } });
    await pressAt(page.locator('.graphiql-query-editor'), 'Control+A');
    // A paste, because the editor closes brackets that are typed.
    await page.evaluate(`{
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', ${JSON.stringify(text)});
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    }`);
  }

  const pane = (page: Page) => page.getByRole('region', { name: 'What it needs' });
  const element = (page: Page, coordinate: string) =>
    pane(page)
      .getByRole('listitem')
      .filter({ has: page.getByRole('button', { name: coordinate }) });

  /** Presses the button for the sign-in, and goes through the window. */
  async function signIn(page: Page, button: RegExp): Promise<void> {
    await signInByWindow(page.context(), () => pane(page).getByRole('button', { name: button }).click());
  }

  async function shoot(page: Page, name: string): Promise<void> {
    if (screenshots) await page.screenshot({ path: join(screenshots, `needs-${name}.png`) });
  }

  it('shows needs while typing, asks for a missing scope, says a refused role, and steps up', async () => {
    await withBrowser({ viewport: { width: 1440, height: 900 } }, async (browser) => {
      const { page, faults, explained } = await open(browser);
      await write(page, '{\n  open\n  orders { id total }\n}');
      await pane(page).getByText('Refused').or(pane(page).getByText('Runs in part')).waitFor();
      await element(page, 'Query.orders').getByText('may not').waitFor();
      await element(page, 'Query.orders').getByText('Requires the scope orders:read.').waitFor();
      await shoot(page, 'anonymous');

      const before = explained();
      await wait(1_500);
      assert.equal(explained(), before, 'no request while nothing changes');

      await signIn(page, /^Sign in for orders:read and orders:notes$/);
      await pane(page)
        .getByText(/^Runs: (all|the)/)
        .waitFor();
      await element(page, 'Order.total').locator('.needs-decision[data-decision="ALLOW"]').waitFor();
      await shoot(page, 'granted');
      const signedInAt = Date.now();

      const compare = page.getByRole('checkbox', { name: 'Side by side' });
      await compare.check();
      const decisions = element(page, 'Query.orders').locator('.needs-others .needs-decision');
      await decisions.nth(1).waitFor();
      const found = await decisions.evaluateAll((all) => all.map((one) => one.getAttribute('data-decision')));
      assert.deepEqual(new Set(found), new Set(['ALLOW', 'DENY']));
      await shoot(page, 'compare');
      await compare.uncheck();
      await element(page, 'Query.orders').locator('.needs-jump .needs-decision[data-decision="ALLOW"]').waitFor();

      await write(page, '{ orders { id ');
      await pane(page).getByText('Not finished yet (line 1)').waitFor();
      await page.locator('.needs-last.needs-stale').getByText('Order.total').waitFor();
      assert.equal(await page.locator('.graphiql-query-editor .needs-mark').count(), 0, 'no mark on other text');
      await shoot(page, 'stale');

      await write(page, '{ boss }');
      await signIn(page, /^Sign in again for orders:boss$/);
      await pane(page).getByText('The sign-in came back without orders:boss').waitFor();
      assert.equal(
        await pane(page)
          .getByRole('button', { name: /^Sign in/ })
          .count(),
        0,
      );
      await shoot(page, 'refused-role');

      await write(page, '{ claimed }');
      await pane(page).getByText('More scopes do not change a claim').waitFor();
      assert.equal(await pane(page).locator('img').count(), 0);

      await write(page, '{ strong }');
      await pane(page)
        .getByRole('button', { name: /^Sign in again \(with urn:example:hardware\)$/ })
        .waitFor();

      await wait(Math.max(0, signedInAt + (maxAge + 1) * 1_000 - Date.now()));
      await write(page, '{ recent }');
      await signIn(page, new RegExp(`^Sign in again \\(valid for ${maxAge} seconds\\)$`));
      await pane(page).getByText('Runs: the guarded element is allowed.').waitFor();
      assert.deepEqual(faults, []);
    });
  });

  it('marks guarded selections in the editor, and leaves no mark behind', async () => {
    await withBrowser({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' }, async (browser) => {
      const { page } = await open(browser);
      const text =
        '{\n  open\n  list: orders(where: { secret: "a", status: HELD }, note: "b") { ...F }\n}\nfragment F on Order { total }';
      await write(page, text);
      const marks = page.locator('.graphiql-query-editor .needs-mark-deny');
      await element(page, 'Order.total').waitFor();
      await marks.nth(5).waitFor();
      const marked = (await marks.allInnerTexts())
        .join(' ')
        .replaceAll(/[\s:]+/g, ' ')
        .trim()
        .split(' ');
      assert.deepEqual(marked.sort(), ['HELD', 'list', 'note', 'orders', 'secret', 'total']);
      await shoot(page, 'marks-dark');
      assert.deepEqual(await axeFindings(page, { selector: '.needs', runOnly }), []);

      await marks.filter({ hasText: 'total' }).hover();
      await page.locator('.monaco-hover').getByText('this caller may not').first().waitFor();

      await element(page, 'OrderStatus.HELD').getByRole('button').press('Enter');
      await focused(page.locator('.graphiql-query-editor'));

      await write(page, '{ open }');
      await pane(page).getByText('Runs: no rule guards it.').waitFor();
      assert.equal(await page.locator('.graphiql-query-editor .needs-mark').count(), 0);
      await page.getByRole('status').filter({ hasText: 'Runs: no rule guards it.' }).waitFor();

      await write(page, '{ secretly(code: "hunter2") }');
      await pane(page).getByText('Line 1: ').filter({ hasText: 'variable' }).waitFor();
      assert.equal(await pane(page).getByText('hunter2').count(), 0);

      await browser.setOffline(true);
      await write(page, '{ boss }');
      await pane(page).getByText('The server cannot be reached').waitFor();
      await browser.setOffline(false);
      await element(page, 'Query.boss').waitFor();
    });
  });

  it('shows the rule of each element in the documentation', async () => {
    await withBrowser({ viewport: { width: 1440, height: 900 } }, async (browser) => {
      const { page, faults } = await open(browser);
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      const docs = page.getByRole('region', { name: 'Documentation Explorer' });
      await docs.getByRole('link', { name: 'Query' }).first().click();
      const orders = docs
        .locator('.graphiql-doc-explorer-item')
        .filter({ has: page.getByRole('link', { name: 'orders' }) });
      await orders.getByText('Requires the scope').first().waitFor();
      await orders.getByText('may not').first().waitFor();
      assert.equal(await orders.getByText('Requires the scope').count(), 2, 'the field and its argument, each once');
      await shoot(page, 'docs');
      await orders.getByRole('link', { name: 'orders' }).click();
      await docs.locator('.needs-badge').getByText('orders:notes').waitFor();
      await docs.getByRole('link', { name: 'OrderFilter' }).click();
      await docs.locator('.needs-badge').getByText('orders:notes').first().waitFor();
      await docs.getByRole('link', { name: 'OrderStatus' }).click();
      await docs.locator('.needs-badge').getByText('orders:notes').waitFor();
      await shoot(page, 'docs-enum');
      assert.deepEqual(await axeFindings(page, { selector: '.needs-badge', runOnly }), []);
      assert.deepEqual(faults, []);
    });
  });

  it('offers alternatives as a choice', async () => {
    await withBrowser({ viewport: { width: 1440, height: 900 } }, async (browser) => {
      const { page } = await open(browser);
      await write(page, '{ either }');
      await pane(page).getByRole('radio', { name: 'orders:notes' }).check();
      await pane(page).getByRole('button', { name: 'Sign in for orders:notes' }).waitFor();
      await shoot(page, 'alternatives');
    });
  });
  it('is readable on a phone', async () => {
    await withBrowser({ viewport: { width: 360, height: 740 } }, async (browser) => {
      const { page } = await open(browser);
      await write(page, '{ boss }');
      await page.getByRole('button', { name: 'Show What it needs' }).click();
      await element(page, 'Query.boss').waitFor();
      await shoot(page, 'phone');
      const box = await element(page, 'Query.boss').boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= 360, `the element is at ${JSON.stringify(box)}`);
    });
  });

  it('says why it is empty when only callers with a token may introspect', async () => {
    const closed = await startTestServer({ config: "export default { introspection: 'authenticated' };" });
    try {
      await withBrowser({ viewport: { width: 1440, height: 900 } }, async (browser) => {
        const { page } = await open(browser, closed.url);
        await write(page, '{ viewer { subject } }');
        await pane(page).getByText('shows its schema to callers with a token only').waitFor();
      });
    } finally {
      await closed.dispose();
    }
  });

  it(`stays usable with a schema of ${large} types`, async () => {
    const many = await startTestServer({ config: largeConfig });
    try {
      await withBrowser({ viewport: { width: 1440, height: 900 } }, async (browser) => {
        const { page } = await open(browser, many.url);
        await write(page, `{ type${last} { value } }`);
        await element(page, `Type${last}.value`).getByText('may not').waitFor();
        const startedAt = Date.now();
        await write(page, `{ type${middle} { value } }`);
        await element(page, `Type${middle}.value`).getByText('may not').waitFor();
        await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
        const docs = page.getByRole('region', { name: 'Documentation Explorer' });
        await docs.getByRole('button', { name: /^Show more of \d+ types$/ }).waitFor();
        await docs.getByRole('link', { name: 'Type100', exact: true }).click();
        await docs.locator('.needs-badge').getByText('large').waitFor();
        const tookMs = Date.now() - startedAt;
        assert.ok(tookMs < 15_000, `a change of the text and two pages of the documentation took ${tookMs} ms`);

        await docs.getByRole('link', { name: 'Go back' }).click();
        const search = docs.getByRole('combobox');
        await search.click();
        const searchedAt = Date.now();
        // Almost every name of the schema matches.
        await typeAt(search, 'type');
        const options = docs.getByRole('option');
        await options
          .filter({ hasText: /^Type\d+$/ })
          .first()
          .waitFor();
        assert.ok((await options.count()) <= 150, `${await options.count()} results are drawn`);
        await search.fill(`Type${sought}`);
        await options.filter({ hasText: new RegExp(`^Type${sought}$`) }).waitFor();
        await options.filter({ hasText: new RegExp(`^Query\\.type${sought}$`) }).waitFor();
        const searchMs = Date.now() - searchedAt;
        assert.ok(searchMs < 10_000, `two searches took ${searchMs} ms`);

        const openedAt = Date.now();
        await options.filter({ hasText: new RegExp(`^Query\\.type${sought}$`) }).click();
        await docs.locator('.graphiql-doc-explorer-title').getByText(`type${sought}`).waitFor();
        await docs.getByRole('link', { name: 'Go back' }).click();
        await docs.getByRole('link', { name: 'Query' }).first().click();
        await docs.getByRole('button', { name: /^Show more of \d+ fields$/ }).waitFor();
        assert.equal(await docs.getByText('The rules are not shown').count(), 0);
        const openMs = Date.now() - openedAt;
        assert.ok(openMs < 15_000, `the pages of a field and of a type of ${large} fields took ${openMs} ms`);
      });
    } finally {
      await many.dispose();
    }
  });
});
