import { principalIfMade } from '../../principal.ts';
import { schemeOf } from '../challenge.ts';
import type { ChallengeOptions } from '../challenge-options.ts';
import type { AnswerHead } from './head.ts';

type Nonces = Pick<NonNullable<ChallengeOptions['proofs']>, 'nonce' | 'requiresNonce'>;

/**
 * Sets the nonce for the caller's next DPoP proof (RFC 9449 §8.2, §9). Does nothing if the caller has no DPoP token, or
 * if no nonces are required.
 *
 * @param contextValue - the context of the operation
 */
export function setNonce(contextValue: unknown, proofs: Nonces | undefined, head: AnswerHead): void {
  const nonce = nonceFor(contextValue, proofs);
  if (nonce !== null) setNonceHeaders(nonce, head);
}

/** Returns the nonce that the answer to a caller has. Null: the answer has no nonce. */
export function nonceFor(contextValue: unknown, proofs: Nonces | undefined): string | null {
  if (proofs === undefined || proofs.requiresNonce === false) return null;
  return schemeOf(principalIfMade(contextValue)) === 'DPoP' ? proofs.nonce() : null;
}

/** Sets the headers of a nonce. `Cache-Control: no-store` is one of them, because a cache would send an old nonce. */
export function setNonceHeaders(nonce: string, { headers }: AnswerHead): void {
  headers.set('dpop-nonce', nonce);
  headers.set('cache-control', 'no-store');
}
