import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { authorizeAddress } from '../support/client.ts';
import { admin, startTestServer, type TestServer } from '../support/server.ts';
import { skip, withBrowser } from './chromium.ts';
import { focused, pressAt, toNextDocument, typeAt } from './keyboard.ts';

describe('a person who mistyped too often', { skip }, () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ config: 'export default { attempts: { account: 2 } }' });
  });
  after(() => server.dispose());

  it('reads by keyboard and screen reader how long to wait, and can continue by typing', async () => {
    await withBrowser({ javaScriptEnabled: false }, async (browser) => {
      const page = await browser.newPage();
      await page.goto(authorizeAddress(server.url));
      const email = page.getByLabel('Email address');
      const password = page.getByRole('textbox', { name: 'Password' });
      await typeAt(email, admin.email);
      await pressAt(email, 'Tab');
      const statuses = [];
      for (const _ of [1, 2, 3]) {
        await typeAt(password, 'no such password');
        const answered = page.waitForResponse((response) => response.request().method() === 'POST');
        await toNextDocument(page, () => pressAt(password, 'Enter'));
        statuses.push((await answered).status());
        await page.getByRole('alert').waitFor();
      }
      assert.deepEqual(statuses, [401, 401, 429]);
      const words = 'Too many tries were wrong. Wait 15 minutes, then try again.';
      assert.equal(await page.getByRole('alert').textContent(), words);
      assert.equal(await password.getAttribute('aria-describedby'), await page.getByRole('alert').getAttribute('id'));
      await focused(password);
      assert.equal(await email.inputValue(), admin.email);
    });
  });
});
