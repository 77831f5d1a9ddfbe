import { ClaimgateError } from '../../errors.ts';
import { knownRoles, type ScopeCatalogue } from '../grants/scopes.ts';
import { newSecret } from '../keys/secrets.ts';

const minPasswordLength = 12;
const maxPasswordLength = 1_024;

/**
 * Checks the form of an email address. Does not check whether mail arrives there.
 *
 * @returns the trimmed address
 * @throws ClaimgateError `BAD_USER_INPUT`
 */
export function checkedEmail(given: string): string {
  const email = given.trim();
  if (/^[^\s@\p{C}]{1,64}@[^\s@\p{C}]{1,189}$/u.test(email)) return email;
  throw new ClaimgateError('BAD_USER_INPUT', 'email: expected an email address.');
}

/**
 * Checks a password that a person chose: 12 to 1,024 UTF-16 units of well-formed text.
 *
 * @throws ClaimgateError `BAD_USER_INPUT`, which does not repeat the password
 */
export function checkedPassword(given: string): string {
  if (given.length >= minPasswordLength && given.length <= maxPasswordLength && given.isWellFormed()) return given;
  throw new ClaimgateError(
    'BAD_USER_INPUT',
    `password: expected ${minPasswordLength} to ${maxPasswordLength.toLocaleString('en')} characters.`,
  );
}

/** Returns a password of 144 random bits, for the first sign-in to an account. */
export function madeUpPassword(): string {
  return newSecret().slice(0, 24);
}

/**
 * Checks roles. A role is rejected if no scope of the catalogue requires it. It would have no effect, and is most
 * likely a typing error.
 *
 * @returns each role once, in alphabetical order
 * @throws ClaimgateError `BAD_USER_INPUT`
 */
export function checkedRoles(given: readonly string[], catalogue: ScopeCatalogue): readonly string[] {
  const known = knownRoles(catalogue);
  for (const role of given) {
    if (known.has(role)) continue;
    const expected = [...known].toSorted().join(', ');
    throw new ClaimgateError(
      'BAD_USER_INPUT',
      `roles: no scope requires ${JSON.stringify(role.slice(0, 100))}; expected some of ${expected}.`,
    );
  }
  return [...new Set(given)].toSorted();
}
