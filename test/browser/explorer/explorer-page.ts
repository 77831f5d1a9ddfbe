import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import type { TestServer } from '../../support/server.ts';
import { insertAt, pressAt } from '../keyboard.ts';

/** The folder for screenshots. Default: no screenshots. */
const screenshots = process.env.SCREENSHOTS;

/** A page of the explorer that is cut off from every other origin. */
export interface ExplorerPage {
  readonly page: Page;
  /** Requests to another origin. They do not leave the browser. */
  readonly foreign: readonly string[];
  /** Returns the errors and warnings of the console, which name violations of the policy too. */
  readonly violations: () => readonly string[];
}

/** Opens the explorer. @param path - default: `/explorer` */
export async function openExplorer(
  browser: BrowserContext,
  server: Pick<TestServer, 'url'>,
  path = '/explorer',
): Promise<ExplorerPage> {
  const foreign: string[] = [];
  const faults: string[] = [];
  await browser.route(
    (url) => url.origin !== server.url && /^(https?|wss?):$/.test(url.protocol),
    async (route) => {
      foreign.push(route.request().url());
      await route.abort();
    },
  );
  const page = await browser.newPage();
  page.on('console', (message) => {
    // The browser reports each refused operation.
    if (/^Failed to load resource: .* status of 40[13] /.test(message.text())) return;
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(path.startsWith('/') ? server.url + path : path);
  return { page, foreign, violations: () => faults };
}

/** The operation editor, once it shows a text. */
export function editor(page: Page, text: string): Locator {
  return page.locator('.graphiql-query-editor .view-lines').filter({ hasText: text });
}

/** Replaces the text of the operation editor. */
export async function fillEditor(page: Page, text: string): Promise<void> {
  const entered = page.locator('.graphiql-query-editor');
  await entered.locator('.view-lines').click();
  await pressAt(entered, 'Control+A');
  await insertAt(entered, text);
}

/** Runs the operation with the button, and waits until all callers have an answer. */
export async function runOperation(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Execute/ }).click();
  await page.locator('#answers .answer-lines, #answers .run-failure').first().waitFor();
  await page.locator('#answers .answer header').getByText('running …').first().waitFor({ state: 'detached' });
}

/** Returns an address with an operation. */
export function linkTo(server: Pick<TestServer, 'url'>, document: string): string {
  return `${server.url}/explorer#operation=${Buffer.from(JSON.stringify({ v: 1, d: document })).toString('base64url')}`;
}

export async function shoot(page: Page, name: string): Promise<void> {
  if (screenshots) await page.screenshot({ path: join(screenshots, `run-${name}.png`), fullPage: true });
}

/** A finding of axe-core. */
export interface Finding {
  readonly impact: string;
  readonly id: string;
  readonly targets: readonly string[];
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Returns the serious and critical findings of axe-core: outside of the editors, or only inside of them. */
export async function seriousFindings(page: Page, part: 'page' | 'editor' = 'page'): Promise<readonly Finding[]> {
  await page.evaluate(axe);
  return page.evaluate(async (part) => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          options: object,
          more: object,
        ): Promise<{
          violations: { impact: string; id: string; nodes: { target: string[] }[] }[];
        }>;
      };
    };
    const { violations } = await axe.run(
      part === 'page' ? { exclude: [['.monaco-editor']] } : { include: [['.monaco-editor']] },
      { resultTypes: ['violations'] },
    );
    return violations
      .filter(({ impact }) => ['serious', 'critical'].includes(impact))
      .map(({ impact, id, nodes }) => ({ impact, id, targets: nodes.map(({ target }) => target.join(' ')) }));
  }, part);
}
