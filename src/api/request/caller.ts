import { ClaimgateError } from '../../errors.ts';
import { type VerifiedPrincipal, principalOf } from '../../principal.ts';
import type { ApiContext } from './context.ts';

/**
 * Returns the principal of the access token. It is for resolvers that `@auth` guards.
 *
 * @throws ClaimgateError `UNAUTHENTICATED` for an anonymous caller. This happens only in a field without an enforced
 * `@auth`
 */
export function verifiedPrincipal(context: ApiContext): VerifiedPrincipal {
  const principal = principalOf(context);
  if (principal.kind === 'anonymous') throw new ClaimgateError('UNAUTHENTICATED', 'This needs an access token.');
  return principal;
}

/**
 * Returns the ID of the caller's account. Null for an application without a person, and for a person without an account
 * in this system.
 */
export function callingAccount(context: ApiContext): string | null {
  const principal = verifiedPrincipal(context);
  return principal.kind === 'account' ? principal.accountId : null;
}

/**
 * Returns the ID of the caller's account.
 *
 * @throws ClaimgateError `FORBIDDEN` for a caller without an account
 */
export function requireAccount(context: ApiContext): string {
  const id = callingAccount(context);
  if (id !== null) return id;
  throw new ClaimgateError(
    'FORBIDDEN',
    'This belongs to people with an account here, and this access token stands for none: sign in and use the token you get.',
  );
}
