import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { configWith, ids, texts, writeManifests } from '../../http/trusted/support.ts';
import { skip, withBrowser } from '../chromium.ts';
import { signInByWindow } from '../sign-in-window.ts';
import { editor, fillEditor, openExplorer, runOperation, seriousFindings, shoot } from './explorer-page.ts';

describe('I17-6 the explorer with only trusted documents', { skip }, () => {
  const manifests = writeManifests();
  let only: TestServer;
  let free: TestServer;
  before(async () => {
    const { manifests: paths } = await manifests;
    [only, free] = await Promise.all([
      startTestServer({ config: configWith({ manifests: paths, only: true }) }),
      startTestServer({
        config: configWith(
          { manifests: paths, only: true, freeClients: ['claimgate-explorer'] },
          "introspection: 'authenticated'",
        ),
      }),
    ]);
  });
  after(async () => {
    await Promise.all([only?.dispose(), free?.dispose()]);
    await rm((await manifests).folder, { recursive: true });
  });

  const choose = async (page: Page, name: string) => {
    await page.getByRole('button', { name: new RegExp(`^${name} `) }).click();
    await editor(page, name).waitFor();
  };
  const answer = (page: Page) => page.locator('#answers');
  const signIn = (page: Page) =>
    signInByWindow(page.context(), () => page.getByRole('button', { name: 'Sign in', exact: true }).click());

  it('I17-6 lists the documents, runs a chosen one, and says why another one does not run', async () => {
    for (const [name, colorScheme, width] of [
      ['light', 'light', 1280],
      ['dark', 'dark', 1280],
      ['narrow', 'light', 390],
    ] as const) {
      if (name === 'dark' && !process.env.SCREENSHOTS) continue;
      await withBrowser({ colorScheme, viewport: { width, height: 900 } }, async (browser) => {
        const { page, foreign, violations } = await openExplorer(browser, only);
        await editor(page, 'Only trusted documents').waitFor();
        if (name === 'narrow') await page.getByRole('button', { name: 'Show Trusted documents' }).click();
        await page.getByText('5 documents.').waitFor();
        await page.getByText('This server runs only the documents of its clients').waitFor();
        assert.deepEqual(await seriousFindings(page), []);
        await shoot(page, `trusted-${name}-list`);
        await page.getByRole('searchbox', { name: 'Find a document' }).fill('hel');
        await page.getByText('1 document.').waitFor();
        await choose(page, 'Hello');
        assert.equal(await page.locator('.graphiql-tab').count(), 2);
        await runOperation(page);
        assert.match(await answer(page).innerText(), /"hi"/);
        await shoot(page, `trusted-${name}-ran`);
        await fillEditor(page, 'query Mine { hello }');
        await runOperation(page);
        await answer(page).getByText('This is not a trusted document.').waitFor();
        await answer(page).getByText('Choose one in the pane "Trusted documents"').waitFor();
        assert.deepEqual(await seriousFindings(page), []);
        await shoot(page, `trusted-${name}-refused`);
        await fillEditor(page, 'query Other { secret }');
        // The page does not know whether a text is trusted, so it does not say that it runs.
        const hint = page.locator('.needs-hint').filter({ hasText: /✗ (?:By the rules,|The rules refuse)/ });
        await hint.getByText('Only trusted documents run here.').waitFor();
        assert.doesNotMatch(await hint.innerText(), /\bruns\b/i);
        await shoot(page, `trusted-${name}-hint`);
        assert.deepEqual([foreign, violations()], [[], []]);
      });
    }
  });

  it('I17-6 signs in, explains and runs a guarded document, and runs the first operation', async () => {
    await withBrowser({ viewport: { width: 1280, height: 900 } }, async (browser) => {
      const { page, violations } = await openExplorer(browser, only);
      await editor(page, 'Only trusted documents').waitFor();
      await runOperation(page);
      assert.match(await answer(page).innerText(), /"__typename": "Query"/);
      await page.getByText('5 documents.').waitFor();
      await choose(page, 'Secret');
      await runOperation(page);
      await answer(page).getByText('UNAUTHENTICATED').first().waitFor();
      await signIn(page);
      await page.getByRole('radio', { name: 'ada@example.com' }).waitFor();
      await runOperation(page);
      assert.match(await answer(page).innerText(), /"secret": "secret"/);
      await page.getByRole('button', { name: 'Show What it needs' }).click();
      await page.getByText('Query.secret').first().waitFor();
      await shoot(page, 'trusted-signed-in');
      assert.deepEqual(violations(), []);
    });
  });

  it('I17-6 a free explorer runs every document after a sign-in, and shows no document to a caller who may not read the schema', async () => {
    await withBrowser({ viewport: { width: 1280, height: 900 } }, async (browser) => {
      const { page } = await openExplorer(browser, free);
      await editor(page, 'Only trusted documents').waitFor();
      await page.getByText('Only callers who may read the schema may read the trusted documents.').waitFor();
      await signIn(page);
      await page.getByText('5 documents.').waitFor();
      await fillEditor(page, 'query Free { free: hello }');
      await runOperation(page);
      assert.match(await answer(page).innerText(), /"free": "hi"/);
      await shoot(page, 'trusted-free');
    });
  });

  it('I17-6 the route of the documents is as open as introspection, and is bounded', async () => {
    const get = async (server: TestServer, query: string, headers = {}) => {
      const response = await fetch(`${server.own}/explorer/documents${query}`, { headers });
      return {
        status: response.status,
        body: (await response.json()) as any,
        cache: response.headers.get('cache-control'),
      };
    };
    const list = await get(only, '?search=ECHO');
    assert.deepEqual(list, {
      status: 200,
      body: { total: 1, documents: [{ id: ids.echo, name: 'Echo', kind: 'query' }] },
      cache: 'no-store',
    });
    assert.deepEqual((await get(only, `?id=${ids.touch}`)).body, { text: texts.touch });
    assert.equal((await get(only, '?id=__proto__')).status, 404);
    for (const query of ['?id=a&id=b', '?search=a&search=b', `?search=${'x'.repeat(301)}`, `?id=${'x'.repeat(301)}`]) {
      assert.equal((await get(only, query)).status, 400, query);
    }
    for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
      const refused = await get(free, `?id=${ids.touch}`, headers);
      assert.deepEqual([refused.status, JSON.stringify(refused.body).includes('touch')], [403, false]);
    }
  });
});
