import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import type { AuditFact } from '../../../src/audit/facts.ts';
import { writeAuditEvents } from '../../../src/audit/write.ts';
import { query } from '../../support/client.ts';
import { until } from '../../support/process.ts';
import { type Account, addPerson, admin, startTestServer, type TestServer, withStore } from '../../support/server.ts';
import { axeFindings } from '../axe.ts';
import { skip, withBrowser } from '../chromium.ts';
import { pressAt } from '../keyboard.ts';
import { signInByWindow } from '../sign-in-window.ts';

/** The folder for screenshots. Default: no screenshots. */
const screenshots = process.env.SCREENSHOTS;

const config = `export default { modules: [{
  name: 'trial',
  typeDefs: 'extend type Query { trial: Trial @public } type Trial { tried: Int @auth(scope: "keys", mode: SHADOW) }',
  resolvers: { Query: { trial: () => ({ tried: 7 }) } },
}] }`;

const hostile = '<img src=x onerror="window.hacked = 1"><script>window.hacked = 1</script>';

describe('the activity page in a browser', { skip }, () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ config });
  });
  after(() => server.dispose());

  interface Watched {
    readonly page: Page;
    /** Messages of the console, violations of the policy and requests to other origins. */
    readonly faults: string[];
  }

  async function open(browser: BrowserContext, fragment = ''): Promise<Watched> {
    const faults: string[] = [];
    await browser.route(
      (url) => url.origin !== server.url && /^(https?|wss?):$/.test(url.protocol),
      async (route) => {
        faults.push(route.request().url());
        await route.abort();
      },
    );
    const page = await browser.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.goto(`${server.url}/explorer/activity${fragment}`);
    return { page, faults };
  }

  /** Signs in by the window that the page opens. */
  async function signIn(page: Page, account: Account = admin, button = 'Sign in'): Promise<void> {
    const opener = page.getByRole('button', { name: button, exact: true });
    await signInByWindow(page.context(), () => opener.click(), { account });
  }

  async function openSignedIn(browser: BrowserContext, fragment = ''): Promise<Watched> {
    const watched = await open(browser, fragment);
    await signIn(watched.page);
    await watched.page.getByText('Live', { exact: true }).waitFor();
    return watched;
  }

  async function shoot(page: Page, name: string): Promise<void> {
    if (screenshots) await page.screenshot({ path: join(screenshots, `activity-${name}.png`), fullPage: true });
  }

  const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

  it('signs in, and shows a denial and a shadow denial as they happen', async () => {
    await withBrowser({}, async (browser) => {
      const { page, faults } = await openSignedIn(browser);
      const denials = page.locator('section', { has: page.getByRole('heading', { name: 'Denials', exact: true }) });
      await shoot(page, 'empty');
      await query(server.url, '{ grants { nodes { id } } }');
      await query(server.url, '{ trial { tried } }');
      // Counted events are written every 10 s.
      await denials.getByText(/1 denial, from .*; 1 shadow denial, from /).waitFor({ timeout: 30_000 });
      await page.locator('.events .about', { hasText: 'Trial.tried' }).waitFor();
      await page.getByRole('rowheader', { name: 'Query.grants' }).first().waitFor();
      assert.deepEqual(await axeFindings(page), []);

      // A reload signs in again without a window.
      await page.reload();
      await page.getByText('Live', { exact: true }).waitFor();
      await denials.getByText(/1 denial/).waitFor();

      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText('Paused', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByText('Live', { exact: true }).waitFor();
      assert.deepEqual(faults, []);
      const kept = await page.evaluate('JSON.stringify([localStorage, sessionStorage, location.href])');
      assert.doesNotMatch(String(kept), /eyJ|Bearer|code=/);
    });
  });

  it('works by keyboard, as a table, and keeps the filters in the fragment', async () => {
    await withBrowser({ viewport: { width: 360, height: 740 } }, async (browser) => {
      const { page, faults } = await openSignedIn(browser, '#range=7d&coordinate=Query.grants');
      assert.equal(await page.getByRole('textbox', { name: 'Coordinate' }).inputValue(), 'Query.grants');
      const slider = page.getByRole('slider', { name: 'Denials: point in time' });
      await slider.focus();
      await pressAt(slider, 'End', 'ArrowLeft');
      const text = async () => (await slider.getAttribute('aria-valuetext')) ?? '';
      await until(async () => /: \d+ denials?, \d+ shadow denials?$/.test(await text()));
      await page.getByRole('button', { name: 'Table', exact: true }).press('Enter');
      await page.getByRole('slider').first().waitFor({ state: 'hidden' });
      assert.equal(await section(page, 'Denials by time').getByRole('row').count(), 57);
      await page.getByRole('button', { name: '1 hour' }).press('Enter');
      await page.waitForFunction("location.hash.includes('range=1h') && location.hash.includes('view=table')");
      await page.getByRole('combobox', { name: 'Type' }).selectOption('SIGN_IN');
      await section(page, 'Denials by time').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await section(page, 'Denials by time').waitFor();
      assert.deepEqual(await axeFindings(page), []);
      const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
      assert.ok(width <= 360, `${width} pixels wide`);
      assert.deepEqual(faults, []);
    });
  });

  it('says why a person without the role sees nothing, and what to do', async () => {
    const person = await addPerson(server, 'bob@example.com');
    await withBrowser({}, async (browser) => {
      const { page, faults } = await open(browser);
      assert.deepEqual(await axeFindings(page), []);
      await shoot(page, 'signed-out');
      await signIn(page, person);
      await page.getByRole('heading', { name: 'The scope audit is missing' }).waitFor();
      await page.getByText('bob@example.com is signed in without the scope audit.').waitFor();
      await page.getByText('claimgate account roles EMAIL administrator').waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await shoot(page, 'no-scope');
      assert.deepEqual(faults, []);
    });
  });

  it('shows hostile texts as text', async () => {
    await withStore(server, (store) => {
      const fact: AuditFact = {
        type: 'denial',
        outcome: 'denied',
        coordinate: hostile,
        rule: hostile,
        accountId: null,
        clientId: hostile,
        detail: `${hostile} \u202Eevil`,
      };
      return writeAuditEvents(store, [{ fact, count: 2_500_000_000 - 1_000_000_000, at: Date.now() }]);
    });
    await withBrowser({}, async (browser) => {
      const { page, faults } = await openSignedIn(browser);
      await page
        .getByRole('button', { name: hostile.slice(0, 40) })
        .first()
        .waitFor();
      await page.locator('.events summary', { hasText: 'onerror' }).first().click();
      await page.locator('dd', { hasText: 'onerror' }).first().waitFor();
      await page
        .getByRole('button', { name: hostile.slice(0, 40) })
        .first()
        .click();
      await page.waitForFunction("location.hash.includes('coordinate=')");
      assert.equal(await page.evaluate("'hacked' in window"), false);
      assert.equal(await page.locator('img, main script').count(), 0);
      assert.deepEqual(faults, []);
    });
  });

  if (screenshots) {
    it('looks as it should', async () => {
      await withStore(server, fillDay);
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const [name, viewport] of [
          ['desktop', { width: 1280, height: 800 }],
          ['phone', { width: 360, height: 740 }],
        ] as const) {
          await withBrowser({ colorScheme, viewport }, async (browser) => {
            const { page } = await openSignedIn(browser);
            await page
              .getByText(/most from/)
              .first()
              .waitFor();
            await page.waitForTimeout(600);
            await shoot(page, `busy-${name}-${colorScheme}`);
            await page.getByRole('button', { name: 'Table', exact: true }).click();
            await shoot(page, `table-${name}-${colorScheme}`);
            await page.locator('.events summary').first().click();
            assert.deepEqual(await axeFindings(page), []);
          });
        }
      }
    });
  }
});

/** Writes a day of events. */
async function fillDay(store: Parameters<Parameters<typeof withStore>[1]>[0]): Promise<void> {
  const day = 24 * 60 * 60_000;
  const clients = ['claimgate', 'reports', 'shop-web', null];
  const coordinates = ['Query.orders', 'Order.total', 'Mutation.refund', 'Query.accounts', 'Invoice.customer'];
  const types = [
    'denial',
    'shadow_denial',
    'sign_in',
    'sign_in_failed',
    'token_issued',
    'token_refreshed',
    'token_revoked',
    'administration',
    'account_created',
  ] as const;
  const facts = Array.from({ length: 1_500 }, (_, index) => {
    const at = Date.now() - day + Math.floor((index * day) / 1_500);
    const type = types[(index * 7 + Math.floor(index / 11)) % types.length] ?? 'denial';
    const coordinate = coordinates[(index * 3) % 5] ?? null;
    const isRule = type.endsWith('denial');
    return {
      fact: {
        type,
        outcome: type === 'denial' ? 'denied' : type === 'sign_in_failed' ? 'failed' : 'allowed',
        coordinate: isRule || type === 'administration' ? coordinate : null,
        rule: isRule ? coordinate : null,
        accountId: null,
        clientId: clients[index % 4] ?? null,
        detail: isRule ? 'FORBIDDEN @auth(scope: "orders:read")' : null,
      } satisfies AuditFact,
      count: 1 + Math.floor(8 * (1 + Math.sin(index / 90))),
      at,
    };
  });
  await writeAuditEvents(store, facts);
}
