import type { KeyHint } from '../../issuer/key-set.ts';
import type { Issuer } from '../issuers/issuer.ts';
import { expired, refused } from '../refusal.ts';
import { type AccessTokenClaims, audiencesOf, readClaims } from './claims.ts';
import { type ParsedToken, readCompact } from './compact.ts';
import { checkHeader } from './header.ts';
import { verifySignature } from './signature.ts';
import type { Candidate, TokenCheck, CheckName, Signed, TokenStep } from './stages.ts';

/** Parses the token into its header and payload. */
export const form: TokenStep<readonly [token: string], ParsedToken> = {
  name: 'form',
  section: 'RFC 7515 §7.1, RFC 7519 §7.2, RFC 8725 §2.4',
  check: readCompact,
};

/** Finds the configured issuer that the token names in `iss`. */
export const issuer: TokenStep<
  readonly [token: string, parsed: ParsedToken, trusted: ReadonlyMap<string, Issuer>, now: number],
  Candidate
> = { name: 'issuer (iss)', section: 'RFC 9068 §4, RFC 8725 §3.8', check: candidateOf };

/** Checks the header. This check needs no key. */
export const header: TokenStep<readonly [Candidate], KeyHint> = {
  name: 'header (alg, typ, crit, b64, kid)',
  section: 'RFC 8725 §3.1, §3.11; RFC 9068 §4',
  check: checkHeader,
};

/** Verifies the signature. Before this check, the verifier uses only `iss` from the payload. */
export const signature: TokenStep<readonly [Candidate, KeyHint], Promise<Signed>> = {
  name: 'signature',
  section: 'RFC 7515 §5.2',
  check: verifySignature,
};

/**
 * The checks that compare a claim with the expected values. The verifier runs them only after it has verified the
 * signature. `explainToken` runs them even if the signature is wrong.
 */
export const comparisons: readonly TokenCheck<Candidate>[] = [
  { name: 'audience (aud)', section: 'RFC 9068 §4, RFC 8725 §3.9', check: audience },
  { name: 'expiry (exp)', section: 'RFC 9068 §4, RFC 7519 §4.1.4', check: expiry },
  { name: 'start (nbf)', section: 'RFC 7519 §4.1.5', check: start },
];

/** Reads all claims that an access token needs. */
export const requiredClaims: TokenStep<readonly [Candidate], AccessTokenClaims> = {
  name: 'required claims',
  section: 'RFC 9068 §2.2',
  check: ({ payload, issuer, now }) => readClaims(payload, issuer, now),
};

/**
 * The checks of an access token (RFC 9068 §4) in their order. The cheap checks are first. Therefore a malformed token
 * causes no look-up of a key.
 */
export const order: readonly CheckName[] = [form, issuer, header, signature, ...comparisons, requiredClaims];

/** @param now - seconds since the epoch */
function candidateOf(token: string, parsed: ParsedToken, trusted: ReadonlyMap<string, Issuer>, now: number): Candidate {
  const { header, payload } = parsed;
  // RFC 9068 §4: `iss` must equal the configured text exactly. A value that is not a string, or is spelled differently,
  // is refused.
  const issuer = typeof payload.iss === 'string' ? trusted.get(payload.iss) : undefined;
  if (!issuer) throw refused('its issuer (iss) is not trusted here', { claim: 'iss', reason: 'unacceptable' });
  return { token, header, payload, issuer, now };
}

function audience({ payload, issuer }: Candidate): void {
  const named = audiencesOf(payload, issuer);
  if (!issuer.audience.some((name) => named.includes(name))) {
    throw refused('its claim aud does not fit; expected an audience that is configured for its issuer', {
      claim: 'aud',
      reason: 'unacceptable',
    });
  }
}

function expiry({ payload: { exp }, issuer, now }: Candidate): void {
  if (typeof exp !== 'number')
    throw refused('its claim exp is missing or no time', { claim: 'exp', reason: 'missing' });
  if (hasExpired(exp, issuer, now)) throw expired();
}

/** @param now - seconds since the epoch */
export function hasExpired(exp: number, { clockToleranceSeconds }: Issuer, now: number): boolean {
  return !(exp > now - clockToleranceSeconds);
}

function start({ payload, issuer, now }: Candidate): void {
  if (!Object.hasOwn(payload, 'nbf')) return;
  const { nbf } = payload;
  if (!(typeof nbf === 'number' && nbf <= now + issuer.clockToleranceSeconds)) {
    throw refused('its claim nbf does not fit', { claim: 'nbf', reason: 'early' });
  }
}
