import { type AccessTokenClaims, audiencesOf, readClaims } from './claims.ts';
import type { Unverified } from './compact.ts';
import { checkHeader } from './header.ts';
import type { Issuer } from '../issuers/issuer.ts';
import type { KeyHint } from '../../issuer/key-set.ts';
import { expired, refused } from '../refusal.ts';
import { verifySignature } from './signature.ts';

/** A token that names an issuer of ours, while it is found out whether it is really from there, and for us, and now. */
export interface Candidate extends Unverified {
  readonly token: string;
  readonly issuer: Issuer;
  /** Seconds since the epoch. */
  readonly now: number;
  /** What the checks have found out, each null until its check has passed. */
  readonly found: {
    hint: KeyHint | null;
    /** The thumbprint of the key that signed it. */
    signer: string | null;
    claims: AccessTokenClaims | null;
  };
}

/** What a check is called. */
export interface CheckName {
  /** What it is about, in a few words. */
  readonly name: string;
  /** Where it is asked for. */
  readonly section: string;
}

/** One thing that must hold of a token. */
export interface Check extends CheckName {
  /** @throws ClaimgateError `INVALID_TOKEN` where it does not hold, `KEYS_UNAVAILABLE` where nobody can say */
  readonly check: (candidate: Candidate) => void | Promise<void>;
}

/** What is checked first, by `readCompact` and `candidateOf`: without a payload and an issuer nothing else can be asked. */
export const opening: Readonly<Record<'form' | 'issuer', CheckName>> = {
  form: { name: 'form', section: 'RFC 7515 §7.1, RFC 7519 §7.2, RFC 8725 §2.4' },
  issuer: { name: 'issuer (iss)', section: 'RFC 9068 §4, RFC 8725 §3.8' },
};

/**
 * The checks of an access token (RFC 9068 §4), in their order, after the `opening`: cheap ones first, so that no key is
 * looked up for a token that could not be accepted anyway; and nothing that the payload says but `iss` counts before the
 * signature does.
 */
export const checks: readonly Check[] = [
  { name: 'header (alg, typ, crit, b64, kid)', section: 'RFC 8725 §3.1, §3.11; RFC 9068 §4', check: header },
  { name: 'signature', section: 'RFC 7515 §5.2', check: signature },
  { name: 'audience (aud)', section: 'RFC 9068 §4, RFC 8725 §3.9', check: audience },
  { name: 'expiry (exp)', section: 'RFC 9068 §4, RFC 7519 §4.1.4', check: expiry },
  { name: 'start (nbf)', section: 'RFC 7519 §4.1.5', check: start },
  { name: 'required claims', section: 'RFC 9068 §2.2', check: claims },
];

/**
 * Finds out whose token it says it is.
 *
 * @param now - seconds since the epoch
 * @throws ClaimgateError `INVALID_TOKEN` where that is nobody we trust
 */
export function candidateOf(
  token: string,
  { header, payload }: Unverified,
  trusted: ReadonlyMap<string, Issuer>,
  now: number,
): Candidate {
  // RFC 9068 §4: exactly as configured. Of another type or spelling it is another issuer, and none of ours.
  const issuer = typeof payload.iss === 'string' ? trusted.get(payload.iss) : undefined;
  if (!issuer) throw refused('its issuer (iss) is not trusted here');
  return { token, header, payload, issuer, now, found: { hint: null, signer: null, claims: null } };
}

function header({ header, issuer, found }: Candidate): void {
  found.hint = checkHeader(header, issuer);
}

async function signature({ token, issuer, found }: Candidate): Promise<void> {
  if (!found.hint) throw refused('its header does not say how to verify it');
  found.signer = await verifySignature(token, found.hint, issuer);
}

function audience({ payload, issuer }: Candidate): void {
  const named = audiencesOf(payload, issuer);
  if (!issuer.audience.some((name) => named.includes(name))) throw refused('its claim aud does not fit');
}

function expiry({ payload: { exp }, issuer, now }: Candidate): void {
  if (typeof exp !== 'number') throw refused('its claim exp is missing or no time');
  if (hasExpired(exp, issuer, now)) throw expired();
}

/** @param now - seconds since the epoch */
export function hasExpired(exp: number, { clockTolerance }: Issuer, now: number): boolean {
  return !(exp > now - clockTolerance);
}

function start({ payload, issuer, now }: Candidate): void {
  if (!Object.hasOwn(payload, 'nbf')) return;
  const { nbf } = payload;
  if (!(typeof nbf === 'number' && nbf <= now + issuer.clockTolerance)) throw refused('its claim nbf does not fit');
}

function claims({ payload, issuer, now, found }: Candidate): void {
  found.claims = readClaims(payload, issuer, now);
}
