import type { AccountVisit } from '../visit.ts';

/** The largest registration form that is read, in bytes. Ten redirect URIs of 1,000 encoded characters fit into it. */
export const maxFormBytes = 65_536;

/**
 * Counts a registration or a new client secret of the account.
 *
 * @returns the text for the person if there were too many; null otherwise
 */
export async function tooMany({ options, account, response }: AccountVisit): Promise<string | null> {
  const seconds = await options.attempts.changeApplication(account.id);
  if (seconds === null) return null;
  response.setHeader('retry-after', String(seconds));
  const minutes = Math.ceil(seconds / 60);
  return `This account has registered too many applications, or made too many client secrets. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, then try again.`;
}
