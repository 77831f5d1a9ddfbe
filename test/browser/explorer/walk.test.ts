import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { exchange } from '../../support/client.ts';
import { temporaryFolder } from '../../support/process.ts';
import { admin, startTestServer, type TestServer } from '../../support/server.ts';
import { browserArguments, executablePath, skip } from '../chromium.ts';
import { editor, seriousFindings, shoot } from './explorer-page.ts';
import { focused, press, pressAnywhere, pressAt, tabTo, typeAt } from '../keyboard.ts';
import { findInProfile, historyOf, isCallback, keptBy, secretsIn, type Watch, watch } from './secrets.ts';

/** How long an access token lives, in seconds. The explorer renews it after at most 85 percent. */
const accessSeconds = 14;
/** The greatest age of the authentication for the field `vault`, in seconds. */
const vaultSeconds = 16;

const config = `
const orders = [
  { item: 'Lamp', customer: 'Grace' },
  { item: 'Desk', customer: 'Alan' },
];
export default {
  lifetimes: { access: ${accessSeconds} },
  scopes: {
    'orders:read': { description: 'See the orders' },
    'customers:read': { description: 'See who ordered' },
  },
  modules: [{
    name: 'orders',
    typeDefs: \`
      type Order { item: String!  customer: String @auth(scope: "customers:read") }
      extend type Query { orders: [Order!]! @auth(scope: "orders:read")  vault: String @auth(maxAge: ${vaultSeconds}) }
      extend type Subscription { ticks: Int! @auth(scope: "orders:read") }
    \`,
    resolvers: {
      Query: { orders: () => orders, vault: () => 'gold' },
      Subscription: { ticks: {
        subscribe: async function* () {
          for (let n = 1; ; n++) {
            yield n;
            await new Promise((done) => setTimeout(done, 500));
          }
        },
        resolve: (n) => n,
      } },
    },
  }],
};`;

const seconds = (since: number): number => Math.round((performance.now() - since) / 1_000);

/** Returns the answer of a caller. */
function answerOf(page: Page, label: string): Locator {
  return page.getByRole('region', { name: `Answer of ${label}`, exact: true });
}

describe('the explorer, from a clean start to the sign-out', { skip }, () => {
  let server: TestServer;
  let profile: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    server = await startTestServer({ config });
    profile = await temporaryFolder();
  });
  after(async () => {
    await server.dispose();
    await profile.remove();
  });

  it('shows who may read what, with the keyboard alone, and keeps no secret anywhere', async (t) => {
    const browser = await chromium.launchPersistentContext(profile.path, {
      executablePath,
      args: [...browserArguments, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost'],
      viewport: { width: 1280, height: 800 },
    });
    const watched = watch(browser, server.url);
    const kept: string[] = [];
    try {
      await walk(browser, (text) => t.diagnostic(text), kept);
    } catch (error) {
      // What the page showed says more than the place in this file.
      for (const page of browser.pages()) t.diagnostic(await page.locator('body').innerText());
      t.diagnostic(server.output());
      throw error;
    } finally {
      await browser.close();
    }
    await search(watched, kept, (text) => t.diagnostic(text));
  });

  async function walk(browser: BrowserContext, say: (text: string) => void, kept: string[]): Promise<void> {
    const page = browser.pages()[0] ?? (await browser.newPage());
    const startedAt = performance.now();
    await page.goto(`${server.url}/explorer`);
    await editor(page, 'WhoMayReadWhat').waitFor();
    say(`ready for input after ${Math.round(performance.now() - startedAt)} ms`);
    const answers = page.locator('section.answer');
    const panel = page.getByRole('region', { name: 'Callers' });
    const callers = page.locator('.callers-choice input');

    // The first caller has no token.
    await write(page, '{ orders { item customer');
    await run(page);
    await answers.getByText('The operation was refused').waitFor();
    // Tab indents in the editor. Escape leads out of it.
    await pressAnywhere(page, 'Escape', 'Escape');
    await tabTo(page, /^Execute query/);
    await tabTo(page, /^JSON of No token$/);

    // The second caller may see the orders, and not the customers. The third has all scopes.
    await toTop(page);
    await press(page, /^Callers$/);
    await panel.waitFor();
    await press(page, /^No scopes$/);
    await press(page, /^orders:read /, 'Space');
    await press(page, /^profile /, 'Space');
    await signIn(browser, () => press(page, /^Sign in$/));
    const signedInAt = performance.now();
    await callers.nth(1).waitFor();
    await press(page, /^Another person/, 'ArrowDown');
    await press(page, /^All scopes$/);
    await signIn(browser, () => press(page, /^Sign in$/));
    await callers.nth(2).waitFor();
    await pressAnywhere(page, 'Escape');

    // All three run the operation, side by side.
    await toTop(page);
    await press(page, /^Side by side$/, 'Space');
    await toTop(page);
    await press(page, /^ada@example\.com\s+2 scopes/, 'Space');
    await write(page, '');
    await run(page);
    const withoutToken = answerOf(page, 'No token');
    const withOne = answerOf(page, admin.email);
    const withAll = answerOf(page, `${admin.email} (8 scopes)`);
    await withAll.getByText('"Grace"').waitFor();
    await withOne.getByText('1 field was denied').waitFor();
    assert.match(await withoutToken.innerText(), /HTTP 401[^]*Query\.orders needs orders:read/);
    assert.match(
      await withOne.innerText(),
      /Order\.customer needs customers:read[^]*⊘\s+denied:\s+needs customers:read/,
    );
    assert.match(
      await page.locator('.comparison').innerText(),
      /≠ 1 of 3 callers got no data\. \d of \d fields differ/,
    );
    say(`three callers side by side after ${seconds(startedAt)} s`);
    assert.deepEqual(await seriousFindings(page), []);
    await shoot(page, 'walk-three');

    // One button asks for the missing scope, and the operation runs again.
    await toTop(page);
    await press(page, /^Skip to the answers$/);
    await signIn(browser, () => press(page, /^Sign in again for customers:read$/));
    await withOne.getByText('"Grace"').waitFor();
    assert.equal(await page.getByText('"Grace"').count(), 2);

    // A subscription goes on when its token is renewed.
    await toTop(page);
    await press(page, /^Side by side$/, 'Space');
    await write(page, 'subscription { ticks');
    let sockets = 0;
    page.on('websocket', () => (sockets += 1));
    await run(page);
    await page.getByText(/The token was renewed .* without a new connection/).waitFor({ timeout: 60_000 });
    const last = page.locator('.event').first();
    const number = Number(await last.getAttribute('value'));
    await page.locator(`.event[value="${number + 2}"]`).waitFor();
    await pressAnywhere(page, 'Control+Enter');
    await page.getByText('You stopped the subscription').waitFor();
    assert.equal(sockets, 1);

    // A field that needs a recent sign-in.
    await wait(Math.max(0, signedInAt + (vaultSeconds + 1) * 1_000 - performance.now()));
    await write(page, '{ vault');
    await run(page);
    await page.getByText(`needs a sign-in in the last ${vaultSeconds} s`).first().waitFor();
    await shoot(page, 'walk-step-up');
    await toTop(page);
    await press(page, /^Skip to the answers$/);
    await signIn(browser, () => press(page, /^Sign in again/));
    await answers.getByText('"gold"').waitFor();

    // A link has the operation, and no secret. It runs nothing.
    await toTop(page);
    await press(page, /^Share this operation by link$/);
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
    await pressAnywhere(page, 'Escape');
    const other = await browser.newPage();
    await other.goto(link);
    await editor(other, 'vault').waitFor();
    await other.getByText('The answers appear here').waitFor();
    kept.push(await keptBy(other));
    await other.close();

    // After a reload, the person is signed in without a window.
    let windows = 0;
    browser.on('page', () => (windows += 1));
    kept.push(await keptBy(page));
    await page.reload();
    await callers.nth(1).waitFor();
    assert.equal(windows, 0);
    await editor(page, 'vault').waitFor();
    assert.equal(await answers.count(), 0);

    // The sign-out ends the sign-in of the browser too.
    await toTop(page);
    await press(page, /^Callers$/);
    const opened = browser.waitForEvent('page');
    await press(page, /^Sign out of this browser too$/);
    const goodbye = await opened;
    await goodbye.getByRole('button', { name: 'Sign out', exact: true }).waitFor();
    await press(goodbye, /^Sign out$/);
    await goodbye.getByRole('heading', { name: /signed out/i }).waitFor();
    await page.reload();
    await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor();
    kept.push(await keptBy(page));
    await shoot(page, 'walk-end');
    say(`the whole walk took ${seconds(startedAt)} s`);
  }

  /** Goes through the sign-in window, with the keyboard alone. */
  async function passWindow(window: Page): Promise<void> {
    const email = window.getByLabel('Email address');
    const consent = window.getByRole('heading', { name: /^Allow / });
    const closed = window.waitForEvent('close').then(() => 'closed' as const);
    const first = await Promise.race([
      closed,
      email
        .or(consent)
        .waitFor()
        .catch(() => closed),
    ]);
    if (first === 'closed') return;
    if (await email.isVisible()) {
      const isFilled = (await email.inputValue()) !== '';
      // The page sets the focus on the first empty field.
      if (!isFilled) {
        await typeAt(email, admin.email);
        await tabTo(window, /^Password/);
      }
      const password = window.getByLabel('Password');
      await typeAt(password, admin.password);
      await pressAt(password, 'Enter');
      if ((await Promise.race([closed, consent.waitFor().catch(() => closed)])) === 'closed') return;
    }
    await press(window, /^Allow$/);
    await closed;
  }

  /** Does what opens the sign-in window, and signs in there. */
  async function signIn(browser: BrowserContext, act: () => Promise<void>): Promise<void> {
    const opened = browser.waitForEvent('page');
    await act();
    await passWindow(await opened);
  }

  /** Enters the editor from the top of the page, and replaces its text. Closing brackets come by themselves. */
  async function write(page: Page, text: string): Promise<void> {
    await toTop(page);
    await press(page, /^Skip to the editor$/);
    const entered = page.locator('.graphiql-query-editor');
    await pressAnywhere(page, 'Enter');
    await focused(entered);
    if (text === '') return;
    await pressAt(entered, 'Control+A');
    await typeAt(entered, text);
  }

  /** Moves the focus to the top of the page, as the browser's own keys do. */
  async function toTop(page: Page): Promise<void> {
    await pressAnywhere(page, 'Escape', 'Escape');
    await page.evaluate('document.activeElement?.blur(), scrollTo(0, 0)');
  }

  async function run(page: Page): Promise<void> {
    await pressAt(page.locator('.graphiql-query-editor'), 'Escape', 'Control+Enter');
  }

  /** Searches for every secret, in every place where a window or its browser could have left one. */
  async function search(watched: Watch, kept: readonly string[], say: (text: string) => void): Promise<void> {
    const { secrets, exchanges, seen, foreign } = watched;
    assert.deepEqual(foreign, []);
    const kinds = new Set(secrets.values());
    assert.deepEqual([...kinds].sort(), ['accessToken', 'code', 'codeVerifier', 'idToken', 'refreshToken']);
    const addresses = [...seen].filter((text) => !(URL.canParse(text) && isCallback(text)));
    for (const text of [...addresses, ...kept, server.output()]) {
      assert.deepEqual(secretsIn(text, secrets), [], text.slice(0, 200));
    }

    // The browser writes the address of the callback to its disk before any script runs. The code in it is spent.
    const { files, findings } = findInProfile(profile.path, secrets);
    const places = /^(?:Default[/]History|Default[/]Sessions[/]|segmentation_platform[/])/;
    assert.deepEqual(
      findings.filter(({ kind, file }) => kind !== 'code' || !places.test(file)),
      [],
    );
    const left = historyOf(profile.path).filter((address) => secretsIn(address, secrets).length > 0);
    assert.ok(left.every(isCallback), String(left));
    for (const input of exchanges) {
      const redirectUri = `${server.url}/explorer/callback`;
      const { error } = await exchange(server.url, { ...input, clientId: 'claimgate-explorer', redirectUri });
      assert.equal(error, 'invalid_grant');
    }
    say(`${secrets.size} secrets, ${files} files of the profile, ${left.length} spent codes in its history`);
  }
});
