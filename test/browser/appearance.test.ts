import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { type SignInResult, signInResultPages } from '../../src/server/embedded/sign-in-result.ts';
import { authorizeAddress, registerApplication, signInFor } from '../support/client.ts';
import { temporaryFolder } from '../support/process.ts';
import { admin, startTestServer, type TestServer } from '../support/server.ts';
import { axeFindings } from './axe.ts';
import { skip, withBrowser } from './chromium.ts';
import { focused, pressAt, typeAt } from './keyboard.ts';

/** The folder for screenshots. Default: no screenshots. */
const screenshots = process.env.SCREENSHOTS;

const accent = { light: '#0b6e4f', dark: '#7ee0b8' };
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40" onload="fetch(\'/stolen\')"><script>fetch("/stolen")</script><rect width="40" height="40" rx="8" fill="#0b6e4f"/><circle cx="20" cy="20" r="10" fill="#fff"/><rect x="48" y="12" width="72" height="16" rx="4" fill="#0b6e4f"/></svg>';

const longScope = 'https://api.ordnung.example/scopes/warehouse.inventory.adjustments.write';

/**
 * The ways in which each page is looked at, with the rules of axe-core that the colours or the width can break. The
 * first way checks all rules.
 */
const views = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1000, height: 800 }, rules: {} },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1000, height: 800 }, rules: { runOnly: 'color-contrast' } },
  { name: 'phone', colorScheme: 'dark', viewport: { width: 390, height: 844 }, rules: { runOnly: 'target-size' } },
] as const;

describe('the pages with the appearance of an operator, in a browser', { skip }, () => {
  let server: TestServer;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const application = createServer((_request, response) => response.end('back in the application'));
  const clients: Record<string, string> = {};
  let redirectUri: string;

  before(async () => {
    folder = await temporaryFolder();
    await writeFile(join(folder.path, 'logo.svg'), logo);
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
    redirectUri = `http://127.0.0.1:${(application.address() as AddressInfo).port}/callback`;
    const appearance = {
      productName: 'Ordnung & Söhne',
      logo: join(folder.path, 'logo.svg'),
      accentColor: accent,
      supportLink: 'mailto:help@ordnung.example',
    };
    const scopes = {
      'orders:read': { description: 'See every order that you have placed, with its items, prices and addresses' },
      [longScope]: { description: 'Change the stock of the warehouse' },
    };
    server = await startTestServer({ config: `export default ${JSON.stringify({ appearance, scopes })};` });
    const { accessToken } = await signInFor(server.url, { scope: 'applications' });
    const names = {
      shop: 'Shop',
      long: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft Customer Portal',
      hebrew: 'חנות הספרים של ירושלים',
      emoji: '🦊 Fox 🦊',
    };
    for (const [key, name] of Object.entries(names)) {
      const registered = await registerApplication(server.url, accessToken, {
        name,
        applicationType: 'NATIVE',
        tokenEndpointAuthMethod: 'NONE',
        redirectUris: ['http://127.0.0.1/callback'],
      });
      clients[key] = registered.clientId;
    }
  });
  after(async () => {
    application.close();
    application.closeAllConnections();
    await server.dispose();
    await folder.remove();
  });

  const address = (changes: Record<string, string> = {}) =>
    authorizeAddress(server.url, {
      redirect_uri: redirectUri,
      scope: 'openid profile orders:read accounts',
      ...changes,
    });

  async function shoot(page: Page, name: string): Promise<void> {
    if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
  }

  /** Returns a page that keeps what its policy refused. */
  async function watched(browser: BrowserContext): Promise<{ page: Page; refused: string[] }> {
    const page = await browser.newPage();
    const refused: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) refused.push(message.text());
    });
    return { page, refused };
  }

  async function signIn(page: Page): Promise<void> {
    await page.getByLabel('Email address').fill(admin.email);
    await page.getByLabel('Password').fill(admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: /^Allow / }).waitFor();
  }

  /** Looks at a page in the light and in the dark colour scheme, and on a phone. */
  async function assertSound(page: Page, name: string): Promise<void> {
    for (const { colorScheme, viewport, rules, ...view } of views) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await shoot(page, `${name}-${view.name}`);
      assert.deepEqual(await axeFindings(page, rules), [], `${name}, ${view.name}`);
      const overflows = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
      assert.ok(!overflows, `${name} is wider than the window, ${view.name}`);
      const colours = await page.evaluate<string[]>(
        `[...document.querySelectorAll('.actions button:not(.second)')].map((one) => getComputedStyle(one).backgroundColor)`,
      );
      for (const colour of colours) assert.equal(colour, rgb(accent[colorScheme]));
    }
  }

  it('shows sign-in, consent, sign-out and problems: light, dark, on a phone', async () => {
    await withBrowser({}, async (browser) => {
      const { page, refused } = await watched(browser);
      await page.goto(address({ client_id: `${clients['long']}` }));
      assert.equal(await page.title(), 'Sign in · Ordnung & Söhne');
      assert.ok(await page.evaluate<boolean>(`document.querySelector('header img').naturalWidth > 0`), 'the logo');
      await page.getByText('An administrator of Ordnung & Söhne can give you a new one').waitFor();
      const link = page.getByRole('link', { name: 'help@ordnung.example' });
      assert.equal(await link.getAttribute('href'), 'mailto:help@ordnung.example');
      await assertSound(page, 'sign-in');
      await page.getByLabel('Email address').fill(admin.email);
      await page.getByLabel('Password').fill('not the password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      await assertSound(page, 'sign-in-wrong');
      await signIn(page);
      await assertSound(page, 'consent-long');
      for (const [key, client_id] of Object.entries({ ...clients, own: 'claimgate' })) {
        if (key === 'long') continue;
        const scope = key === 'hebrew' ? `openid ${longScope}` : 'openid profile orders:read grants';
        await page.goto(address({ client_id, scope }));
        await page.getByRole('heading', { name: /^Allow / }).waitFor();
        await assertSound(page, `consent-${key}`);
      }
      await page.getByRole('heading', { name: 'Allow the Ordnung & Söhne command line?' }).waitFor();
      await page.getByText('It comes with Ordnung & Söhne').waitFor();
      await page.goto(`${server.url}/oauth/logout?client_id=${clients['shop']}`);
      await page.getByRole('heading', { name: 'Sign out of Ordnung & Söhne?' }).waitFor();
      await page.getByText('You came from Shop').waitFor();
      await assertSound(page, 'sign-out');
      await page.goto(address({ client_id: 'unknown' }));
      await page.getByRole('heading', { name: 'This did not work' }).waitFor();
      await link.waitFor();
      await assertSound(page, 'problem');
      assert.deepEqual(refused, []);
    });
  });

  it('shows and hides the password by the keyboard, moves nothing, and sends it hidden', async () => {
    await withBrowser({}, async (browser) => {
      const { page, refused } = await watched(browser);
      await page.goto(address({ login_hint: admin.email }));
      const password = page.getByLabel('Password');
      const places = () =>
        page.evaluate<string>(
          `JSON.stringify([...document.querySelectorAll('input, button, p')].map((one) => one.getBoundingClientRect()))`,
        );
      await typeAt(password, 'not the password');
      const hidden = await places();
      await pressAt(password, 'Tab');
      const show = page.getByRole('button', { name: 'Show password' });
      await pressAt(show, 'Space');
      const hide = page.getByRole('button', { name: 'Hide password' });
      await focused(hide);
      assert.equal(await password.getAttribute('type'), 'text');
      assert.equal(await password.inputValue(), 'not the password');
      assert.equal(await page.getByRole('status').textContent(), 'Your password is visible');
      assert.equal(await places(), hidden);
      await shoot(page, 'password-visible');
      assert.deepEqual(await axeFindings(page), []);
      await pressAt(hide, 'Enter');
      await focused(show);
      assert.equal(await password.getAttribute('type'), 'password');
      await pressAt(show, 'Enter', 'Shift+Tab');
      // An answer without content leaves the form on the screen.
      await page.route('**/sign-in', (route) => route.fulfill({ status: 204 }));
      await pressAt(password, 'Enter');
      await page.locator('#password[type=password]').waitFor();
      assert.deepEqual(refused, []);
    });
  });

  it('has no button for the password where no scripts run, and signs in', async () => {
    await withBrowser({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } }, async (browser) => {
      const { page, refused } = await watched(browser);
      await page.goto(address({ client_id: `${clients['shop']}` }));
      assert.equal(await page.getByRole('button').count(), 2);
      await shoot(page, 'sign-in-without-scripts');
      await signIn(page);
      await page.getByText('It does not come with Ordnung & Söhne').waitFor();
      await page.getByText(new URL(redirectUri).host).waitFor();
      await page.getByRole('button', { name: 'Allow' }).click();
      await page.waitForURL(`${redirectUri}?**`);
      assert.ok(new URL(page.url()).searchParams.has('code'));
      assert.deepEqual(refused, []);
    });
  });

  it('shows how a sign-in for the command line ended', async () => {
    const supportLink = 'https://ordnung.example/help?from=sign-in';
    const show = signInResultPages({ productName: 'Ordnung & Söhne', logo: null, accentColor: accent, supportLink });
    const listener = createServer((request, response) => show(response, request.url?.slice(1) as SignInResult));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    try {
      await withBrowser({}, async (browser) => {
        const { page, refused } = await watched(browser);
        for (const [result, heading] of Object.entries({
          done: 'You are signed in',
          denied: 'You did not sign in',
          failed: 'The sign-in failed',
          other: 'Nothing is here',
        })) {
          await page.goto(`http://127.0.0.1:${(listener.address() as AddressInfo).port}/${result}`);
          await page.getByRole('heading', { name: heading }).waitFor();
          assert.equal(await page.title(), `${heading} · Ordnung & Söhne`);
          await assertSound(page, `terminal-${result}`);
        }
        assert.deepEqual(refused, []);
      });
    } finally {
      listener.close();
      listener.closeAllConnections();
    }
  });

  it('runs no script of an SVG logo, not even if the logo is opened by itself', async () => {
    await withBrowser({}, async (browser) => {
      const page = await browser.newPage();
      const requested: string[] = [];
      page.on('request', (request) => requested.push(new URL(request.url()).pathname));
      const response = await page.goto(`${server.url}/appearance/logo`);
      assert.equal(response?.headers()['content-type'], 'image/svg+xml');
      assert.equal(response?.headers()['x-content-type-options'], 'nosniff');
      await page.goto(address());
      assert.ok(!requested.includes('/stolen'), requested.join(' '));
    });
  });
});

/** Writes a colour of six hexadecimal digits as a browser does. */
function rgb(colour: string): string {
  const channels = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
  return `rgb(${channels.join(', ')})`;
}
