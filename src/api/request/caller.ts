import { ClaimgateError } from '../../errors.ts';
import { type VerifiedPrincipal, principalOf } from '../../principal.ts';
import type { ApiContext } from './context.ts';

/**
 * Whom the access token stands for, in a resolver that `@auth` guards.
 *
 * @throws ClaimgateError `UNAUTHENTICATED` where the guard was left out
 */
export function verifiedPrincipal(context: ApiContext): VerifiedPrincipal {
  const principal = principalOf(context);
  if (principal.kind === 'anonymous') throw new ClaimgateError('UNAUTHENTICATED', 'This needs an access token.');
  return principal;
}

/** The account that calls; null for an application alone, and for a person whom another issuer knows. */
export function callingAccount(context: ApiContext): string | null {
  const principal = verifiedPrincipal(context);
  return principal.kind === 'account' ? principal.accountId : null;
}

/**
 * The account that calls, for what only accounts have.
 *
 * @throws ClaimgateError `FORBIDDEN` where none does
 */
export function requireAccount(context: ApiContext): string {
  const id = callingAccount(context);
  if (id !== null) return id;
  throw new ClaimgateError(
    'FORBIDDEN',
    'This belongs to people with an account here, and this access token stands for none: sign in and use the token you get.',
  );
}
