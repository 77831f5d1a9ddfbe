import { authenticate, type ProvenAccount } from '../../identity/accounts/accounts.ts';
import { factOf } from '../audit.ts';
import { callerAddress } from '../request/caller-address.ts';
import type { AccountVisit } from './visit.ts';

/**
 * Checks the password of a signed-in person before a change that a stolen session must not make. Wrong passwords count
 * as guesses, as at the sign-in.
 *
 * @param act the change, for the audit trail
 * @returns the account, or the text for the person if the password is wrong or not checked
 */
export async function proveAgain(
  { options, request, response, account }: AccountVisit,
  password: string,
  act: string,
): Promise<ProvenAccount | string> {
  const guess = await options.attempts.guessPassword(account.email, callerAddress(request), () =>
    authenticate(options.store, account.email, password),
  );
  if (guess.kind === 'refused') {
    response.setHeader('retry-after', String(guess.seconds));
    return `Too many tries were wrong. Wait ${Math.ceil(guess.seconds / 60)} minutes, then try again.`;
  }
  if (guess.kind === 'right' && guess.found.id === account.id) return guess.found;
  options.record?.(factOf('sign_in_failed', { accountId: account.id }, act));
  return 'The present password is another one.';
}
