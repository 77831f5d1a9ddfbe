import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { registerApplication, signInFor } from '../support/client.ts';
import { type Account, addPerson, startTestServer, type TestServer } from '../support/server.ts';
import { skip, withBrowser } from './chromium.ts';
import { focused, pressAt, typeAt } from './keyboard.ts';

/** The folder for screenshots. Default: no screenshots. */
const screenshots = process.env.SCREENSHOTS;
const signedOut = 'https://app.example/signed-out';

describe('a signed-in person, in a browser without scripts', { skip }, () => {
  let server: TestServer;
  let shop: { clientId: string; redirectUri: string };
  let count = 0;
  before(async () => {
    server = await startTestServer();
    const { accessToken } = await signInFor(server.url, { scope: 'applications' });
    shop = await registerApplication(server.url, accessToken, { name: 'Shop', postLogoutRedirectUris: [signedOut] });
  });
  after(() => server.dispose());

  const somebody = () => addPerson(server, `person${(count += 1)}@example.com`);
  const options = { javaScriptEnabled: false } as const;

  function address(scope: string, parameters: Record<string, string> = {}): string {
    const search = new URLSearchParams({
      client_id: shop.clientId,
      response_type: 'code',
      redirect_uri: shop.redirectUri,
      scope,
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      ...parameters,
    });
    return `${server.url}/oauth/authorize?${search.toString()}`;
  }

  /**
   * Returns the parameters of the redirect to the application. The application does not exist: the page closes after
   * the browser sends the request.
   */
  async function sent(page: Page, act: () => Promise<unknown>): Promise<URLSearchParams> {
    const request = page.waitForRequest(/^https:\/\/app\.example\//);
    const acted = act().catch(() => {});
    const { searchParams } = new URL((await request).url());
    await page.close();
    await acted;
    return searchParams;
  }

  /** Returns the parameters of a redirect to the application that shows no page of ours. */
  async function sentFrom(browser: BrowserContext, url: string): Promise<URLSearchParams> {
    const page = await browser.newPage();
    return sent(page, () => page.goto(url));
  }

  async function open(browser: BrowserContext, url: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(url);
    return page;
  }

  async function fillSignIn(page: Page, { email, password }: Account): Promise<void> {
    await page.getByLabel('Email address').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  async function shoot(page: Page, name: string): Promise<void> {
    if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
  }

  it('is not asked again for allowed scopes, and sees which further scopes are new', async () => {
    const account = await somebody();
    await withBrowser(options, async (browser) => {
      let page = await open(browser, address('openid profile'));
      await fillSignIn(page, account);
      assert.ok((await sent(page, () => page.getByRole('button', { name: 'Allow' }).click())).get('code'));

      assert.ok((await sentFrom(browser, address('openid profile'))).get('code'), 'without a question');

      page = await open(browser, address('openid profile grants'));
      await page.getByText('You allowed it this before').waitFor();
      await shoot(page, 'consent-more-light');
      assert.ok((await sent(page, () => page.getByRole('button', { name: 'Allow' }).click())).get('code'));
      assert.ok((await sentFrom(browser, address('openid profile grants'))).get('code'));
    });
  });

  it('must enter only the password again when the sign-in is too old', async () => {
    const account = await somebody();
    await withBrowser({ ...options, colorScheme: 'dark' }, async (browser) => {
      let page = await open(browser, address('openid profile'));
      await fillSignIn(page, account);
      assert.ok((await sent(page, () => page.getByRole('button', { name: 'Allow' }).click())).get('code'));
      assert.ok((await sentFrom(browser, address('openid profile', { max_age: '600' }))).get('code'), 'young enough');

      await sleep(2_100);
      page = await open(browser, address('openid profile', { max_age: '1' }));
      await page.getByText('Prove once more that it is you').waitFor();
      assert.equal(await page.getByLabel('Email address').inputValue(), account.email);
      const password = page.getByLabel('Password');
      await focused(password);
      await shoot(page, 'step-up-dark');
      await typeAt(password, account.password);
      assert.ok((await sent(page, () => pressAt(password, 'Enter'))).get('code'));

      assert.equal(
        (await sentFrom(browser, address('openid profile', { acr_values: 'urn:example:gold' }))).get('error'),
        'unmet_authentication_requirements',
      );
    });
  });

  it('sees another browser on the account page, signs it out, and changes the password', async () => {
    const account = await somebody();
    await withBrowser(options, async (one) => {
      await withBrowser({ ...options, viewport: { width: 360, height: 640 } }, async (other) => {
        const [mine, theirs] = [await one.newPage(), await other.newPage()];
        for (const page of [mine, theirs]) {
          await page.goto(`${server.url}/account`);
          await fillSignIn(page, account);
          await page.getByRole('heading', { name: 'Your account' }).waitFor();
        }
        await shoot(theirs, 'account-phone');
        await mine.reload();
        await mine
          .getByText(/Chrome on Linux/)
          .first()
          .waitFor();
        await shoot(mine, 'account-light');
        const others = mine.locator('form[action="/account/end-session"] button');
        assert.equal(await others.count(), 1);
        await others.click();
        await mine.getByRole('status').getByText('That browser is signed out').waitFor();
        assert.equal(await others.count(), 0);
        await theirs.goto(`${server.url}/account`);
        await theirs.getByRole('heading', { name: 'Sign in' }).waitFor();

        await mine.getByLabel('Present password').fill('not the password');
        await mine.getByLabel('New password, of 12 characters or more').fill('an entirely new password');
        await mine.getByLabel('The new one once more').fill('an entirely new password');
        await mine.getByRole('button', { name: 'Change the password' }).click();
        await mine.getByRole('alert').getByText('The present password is another one').waitFor();
        await shoot(mine, 'account-wrong-light');
        await mine.getByLabel('Present password').fill(account.password);
        await mine.getByLabel('New password, of 12 characters or more').fill('an entirely new password');
        await mine.getByLabel('The new one once more').fill('an entirely new password');
        await mine.getByRole('button', { name: 'Change the password' }).click();
        await mine.getByRole('status').getByText('Your password is changed').waitFor();
        await fillSignIn(theirs, account);
        await theirs.getByRole('alert').waitFor();
        await fillSignIn(theirs, { ...account, password: 'an entirely new password' });
        await theirs.getByRole('heading', { name: 'Your account' }).waitFor();
      });
    });
  });

  it('is signed out by an application only after a confirmation', async () => {
    const account = await somebody();
    await withBrowser({ ...options, colorScheme: 'dark' }, async (browser) => {
      let page = await open(browser, `${server.url}/account`);
      await fillSignIn(page, account);
      await page.getByRole('heading', { name: 'Your account' }).waitFor();
      await shoot(page, 'account-dark');
      const search = new URLSearchParams({ client_id: shop.clientId, post_logout_redirect_uri: signedOut, state: 's' });
      const logout = `${server.url}/oauth/logout?${search.toString()}`;
      page = await open(browser, logout);
      await page.getByText('asks whether you want to sign out').waitFor();
      await shoot(page, 'logout-dark');
      assert.equal(
        (await sent(page, () => page.getByRole('button', { name: 'Stay signed in' }).click())).get('state'),
        's',
      );
      page = await open(browser, `${server.url}/account`);
      await page.getByRole('heading', { name: 'Your account' }).waitFor();
      page = await open(browser, logout);
      assert.equal((await sent(page, () => page.getByRole('button', { name: 'Sign out' }).click())).get('state'), 's');
      page = await open(browser, logout);
      await page.getByRole('heading', { name: 'Nobody is signed in here' }).waitFor();
      assert.equal((await sent(page, () => page.getByRole('button', { name: 'Go on' }).click())).get('state'), 's');
      page = await open(browser, `${server.url}/account`);
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    });
  });
});
