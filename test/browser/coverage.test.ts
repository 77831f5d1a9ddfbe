import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { coverageOf } from '../../src/tools/coverage/coverage.ts';
import { coveragePage } from '../../src/tools/coverage/page/html.ts';
import type { RuleSource } from '../../src/tools/source/rule-source.ts';
import { sourceOfSdl } from '../../src/tools/source/sdl.ts';
import { githubSdl } from '../support/github.ts';
import { axeFindings } from './axe.ts';
import { skip, withBrowser } from './chromium.ts';
import { pressAt } from './keyboard.ts';

/** The folder for screenshots. Default: no screenshots. */
const screenshots = process.env.SCREENSHOTS;

describe('the coverage page in Chromium, with the schema of GitHub', { skip }, () => {
  let folder: string;
  let github: RuleSource;
  let url: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'claimgate-coverage-'));
    github = sourceOfSdl('github.graphql', [{ name: 'github.graphql', text: githubSdl() }]);
    const path = join(folder, 'coverage.html');
    await writeFile(path, coveragePage(coverageOf(github, new Set(['repo']))));
    url = pathToFileURL(path).href;
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Opens the page from its file. A request, a message of the console or an error is a fault. */
  async function open(browser: BrowserContext): Promise<{ page: Page; faults: string[] }> {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('console', (message) => faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== url) faults.push(request.url());
    });
    await page.goto(url);
    return { page, faults };
  }
  async function shoot(page: Page, name: string): Promise<void> {
    if (screenshots) await page.screenshot({ path: join(screenshots, `coverage-${name}.png`) });
  }
  const sumOf = (scopes: readonly string[] | null): string => {
    const { types } = coverageOf(github, scopes && new Set(scopes));
    const fields = types.filter(({ kind }) => kind === 'type').flatMap((type) => type.fields);
    const count = (state: string) => fields.filter(({ reached }) => reached === state).length;
    const written = (state: string) => count(state).toLocaleString('en');
    return `Fields that are read: ${written('yes')}. Fields that depend: ${written('depends')}.`;
  };
  /** Counts the coloured pixels of the picture. */
  const drawn = (page: Page) =>
    page.evaluate<number>(`(() => {
      const canvas = document.querySelector('#picture');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const colours = new Set();
      for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 200) colours.add(data[at] * 65536 + data[at + 1] * 256 + data[at + 2]);
      return colours.size;
    })()`);

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`shows what chosen scopes open, and finds a type (${colorScheme})`, async () => {
      await withBrowser({ viewport: { width: 1440, height: 900 }, colorScheme }, async (browser) => {
        const { page, faults } = await open(browser);
        const sum = page.locator('#sum');
        assert.equal(await sum.innerText(), sumOf(['repo']));
        await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
        assert.ok((await drawn(page)) > 20, 'the picture has types in several colours');
        await shoot(page, colorScheme);

        await page.getByRole('checkbox', { name: 'read:org' }).check();
        assert.equal(await sum.innerText(), sumOf(['read:org', 'repo']));
        await page.getByRole('checkbox', { name: 'has a token' }).uncheck();
        assert.equal(await sum.innerText(), sumOf(null));
        await page.getByRole('button', { name: 'All', exact: true }).click();
        assert.equal(await page.locator('#t0').getAttribute('data-type'), '0');

        const startedAt = Date.now();
        await page.getByRole('searchbox').fill('repositoryvulnerabilityalert');
        await page.getByRole('searchbox').press('Enter');
        await page
          .locator('#said')
          .getByText(/^RepositoryVulnerabilityAlert: /)
          .waitFor();
        assert.ok(Date.now() - startedAt < 5_000, 'a search is answered at once');
        assert.match(await page.locator('#count').innerText(), /^\d+ types$/);
        await shoot(page, `${colorScheme}-search`);

        // The keyboard leads to another type, and to its fields.
        const picture = page.locator('#picture');
        await picture.focus();
        await pressAt(picture, 'ArrowLeft');
        const said = await page.locator('#said').innerText();
        assert.doesNotMatch(said, /^RepositoryVulnerabilityAlert: /);
        await pressAt(picture, '-', 'Enter');
        const focused = page.locator('details[open] summary:focus');
        assert.ok(said.startsWith(`${await focused.locator('code').innerText()}: `));
        await page.waitForFunction(
          '(() => { const { top, bottom } = document.activeElement.getBoundingClientRect(); return top > -5 && bottom < innerHeight; })()',
        );
        await shoot(page, `${colorScheme}-table`);
        assert.deepEqual(faults, []);
      });
    });
  }

  it('has no fault that axe finds, with a small schema', async () => {
    const sdl =
      'type Query { a: A @auth(scope: "a")  b: Int @public } type A { c(d: Int @auth): Int  e: Int @auth(policy: "p") }';
    const small = sourceOfSdl('small.graphql', [{ name: 'small.graphql', text: sdl }]);
    await writeFile(join(folder, 'small.html'), coveragePage(coverageOf(small)));
    for (const colorScheme of ['light', 'dark'] as const) {
      await withBrowser({ viewport: { width: 1440, height: 900 }, colorScheme }, async (browser) => {
        const page = await browser.newPage();
        await page.goto(pathToFileURL(join(folder, 'small.html')).href);
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        assert.deepEqual(await axeFindings(page, { runOnly: ['wcag2a', 'wcag2aa'] }), []);
        await shoot(page, `small-${colorScheme}`);
      });
    }
  });

  it('shows the table without scripts, and no tools that would not work', async () => {
    await withBrowser({ viewport: { width: 1440, height: 900 }, javaScriptEnabled: false }, async (browser) => {
      const { page } = await open(browser);
      assert.equal(await page.locator('#tools').isVisible(), false);
      const repository = page.locator('details', { has: page.locator('summary code', { hasText: /^Repository$/ }) });
      await repository.locator('summary').click();
      const row = repository.locator('tr', { has: page.locator('code', { hasText: /^vulnerabilityAlerts$/ }) });
      assert.match(
        await row.innerText(),
        /guarded[^]*security_events[^]*authentication at most 300 seconds ago[^]*own/,
      );
      await shoot(page, 'no-scripts');
    });
  });

  it('is usable on a phone', async () => {
    await withBrowser({ viewport: { width: 360, height: 740 } }, async (browser) => {
      const { page, faults } = await open(browser);
      await page.locator('#sum').getByText('Fields that are read: 3').waitFor();
      assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
      await shoot(page, 'phone');
      assert.deepEqual(faults, []);
    });
  });
});
