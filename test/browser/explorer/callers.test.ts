import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { type Account, addPerson, admin, startTestServer, type TestServer } from '../../support/server.ts';
import { freePort } from '../../support/process.ts';
import { startStranger, strangerSecret } from '../../support/stranger.ts';
import { signInFor } from '../../support/client.ts';
import { axeFindings } from '../axe.ts';
import { skip, withBrowser } from '../chromium.ts';
import { focused, insertAt, pressAnywhere, pressAt } from '../keyboard.ts';
import { signInByWindow } from '../sign-in-window.ts';

/** The folder for screenshots. Default: no screenshots. */
const screenshots = process.env.SCREENSHOTS;

describe('the callers of the explorer in a browser', { skip }, () => {
  let server: TestServer;
  let grace: Account;
  before(async () => {
    server = await startTestServer();
    grace = await addPerson(server, 'grace@example.com');
  });
  after(() => server.dispose());

  interface Walk {
    readonly page: Page;
    /** All addresses that any window of the browser showed or requested, and all texts of the console. */
    readonly seen: string[];
    /** All access tokens, refresh tokens and codes that the walk had. */
    readonly secrets: Set<string>;
  }

  async function open(browser: BrowserContext, at: TestServer = server): Promise<Walk> {
    const seen: string[] = [];
    const secrets = new Set<string>();
    browser.on('page', (page) => {
      page.on('framenavigated', (frame) => seen.push(frame.url()));
      page.on('console', (message) => seen.push(message.text()));
      page.on('pageerror', (error) => seen.push(String(error)));
    });
    browser.on('response', (response) => {
      const code = new URL(response.url()).searchParams.get('code');
      if (code) secrets.add(code);
      if (!response.url().endsWith('/graphql')) return;
      response.text().then(
        (body) => {
          for (const [, secret] of body.matchAll(/"(?:accessToken|refreshToken|idToken)":"([^"]+)"/g))
            if (secret) secrets.add(secret);
        },
        () => {},
      );
    });
    const page = await browser.newPage();
    await page.goto(`${at.url}/explorer`);
    await page.getByRole('heading', { name: 'Claimgate' }).waitFor();
    return { page, seen, secrets };
  }

  /** The button of the bar. The pane of needs can have a button to sign in too. */
  const signInButton = (page: Page) => page.getByRole('banner').getByRole('button', { name: 'Sign in', exact: true });

  const chip = (page: Page, label: string) =>
    page.getByRole('group', { name: 'Run as' }).getByRole('radio', { name: label });

  async function shoot(page: Page, name: string): Promise<void> {
    if (screenshots) await page.screenshot({ path: join(screenshots, `callers-${name}.png`) });
  }

  it('signs in, is signed in after a reload without a window, and adds a second person', async () => {
    await withBrowser({ viewport: { width: 1280, height: 800 } }, async (browser) => {
      const { page, seen, secrets } = await open(browser);
      await signInByWindow(browser, () => signInButton(page).click());
      await chip(page, admin.email).waitFor();
      assert.equal(await chip(page, admin.email).isChecked(), true);
      await shoot(page, 'signed-in');

      let windows = 0;
      browser.on('page', () => (windows += 1));
      await page.reload();
      await chip(page, admin.email).waitFor();
      assert.equal(windows, 0);

      await page.getByRole('button', { name: 'Callers' }).click();
      const panel = page.getByRole('region', { name: 'Callers' });
      const form = panel.locator('form').filter({ hasText: 'Sign in another caller' });
      await form.getByRole('checkbox', { name: /^grants/ }).uncheck();
      await signInByWindow(browser, () => form.getByRole('button', { name: 'Sign in' }).click(), { account: grace });
      await chip(page, grace.email).waitFor();
      await shoot(page, 'two-people');
      assert.deepEqual(await axeFindings(page, { selector: '.callers-bar' }), []);
      const first = panel.getByRole('listitem').filter({ hasText: admin.email });
      await first.getByText(/left/).waitFor();
      await first.getByText('Claims of the token').click();
      await first.getByText('Decoded for display').waitFor();

      // No secret is in an address, in the history, in the storage, in the document or in the console.
      assert.ok(secrets.size >= 8, `${secrets.size} secrets`);
      const stored = await page.evaluate<string>(
        `indexedDB.databases().then((names) =>
          JSON.stringify([{ ...localStorage }, { ...sessionStorage }, names, document.documentElement.outerHTML]))`,
      );
      const entries = await page.evaluate<string>(
        'JSON.stringify([location.href, history.state, performance.getEntries().map(({ name }) => name)])',
      );
      for (const secret of secrets) {
        for (const text of [stored, entries, ...seen.filter((url) => !url.includes('/explorer/callback?'))])
          assert.ok(!text.includes(secret), `found in ${text.slice(0, 200)}`);
      }
      assert.ok(await page.evaluate('window.opener === null'));
    });
  });

  it('says why a refused sign-in failed, and cancels a window that was closed', async () => {
    await withBrowser({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' }, async (browser) => {
      const { page } = await open(browser);
      await signInByWindow(browser, () => signInButton(page).click(), { decision: 'Deny' });
      await page.getByRole('alert').filter({ hasText: 'refused or cancelled (access_denied' }).waitFor();
      await shoot(page, 'refused-phone-dark');

      const opened = browser.waitForEvent('page');
      await signInButton(page).click();
      await (await opened).close();
      const link = page.getByRole('link', { name: /open it here/i });
      assert.match((await link.getAttribute('href')) ?? '', /\/oauth\/authorize\?/);
      assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
      await page.getByRole('button', { name: 'Cancel the sign-in' }).click();
      await page.getByRole('alert').filter({ hasText: 'given up' }).waitFor();
    });
  });

  it('takes a pasted token, with the keyboard alone, and removes it', async () => {
    const { accessToken } = await signInFor(server.url);
    await withBrowser({ viewport: { width: 360, height: 740 } }, async (browser) => {
      const { page } = await open(browser);
      await page.getByRole('button', { name: 'Callers' }).press('Enter');
      const field = page.getByLabel('Access token');
      await field.focus();
      await insertAt(field, `Bearer ${accessToken}`);
      await pressAt(field, 'Tab');
      await pressAt(page.getByRole('button', { name: 'Use this token' }), 'Enter');
      const card = page.getByRole('listitem').filter({ hasText: 'A pasted token' });
      await card.waitFor();
      await shoot(page, 'pasted-phone');
      assert.deepEqual(await axeFindings(page, { selector: '.callers-bar' }), []);
      assert.equal(await field.inputValue(), '');
      assert.ok(!(await page.content()).includes(accessToken));
      await field.fill('not a token at all');
      await page.getByRole('button', { name: 'Use this token' }).click();
      await page.getByRole('alert').filter({ hasText: 'Expected a token' }).waitFor();
      await card.getByRole('button', { name: /^Remove/ }).click();
      await card.waitFor({ state: 'detached' });
      await pressAnywhere(page, 'Escape');
      await page.getByRole('region', { name: 'Callers' }).waitFor({ state: 'detached' });
      await focused(page.getByRole('button', { name: 'Callers', exact: true }));
    });
  });

  it('signs in at a foreign issuer by its connection, and shows a caller that was ended by the issuer', async () => {
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    const connection = { name: 'elsewhere', issuer, clientId: 'RS256-basic', clientSecret: strangerSecret };
    const foreign = await startTestServer({
      // The public URL is known only in the server's own environment.
      config: `const redirectUris = [process.env.CLAIMGATE_PUBLIC_URL + '/explorer/callback'];
        export default { connections: [{ ...${JSON.stringify(connection)}, redirectUris }] };`,
      env: { CLAIMGATE_ISSUER: issuer, CLAIMGATE_KEY: randomBytes(32).toString('base64') },
    });
    const stranger = await startStranger({ port, redirectUris: [`${foreign.url}/explorer/callback`] });
    try {
      await withBrowser({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }, async (browser) => {
        const { page } = await open(browser, foreign);
        const opened = browser.waitForEvent('page');
        await signInButton(page).click();
        await opened;
        const group = page.getByRole('group', { name: 'Run as' });
        await group.getByRole('radio').nth(1).waitFor();
        assert.equal(await group.getByRole('radio').nth(1).isChecked(), true);
        await stranger.break('invalid_grant that repeats the request');
        await page.getByRole('button', { name: 'Callers' }).click();
        await page.getByRole('button', { name: 'Renew now' }).click();
        await page.getByRole('button', { name: 'Sign in again', exact: true }).first().waitFor();
        await shoot(page, 'ended-dark');
      });
    } finally {
      await foreign.dispose();
      await stranger.stop();
    }
  });
});
