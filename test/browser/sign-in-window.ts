import type { BrowserContext, Page } from 'playwright-core';
import { type Account, admin } from '../support/server.ts';

/** What the person does at the window. */
export interface AtWindow {
  /** Default: the administrator. */
  readonly account?: Account;
  /** Default: `Allow`. */
  readonly decision?: 'Allow' | 'Deny';
}

/** Does what opens the sign-in window, and goes through its pages until it closes. */
export async function signInByWindow(
  browser: BrowserContext,
  act: () => Promise<unknown>,
  at: AtWindow = {},
): Promise<void> {
  const [window] = await Promise.all([browser.waitForEvent('page'), act()]);
  await passWindow(window, at);
}

/**
 * Goes through the pages of a sign-in window until it closes. Each page can be absent: the person can be signed in
 * already, and can have allowed the application already. At first, a window is an empty document that is loaded.
 */
export async function passWindow(window: Page, { account = admin, decision = 'Allow' }: AtWindow = {}): Promise<void> {
  const closed = window.isClosed()
    ? Promise.resolve('closed' as const)
    : window.waitForEvent('close').then(() => 'closed' as const);
  const password = window.getByLabel('Password');
  const answer = window.getByRole('button', { name: decision, exact: true });
  const next = async (what = password.or(answer)) => Promise.race([closed, what.waitFor().catch(() => closed)]);

  if ((await next()) === 'closed') return;
  if (await password.isVisible()) {
    await window.getByLabel('Email address').fill(account.email);
    await password.fill(account.password);
    await window.getByRole('button', { name: 'Sign in', exact: true }).click();
    if ((await next(answer)) === 'closed') return;
  }
  // The window can close before the click has returned.
  await answer.click().catch(() => closed);
  await closed;
}
