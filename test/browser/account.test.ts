import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { onDatabase } from '../support/databases.ts';
import { startAuthority, type TestAuthority } from '../support/authority.ts';
import { addAccount, visitorOf } from '../provider/account/visits.ts';
import { saveGrant } from '../../src/identity/grants/grants.ts';
import { axeFindings } from './axe.ts';
import { skip, withBrowser } from './chromium.ts';
import { focused, insertAt, press, pressAt, tabTo, typeAt } from './keyboard.ts';

/** The folder for screenshots. Default: no screenshots. */
const screenshots = process.env.SCREENSHOTS;
const phone = { width: 390, height: 844 };

type Account = Awaited<ReturnType<typeof addAccount>>;

onDatabase('SQLite', (database) => {
  describe('the account pages in a browser', { skip }, () => {
    let server: TestAuthority;
    before(async () => {
      server = await startAuthority(database);
    });
    after(() => server.dispose());

    async function signIn(page: Page, { email, password }: Account): Promise<void> {
      await page.goto(`${server.url}/account`);
      await page.getByLabel('Email address').fill(email);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Your account' }).waitFor();
    }

    /** Checks a page with axe-core, and that it is not wider than the window. */
    async function inspect(page: Page, name: string): Promise<void> {
      if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
      const isWider = await page.evaluate(
        'document.documentElement.scrollWidth > document.documentElement.clientWidth',
      );
      assert.equal(isWider, false, `${name} scrolls sideways`);
      assert.deepEqual(await axeFindings(page), [], name);
    }

    it('registers an application, replaces its secret and deletes it, with the keyboard alone', async () => {
      const account = await addAccount(server);
      await withBrowser({ colorScheme: 'dark' }, async (browser) => {
        const page = await browser.newPage();
        const complaints: string[] = [];
        page.on('console', (message) => complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));
        await signIn(page, account);
        await inspect(page, 'account-dark');
        await press(page, /^Register an application$/);
        await page.getByRole('heading', { name: 'Register an application' }).waitFor();
        await tabTo(page, /^Name$/);
        await typeAt(page.locator('#name'), 'Book shop');
        await press(page, /^Web server$/, 'Space');
        await tabTo(page, /^Redirect URIs$/);
        const uris = page.locator('#redirect_uris');
        await typeAt(uris, 'https://app.example/callback');
        await pressAt(uris, 'Enter');
        await insertAt(uris, 'http://app.example/callback');
        // The script shows the fault before the form is sent.
        await page.getByText('Line 2: a web application needs https.').waitFor();
        await inspect(page, 'register-live-dark');
        await pressAt(uris, 'Shift+Home', 'Backspace', 'Backspace');
        await page.locator('#redirect_uris:not([aria-invalid])').waitFor();
        await press(page, /^See your email address and roles/, 'Space');
        await press(page, /^Register$/);
        await page.getByRole('heading', { name: 'The client secret of Book shop' }).waitFor();
        const secret = await page.locator('#client-secret').textContent();
        assert.match(secret ?? '', /^[\w-]{43}$/);
        await page.getByRole('button', { name: 'Copy the client secret' }).waitFor();
        await inspect(page, 'secret-dark');
        const address = page.url();
        await page.reload();
        await page.getByRole('heading', { name: 'is not shown again' }).waitFor();
        await inspect(page, 'secret-gone-dark');
        await press(page, /^Back to the application$/);
        await page.getByRole('heading', { name: 'Book shop' }).waitFor();
        await inspect(page, 'application-dark');
        await page.goBack();
        await page.getByRole('heading', { name: 'is not shown again' }).waitFor();
        await page.goto(address.replace('/secret', '/rotate-secret'));
        await inspect(page, 'rotate-dark');
        const password = page.locator('#present');
        await tabTo(page, /^Your password$/);
        await typeAt(password, account.password);
        await pressAt(password, 'Enter');
        await page.getByRole('heading', { name: 'The client secret of Book shop' }).waitFor();
        assert.notEqual(await page.locator('#client-secret').textContent(), secret);
        await page.goto(address.replace('/secret', '/delete'));
        await tabTo(page, /^Your password$/);
        await typeAt(password, account.password);
        await pressAt(password, 'Enter');
        await page.getByRole('status').getByText('The application is deleted').waitFor();
        await page.getByText('You have registered no application').waitFor();
        const violations = complaints.filter((text) => !text.includes('status of 410'));
        assert.deepEqual(violations, []);
      });
    });

    it('shows each password of the form and hides it before it is sent, with the keyboard alone', async () => {
      const account = await addAccount(server);
      await withBrowser({}, async (browser) => {
        const page = await browser.newPage();
        await signIn(page, account);
        const places = () =>
          page.evaluate<string>('String([document.body.scrollHeight, present.offsetTop, again.offsetTop])');
        const hidden = await places();
        await tabTo(page, /^Present password$/);
        for (const [id, spoken] of [
          ['present', 'present password'],
          ['new', 'new password'],
          ['again', 'repeated password'],
        ] as const) {
          const field = page.locator(`#${id}`);
          await typeAt(field, `not the ${spoken}`);
          await pressAt(field, 'Tab');
          await pressAt(page.getByRole('button', { name: `Show ${spoken}`, exact: true }), 'Space');
          const hide = page.getByRole('button', { name: `Hide ${spoken}`, exact: true });
          await focused(hide);
          assert.equal(await field.getAttribute('type'), 'text');
          await page.getByRole('status').getByText(`Your ${spoken} is visible`, { exact: true }).waitFor();
          if (id !== 'again') await pressAt(hide, 'Tab');
        }
        assert.equal(await places(), hidden);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await inspect(page, `passwords-visible-${colorScheme}`);
        }
        // An answer without content leaves the form on the screen.
        await page.route('**/password', (route) => route.fulfill({ status: 204 }));
        await pressAt(page.getByRole('button', { name: 'Hide repeated password' }), 'Shift+Tab');
        await pressAt(page.locator('#again'), 'Enter');
        for (const id of ['present', 'new', 'again']) await page.locator(`#${id}[type=password]`).waitFor();
      });
    });

    it('works without scripts, on a phone', async () => {
      const account = await addAccount(server);
      await withBrowser({ javaScriptEnabled: false, viewport: phone }, async (browser) => {
        const page = await browser.newPage();
        await signIn(page, account);
        assert.equal(await page.getByRole('button', { name: /^Show/ }).count(), 0, 'no button without its script');
        if (screenshots)
          await page.screenshot({ path: join(screenshots, 'account-phone-no-script.png'), fullPage: true });
        await page.getByRole('link', { name: 'Register an application' }).click();
        await page.getByLabel('Name', { exact: true }).fill('Book shop');
        await page.getByLabel('Mobile, desktop or command-line application').check();
        await page.getByLabel('Redirect URIs').fill('com.example.app:/callback\nmyapp:/callback');
        await page.getByRole('button', { name: 'Register' }).click();
        await page.getByText('Line 2: a private-use scheme is a reversed domain name').waitFor();
        assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Book shop');
        assert.equal(await page.getByLabel('Mobile, desktop or command-line application').isChecked(), true);
        if (screenshots) await page.screenshot({ path: join(screenshots, 'register-wrong-phone.png'), fullPage: true });
        await page.getByLabel('Redirect URIs').fill('com.example.app:/callback');
        await page.getByRole('button', { name: 'Register' }).click();
        await page.getByRole('status').getByText('The application is registered').waitFor();
        assert.equal(await page.getByRole('button', { name: /^Copy/ }).count(), 0, 'no button without its script');
        await page.getByText('Try it in a shell').click();
        await page.getByText('CODE_VERIFIER=$(openssl rand -hex 32)').waitFor();
        if (screenshots) await page.screenshot({ path: join(screenshots, 'application-phone.png'), fullPage: true });
        await page.getByRole('link', { name: 'Delete this application' }).click();
        await page.getByLabel('Your password').fill('not the password');
        await page.getByRole('button', { name: 'Delete the application' }).click();
        await page.getByRole('alert').getByText('The present password is another one').waitFor();
        await page.getByLabel('Your password').fill(account.password);
        await page.getByRole('button', { name: 'Delete the application' }).click();
        await page.getByRole('status').getByText('The application is deleted').waitFor();
      });
    });

    it('shows long and foreign names, in the light colour scheme and on a phone', async () => {
      const account = await addAccount(server);
      const names = ['W'.repeat(100), 'متجر الكتب', '📚 Bücher & «Mehr»', '本屋'];
      for (const name of names) {
        await server.register({
          name,
          registeredBy: account.id,
          redirectUris: [`https://app.example/${'x'.repeat(900)}`],
        });
      }
      const { application } = await server.register({ name: 'Planner', registeredBy: null });
      const grant = { accountId: account.id, payload: {}, expiresAt: Date.now() + 86_400_000 };
      const scopes = ['profile', 'grants'];
      await saveGrant(server.store, { ...grant, id: 'one', applicationId: application.id, scopes }, Date.now());
      await saveGrant(server.store, { ...grant, id: 'two', applicationId: 'claimgate', scopes: [] }, Date.now());
      await visitorOf(server, account);
      await withBrowser({ colorScheme: 'light' }, async (browser) => {
        const page = await browser.newPage();
        await signIn(page, account);
        await page.getByRole('link', { name: 'All your applications' }).click();
        for (const [viewport, name] of [
          [{ width: 1_280, height: 800 }, 'light'],
          [phone, 'phone'],
        ] as const) {
          await page.setViewportSize(viewport);
          await page.goto(`${server.url}/account`);
          await inspect(page, `account-long-${name}`);
          await page.goto(`${server.url}/account/applications`);
          await inspect(page, `list-long-${name}`);
          await page.getByRole('link', { name: names[0] ?? '' }).click();
          await inspect(page, `application-long-${name}`);
          await page.getByRole('link', { name: 'Make a new client secret' }).click();
          await inspect(page, `rotate-long-${name}`);
          await page.goto(`${server.url}/account/applications/new`);
          await page.getByRole('heading', { name: 'Register an application' }).waitFor();
          await inspect(page, `register-${name}`);
        }
      });
    });
  });
});
