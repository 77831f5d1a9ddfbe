import { ClaimgateError } from '../../errors.ts';
import { knownRoles, type ScopeCatalogue } from '../grants/scopes.ts';
import { newSecret } from '../keys/secrets.ts';

const shortestPassword = 12;
const longestPassword = 1_024;

/**
 * An email address, as far as its form can be judged.
 *
 * @throws ClaimgateError `BAD_USER_INPUT`
 */
export function checkedEmail(given: string): string {
  const email = given.trim();
  if (/^[^\s@\p{C}]{1,64}@[^\s@\p{C}]{1,189}$/u.test(email)) return email;
  throw new ClaimgateError('BAD_USER_INPUT', 'email: expected an email address.');
}

/**
 * A password that somebody chose: 12 to 1,024 characters.
 *
 * @throws ClaimgateError `BAD_USER_INPUT`, which does not repeat it
 */
export function checkedPassword(given: string): string {
  if (given.length >= shortestPassword && given.length <= longestPassword && given.isWellFormed()) return given;
  throw new ClaimgateError(
    'BAD_USER_INPUT',
    `password: expected ${shortestPassword} to ${longestPassword.toLocaleString('en')} characters.`,
  );
}

/** A password for somebody's first sign-in: 144 random bits. */
export function madeUpPassword(): string {
  return newSecret().slice(0, 24);
}

/**
 * Roles that entitle to something: those that scopes of the catalogue name. Any other would do nothing, and is a slip.
 *
 * @returns each once, in alphabetical order
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
