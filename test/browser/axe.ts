import axe, { type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * Returns what axe-core finds wrong in a page: the rule, and the elements that break it.
 *
 * @param options - the options of `axe.run`, and `selector`, the part of the page. Default: the whole page
 */
export async function axeFindings(
  page: Page,
  { selector = 'html', ...options }: RunOptions & { readonly selector?: string } = {},
): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(
    `axe.run(${JSON.stringify(selector)}, ${JSON.stringify(options)}).then(({ violations }) => violations.map(
      ({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | ')))`,
  );
}
