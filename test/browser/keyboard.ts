// The only file of the tests that presses keys: `npm run check` refuses `page.keyboard` in the other files. The browser
// sends a key to the element that has the focus at that moment. A page sets the focus later than its `load` event, so a
// test that presses at once loses the key on a slow machine.
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

/** Waits until an element, or an element in it, has the focus. Does not move the focus. */
export async function focused(at: Locator): Promise<void> {
  await at.and(at.page().locator(':focus-within')).waitFor({ state: 'attached' });
}

/** Waits until an element has the focus, and types a text there, key by key. */
export async function typeAt(at: Locator, text: string): Promise<void> {
  await focused(at);
  await at.page().keyboard.type(text);
}

/** Waits until an element has the focus, and enters a text there at once, as an input method does. */
export async function insertAt(at: Locator, text: string): Promise<void> {
  await focused(at);
  await at.page().keyboard.insertText(text);
}

/** Waits until an element has the focus, and presses keys there, one after the other. */
export async function pressAt(at: Locator, ...keys: readonly string[]): Promise<void> {
  await focused(at);
  for (const key of keys) await at.page().keyboard.press(key);
}

/** Presses keys that have the same effect wherever the focus is, such as the shortcuts of a page. */
export async function pressAnywhere(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Does what leads to another document, and waits until the page has it. The elements of the old document are gone. */
export async function toNextDocument(page: Page, act: () => Promise<unknown>): Promise<void> {
  await Promise.all([page.waitForEvent('domcontentloaded'), act()]);
}

/** Returns the accessible name of the focused element, as far as these pages need it. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate<string>(`{
    const element = document.activeElement;
    const named = document.getElementById(element?.getAttribute('aria-labelledby') ?? '');
    const name = element === document.body ? '' : element?.getAttribute('aria-label')
      ?? named?.textContent ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? '';
    name.trim();
  }`);
}

/** The largest number of elements between two of the walk. More would be tiring. */
const maxSteps = 60;

/**
 * Presses Tab (or Shift+Tab) until an element has the focus.
 *
 * @returns how many times
 */
export async function tabTo(page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<number> {
  const seen: string[] = [];
  for (let steps = 1; steps <= maxSteps; steps += 1) {
    await page.keyboard.press(key);
    const reached = await focusedName(page);
    if (name.test(reached)) return steps;
    seen.push(reached.slice(0, 40));
  }
  return assert.fail(`${maxSteps} times ${key} do not lead to ${String(name)}: ${seen.join(' | ')}`);
}

/** Moves the focus to an element, and presses a key there. */
export async function press(page: Page, name: RegExp, key = 'Enter', direction?: 'Shift+Tab'): Promise<void> {
  await tabTo(page, name, direction);
  await page.keyboard.press(key);
}
