import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { skip, withBrowser } from './chromium.ts';
import { pressAt, toNextDocument, typeAt } from './keyboard.ts';

/** A page that sets the focus long after its `load` event, as Chromium does on a slow machine. */
const late = `<form><label>Name <input name="name"></label></form>
  <script>addEventListener('load', () => setTimeout(() => document.querySelector('input').focus(), 500))</script>`;

describe('the keys that a test presses', { skip }, () => {
  it('wait for the focus, and for the next document', async () => {
    await withBrowser({}, async (browser) => {
      const page = await browser.newPage();
      await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: late }));
      await page.goto('http://late.example/');
      const name = page.getByLabel('Name');
      for (const text of ['Ada', 'Grace']) {
        await typeAt(name, text);
        assert.equal(await name.inputValue(), text);
        await toNextDocument(page, () => pressAt(name, 'Enter'));
        assert.equal(new URL(page.url()).searchParams.get('name'), text);
      }
    });
  });
});
