import { handleRejection } from '../../protocol/notify.ts';
import type { CheckName } from './checks.ts';
import type { Credential } from '../credential/credential.ts';
import { refused } from '../refusal.ts';
import type { Revocations } from '../revocation/revocations.ts';
import type { Verified } from './verified.ts';

/** A verified token as one request brings it. */
export interface Admission {
  readonly verified: Verified;
  readonly scheme: Credential['scheme'];
  /** Whether proofs can be checked here. */
  readonly proofs: boolean;
  readonly revocations: Pick<Revocations, 'isRevoked'> | undefined;
}

/** One thing that is asked with every request, however often the token came before. */
export interface AdmissionCheck extends CheckName {
  /** @throws ClaimgateError `INVALID_TOKEN` where it does not hold, `REVOCATIONS_UNAVAILABLE` where nobody can say */
  readonly check: (admission: Admission) => void;
}

/** What is asked of a verified token with every request, in its order. The proof itself comes after it. */
export const admissionChecks: readonly AdmissionCheck[] = [
  { name: 'revocation', section: 'RFC 7009 §2.1, RFC 6750 §3.1', check: revocation },
  { name: 'binding (cnf)', section: 'RFC 9449 §7.1, §7.2', check: binding },
];

function revocation({ verified, revocations }: Admission): void {
  const revoked: unknown = revocations?.isRevoked(verified);
  handleRejection(revoked); // Of an async function, which says that everything is.
  if (revoked) throw refused('it was revoked');
}

function binding({ verified: { thumbprint }, scheme, proofs }: Admission): void {
  if (scheme === 'Bearer') {
    // Or a stolen one would be as good as one's own.
    if (thumbprint !== null) throw refused('it is bound to a key (cnf) and was sent as a bearer token');
    return;
  }
  if (!proofs) throw refused('the DPoP scheme is not accepted here');
  if (thumbprint === null) throw refused('it is bound to no key and was sent under the DPoP scheme');
}
