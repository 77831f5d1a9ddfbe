import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { calculatePKCECodeChallenge, randomPKCECodeVerifier } from 'openid-client';
import type { Page } from 'playwright-core';
import { exchangeMutation, query } from '../support/client.ts';
import { admin, startTestServer, type TestServer } from '../support/server.ts';
import { skip, withBrowser } from './chromium.ts';
import { focused, pressAnywhere, pressAt, toNextDocument, typeAt } from './keyboard.ts';

/** The folder for screenshots. Default: no screenshots. */
const screenshots = process.env.SCREENSHOTS;

describe('sign-in and consent in a browser', { skip }, () => {
  let server: TestServer;
  const callback = createServer((_request, response) => response.end('back in the application'));
  let redirectUri: string;
  const codeVerifier = randomPKCECodeVerifier();

  before(async () => {
    server = await startTestServer();
    await new Promise<void>((resolve) => callback.listen(0, '127.0.0.1', resolve));
    redirectUri = `http://127.0.0.1:${(callback.address() as AddressInfo).port}/callback`;
  });
  after(async () => {
    callback.close();
    callback.closeAllConnections();
    await server.dispose();
  });

  async function authorizeAddress(scope = 'openid profile applications accounts'): Promise<string> {
    const address = new URL('/oauth/authorize', server.url);
    address.search = new URLSearchParams({
      client_id: 'claimgate',
      response_type: 'code',
      redirect_uri: redirectUri,
      scope,
      state: 'the-state',
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    }).toString();
    return address.href;
  }

  async function signIn(page: Page): Promise<void> {
    await page.goto(await authorizeAddress());
    await page.getByLabel('Email address').fill(admin.email);
    await page.getByLabel('Password').fill(admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Allow the Claimgate command line?' }).waitFor();
  }

  async function shoot(page: Page, name: string): Promise<void> {
    if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
  }

  async function assertCodeWorks(page: Page): Promise<void> {
    await page.waitForURL(`${redirectUri}?**`);
    const answer = new URL(page.url()).searchParams;
    assert.equal(answer.get('state'), 'the-state');
    assert.equal(answer.get('iss'), server.url);
    const client = { clientId: 'claimgate', code: answer.get('code'), codeVerifier, redirectUri };
    const { body } = await query(server.url, exchangeMutation, { variables: { input: { client } } });
    assert.equal(body.data.exchangeAuthorizationCode.tokenType, 'Bearer');
  }

  it('goes from the authorize address to the callback, without scripts', async () => {
    await withBrowser({ javaScriptEnabled: false }, async (browser) => {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(await authorizeAddress());
      await shoot(page, 'sign-in-light');
      await page.getByLabel('Email address').fill(admin.email);
      await page.getByLabel('Password').fill('not the password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      assert.equal(await page.getByLabel('Email address').inputValue(), admin.email);
      await shoot(page, 'sign-in-wrong-light');
      await page.getByLabel('Password').fill(admin.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('See your email address and roles').waitFor();
      await page.getByText(new URL(redirectUri).host).waitFor();
      await shoot(page, 'consent-light');
      await page.getByRole('button', { name: 'Allow' }).click();
      await assertCodeWorks(page);
      const violations = complaints.filter((text) => text.includes('Content Security Policy'));
      assert.deepEqual(violations, []);
    });
  });

  it('works with only the keyboard, in the dark colour scheme', async () => {
    await withBrowser({ colorScheme: 'dark' }, async (browser) => {
      const page = await browser.newPage();
      await page.goto(await authorizeAddress());
      // The page sets the focus on the first field.
      const [email, password] = [page.getByLabel('Email address'), page.getByLabel('Password')];
      await typeAt(email, admin.email);
      await pressAt(email, 'Tab');
      await typeAt(password, admin.password);
      await shoot(page, 'sign-in-dark');
      await toNextDocument(page, () => pressAt(password, 'Enter'));
      await page.getByRole('heading', { name: 'Allow the Claimgate command line?' }).waitFor();
      const [deny, allow] = ['Deny', 'Allow'].map((name) => page.getByRole('button', { name, exact: true }));
      assert.ok(deny && allow);
      await pressAnywhere(page, 'Tab');
      await focused(deny);
      await shoot(page, 'consent-dark');
      await pressAt(deny, 'Tab');
      await pressAt(allow, 'Enter');
      await assertCodeWorks(page);
    });
  });

  it('sends a denial back to the application, from both pages', async () => {
    await withBrowser({ viewport: { width: 360, height: 640 } }, async (browser) => {
      const page = await browser.newPage();
      await page.goto(await authorizeAddress());
      await shoot(page, 'sign-in-phone');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.waitForURL(`${redirectUri}?**`);
      assert.equal(new URL(page.url()).searchParams.get('error'), 'access_denied');

      await signIn(page);
      await shoot(page, 'consent-phone');
      await page.getByRole('button', { name: 'Deny' }).click();
      await page.waitForURL(`${redirectUri}?**`);
      const answer = new URL(page.url()).searchParams;
      assert.equal(answer.get('error'), 'access_denied');
      assert.equal(answer.get('code'), null);
    });
  });

  it('lets another person sign in from the consent page', async () => {
    await withBrowser({}, async (browser) => {
      const page = await browser.newPage();
      await signIn(page);
      await page.getByRole('button', { name: 'Use another account' }).click();
      await page.getByLabel('Email address').fill(admin.email);
      await page.getByLabel('Password').fill(admin.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Allow' }).click();
      await assertCodeWorks(page);
    });
  });

  it('shows the error to the person if it may not be sent to an application', async () => {
    await withBrowser({}, async (browser) => {
      const page = await browser.newPage();
      const address = new URL(await authorizeAddress());
      address.searchParams.set('client_id', '<script>alert(1)</script>');
      const response = await page.goto(address.href);
      assert.equal(response?.status(), 400);
      await page.getByRole('heading', { name: 'This did not work' }).waitFor();
      await shoot(page, 'problem-light');
    });
  });
});
