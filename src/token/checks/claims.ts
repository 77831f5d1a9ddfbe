import { hash } from 'node:crypto';
import { claimAt } from '../../protocol/claim-path.ts';
import type { Issuer } from '../issuers/issuer.ts';
import { refused, type TokenRefusal } from '../refusal.ts';
import { readScopes } from './scopes.ts';
import { isRecord } from '../../protocol/record.ts';

type Payload = Readonly<Record<string, unknown>>;

/** The claims of an access token, each of the type that RFC 9068 §2.2 gives it, wherever its issuer puts them. */
export interface AccessTokenClaims {
  readonly issuer: string;
  readonly subject: string;
  /** Null where the issuer's tokens need not name a client, and this one does not. */
  readonly clientId: string | null;
  /** Whether it stands for the application alone, without a person. */
  readonly application: boolean;
  /** The account in this system; null where the issuer is not the primary one, and for an application alone. */
  readonly accountId: string | null;
  readonly scopes: ReadonlySet<string>;
  /** Its own ID; of an issuer that gives its tokens none, a hash of all claims, which tells one from another as well. */
  readonly tokenId: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** `cnf.jkt` (RFC 9449 §6.1): who sends it must prove to have the key of this thumbprint. */
  readonly thumbprint: string | null;
  /** The grant and the session that it was issued under, where it says so. */
  readonly grantId: string | null;
  readonly sessionId: string | null;
}

/**
 * Reads the claims of a payload whose signature was verified: all that RFC 9068 §2.2 requires must be there, under the
 * names that the issuer gives them, and of the right type; and nothing that only its other tokens have.
 *
 * Does not compare `iss`, `aud`, `exp` and `nbf` with what is expected, and does not ask for the proof of a bound token.
 *
 * @param now - seconds since the epoch
 * @throws ClaimgateError `INVALID_TOKEN`
 */
export function readClaims(payload: Payload, issuer: Issuer, now: number): AccessTokenClaims {
  checkKind(payload, issuer);
  const subject = text(payload, 'sub');
  const clientId = clientIdOf(payload, issuer);
  if (!audiencesOf(payload, issuer).every((name) => typeof name === 'string' && name !== '')) {
    throw refused('its claim aud is no audience', { claim: 'aud', reason: 'malformed' });
  }
  const issuedAt = time(payload, 'iat');
  if (issuedAt > now + issuer.clockTolerance)
    throw refused('it was issued in the future (iat)', { claim: 'iat', reason: 'early' });
  if (Object.hasOwn(payload, 'nbf')) time(payload, 'nbf');
  const application = issuer.isApplication(payload, subject, clientId);
  return {
    issuer: text(payload, 'iss'),
    subject,
    clientId,
    application,
    accountId: issuer.primary && !application ? textOrNull(claimAt(payload, issuer.accountId)) : null,
    scopes: readScopes(payload, issuer),
    tokenId: tokenId(payload, issuer),
    issuedAt,
    expiresAt: time(payload, 'exp'),
    thumbprint: thumbprint(payload),
    grantId: textOrNull(payload.grant_id),
    sessionId: textOrNull(payload.sid),
  };
}

/** Whom a token is for, as it says: one or several. Nothing is known of their type. */
export function audiencesOf(payload: Payload, { audienceClaims }: Pick<Issuer, 'audienceClaims'>): readonly unknown[] {
  const audience = payload[present(payload, audienceClaims)];
  return Array.isArray(audience) ? audience : [audience];
}

/** RFC 8725 §3.12: what the header's `typ` does not tell apart, claims must. */
function checkKind(payload: Payload, { required, forbidden }: Issuer): void {
  for (const [claim, values] of Object.entries(required)) {
    const fits = values.length === 0 ? Object.hasOwn(payload, claim) : values.some((value) => payload[claim] === value);
    if (!fits) throw refused(`its claim ${claim} is not an access token's`, { claim, reason: 'unacceptable' });
  }
  for (const claim of forbidden) {
    if (Object.hasOwn(payload, claim))
      throw refused(`it has the claim ${claim}, as no access token has`, { claim, reason: 'unacceptable' });
  }
}

/** Null where no token needs to name a client, and this one has none of the claims. A claim that is there must be a client's ID. */
function clientIdOf(payload: Payload, { clientIdClaims, clientless }: Issuer): string | null {
  const claim = clientIdClaims.find((name) => Object.hasOwn(payload, name));
  if (claim === undefined && clientless) return null;
  // An audience that stands for the client may be an array of one (RFC 7519 §4.1.3).
  const value = claim === undefined ? undefined : payload[claim];
  const clientId = textOrNull(claim === 'aud' && Array.isArray(value) && value.length === 1 ? value[0] : value);
  if (clientId === null) throw noText(clientIdClaims);
  return clientId;
}

function tokenId(payload: Payload, { tokenIdClaims, anonymousTokens }: Issuer): string {
  if (anonymousTokens && !tokenIdClaims.some((claim) => Object.hasOwn(payload, claim))) {
    return hash('sha256', JSON.stringify(payload), 'base64url');
  }
  return text(payload, ...tokenIdClaims);
}

/** A SHA-256 thumbprint in base64url (RFC 9449 §6.1). A token that is bound in any other way cannot be checked here. */
function thumbprint({ cnf }: Payload): string | null {
  if (cnf === undefined) return null;
  const jkt = isRecord(cnf) && Object.keys(cnf).length === 1 ? cnf.jkt : undefined;
  if (typeof jkt !== 'string' || !/^[\w-]{43}$/.test(jkt)) {
    throw refused('it is bound to a key (cnf) in a way that cannot be checked here', {
      claim: 'cnf',
      reason: 'malformed',
    });
  }
  return jkt;
}

/** The first of these claims that is there; the first of all where none is. */
function present(payload: Payload, claims: readonly string[]): string {
  return claims.find((claim) => Object.hasOwn(payload, claim)) ?? claims[0] ?? '';
}

function text(payload: Payload, ...claims: readonly string[]): string {
  const value = textOrNull(payload[present(payload, claims)]);
  if (value === null) throw noText(claims);
  return value;
}

/** @param claims - those that may hold the text, in the order in which they are looked for */
function noText(claims: readonly string[]): TokenRefusal {
  const sentence = `its claim ${claims.join(' or ')} is missing or no text`;
  return refused(sentence, { claim: claims[0] ?? null, reason: 'missing' });
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A NumericDate (RFC 7519 §2). JSON has numbers that JavaScript reads as infinite, and nothing was issued before 1970. */
function time(payload: Payload, claim: string): number {
  const value = payload[claim];
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw refused(`its claim ${claim} is missing or no time`, { claim, reason: 'missing' });
  }
  return value;
}
