import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

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
    const focused = await focusedName(page);
    if (name.test(focused)) return steps;
    seen.push(focused.slice(0, 40));
  }
  return assert.fail(`${maxSteps} times ${key} do not lead to ${String(name)}: ${seen.join(' | ')}`);
}

/** Moves the focus to an element, and presses a key there. */
export async function press(page: Page, name: RegExp, key = 'Enter', direction?: 'Shift+Tab'): Promise<void> {
  await tabTo(page, name, direction);
  await page.keyboard.press(key);
}
