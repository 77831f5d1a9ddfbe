import { handleRejection } from '../../protocol/notify.ts';
import type { TokenCheck } from './stages.ts';
import type { Credential } from '../credential/credential.ts';
import { refused } from '../refusal.ts';
import type { Revocations } from '../revocation/revocations.ts';
import type { Verified } from './verified.ts';

/** A verified token, and the scheme with which one request sent it. */
export interface Admission {
  readonly verified: Verified;
  readonly scheme: Credential['scheme'];
  /** Whether the verifier has a proof checker. */
  readonly proofs: boolean;
  readonly revocations: Pick<Revocations, 'isRevoked'> | undefined;
}

/**
 * The checks that run for every request, in their order. They also run for a token in the cache. The verifier checks
 * the DPoP proof after them.
 */
export const admissionChecks: readonly TokenCheck<Admission>[] = [
  { name: 'revocation', section: 'RFC 7009 §2.1, RFC 6750 §3.1', check: revocation },
  { name: 'binding (cnf)', section: 'RFC 9449 §7.1, §7.2', check: binding },
];

/** @throws ClaimgateError `REVOCATIONS_UNAVAILABLE` if the revocations are not available */
function revocation({ verified, revocations }: Admission): void {
  const revoked: unknown = revocations?.isRevoked(verified);
  // If `isRevoked` is an async function by mistake, it returns a promise. Then every token counts as revoked, and a
  // rejection is handled.
  handleRejection(revoked);
  if (revoked) throw refused('it was revoked', { claim: null, reason: 'revoked' });
}

const wrongScheme = { claim: 'cnf', reason: 'wrong-scheme' } as const;

function binding({ verified: { thumbprint }, scheme, proofs }: Admission): void {
  if (scheme === 'Bearer') {
    // A thief could otherwise use a bound token without its key.
    if (thumbprint !== null) throw refused('it is bound to a key (cnf) and was sent as a bearer token', wrongScheme);
    return;
  }
  if (!proofs) throw refused('the DPoP scheme is not accepted here', wrongScheme);
  if (thumbprint === null) throw refused('it is bound to no key and was sent under the DPoP scheme', wrongScheme);
}
