import { hash } from 'node:crypto';
import { claimAt } from '../../protocol/claim-path.ts';
import type { Issuer } from '../issuers/issuer.ts';
import { refused, TokenRefusal } from '../refusal.ts';
import { readScopes } from './scopes.ts';
import { isRecord } from '../../protocol/record.ts';

type Payload = Readonly<Record<string, unknown>>;

/** The claims of an access token, with the types of RFC 9068 §2.2. The issuer may use other names for the claims. */
export interface AccessTokenClaims {
  readonly issuer: string;
  readonly subject: string;
  /** Null if the token names no client. The issuer's options decide whether this is accepted. */
  readonly clientId: string | null;
  /** Whether the token belongs to an application without a person. */
  readonly application: boolean;
  /**
   * The account ID. Null for an issuer that is not primary, and for an application without a person. Also null if the
   * token does not name an account.
   */
  readonly accountId: string | null;
  readonly scopes: ReadonlySet<string>;
  /** The ID of the token. If the token has no ID, this is a hash of all its claims. */
  readonly tokenId: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** `cnf.jkt` (RFC 9449 §6.1): the sender must prove possession of the key with this thumbprint. */
  readonly thumbprint: string | null;
  /** The grant and the session under which the token was issued. Each is null if the token does not name it. */
  readonly grantId: string | null;
  readonly sessionId: string | null;
}

/**
 * Reads the claims of a payload whose signature is verified. The claims that RFC 9068 §2.2 requires must be present and
 * have the right type. The options of the issuer can make some of them optional. A claim that distinguishes another
 * kind of token must be absent.
 *
 * Does not compare `iss`, `aud`, `exp` and `nbf` with the expected values. Does not check the proof of a bound token.
 *
 * If several claims are missing, the error names all of them.
 *
 * @param now - seconds since the epoch
 * @throws ClaimgateError `INVALID_TOKEN`
 */
export function readClaims(payload: Payload, issuer: Issuer, now: number): AccessTokenClaims {
  try {
    return claimsIn(payload, issuer, now);
  } catch (error) {
    throw error instanceof TokenRefusal && error.reason === 'missing' ? withAllMissing(error, payload, issuer) : error;
  }
}

/** Makes the refusal that names all missing claims. */
function withAllMissing(first: TokenRefusal, payload: Payload, issuer: Issuer): TokenRefusal {
  const readers = [
    () => text(payload, 'sub'),
    () => clientIdOf(payload, issuer),
    () => time(payload, 'iat'),
    () => tokenId(payload, issuer),
    () => time(payload, 'exp'),
  ];
  const claims = readers.flatMap((read) => {
    try {
      read();
    } catch (error) {
      if (error instanceof TokenRefusal && error.claim !== null) return [error.claim];
    }
    return [];
  });
  if (claims.length < 2) return first;
  const sentence = `its claims ${claims.join(', ')} are missing or have another type`;
  return refused(sentence, { claim: first.claim, reason: first.reason });
}

function claimsIn(payload: Payload, issuer: Issuer, now: number): AccessTokenClaims {
  checkKind(payload, issuer);
  const subject = text(payload, 'sub');
  const clientId = clientIdOf(payload, issuer);
  if (!audiencesOf(payload, issuer).every((name) => typeof name === 'string' && name !== '')) {
    throw refused('its claim aud is not an audience', { claim: 'aud', reason: 'malformed' });
  }
  const issuedAt = time(payload, 'iat');
  if (issuedAt > now + issuer.clockToleranceSeconds)
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

/** Returns the audiences that a token names. Their type is not checked. */
export function audiencesOf(payload: Payload, { audienceClaims }: Pick<Issuer, 'audienceClaims'>): readonly unknown[] {
  const audience = payload[present(payload, audienceClaims)];
  return Array.isArray(audience) ? audience : [audience];
}

/**
 * Checks that the token is an access token and not another kind of token (RFC 8725 §3.12). This check uses the claims.
 * It is needed if the header parameter `typ` does not distinguish the kinds.
 */
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

/**
 * Returns the client ID. Returns null if no claim for the client ID is present and the issuer may omit it. A claim that
 * is present must hold a client ID.
 */
function clientIdOf(payload: Payload, { clientIdClaims, clientless }: Issuer): string | null {
  const claim = clientIdClaims.find((name) => Object.hasOwn(payload, name));
  if (claim === undefined && clientless) return null;
  // If `aud` names the client, it may be an array with one element (RFC 7519 §4.1.3).
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

/**
 * Returns the SHA-256 thumbprint of the key in base64url (RFC 9449 §6.1); null if the token is not bound. Refuses a
 * token with any other kind of binding, because the verifier cannot check it.
 */
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

/** Returns the name of the first claim that is present. If no claim is present, it returns the first name. */
function present(payload: Payload, claims: readonly string[]): string {
  return claims.find((claim) => Object.hasOwn(payload, claim)) ?? claims[0] ?? '';
}

function text(payload: Payload, ...claims: readonly string[]): string {
  const value = textOrNull(payload[present(payload, claims)]);
  if (value === null) throw noText(claims);
  return value;
}

/**
 * Makes the refusal for a claim that is missing or not a text. @param claims - the claims that may hold the text, in
 * the order of look-up
 */
function noText(claims: readonly string[]): TokenRefusal {
  const sentence = `its claim ${claims.join(' or ')} is missing or no text`;
  return refused(sentence, { claim: claims[0] ?? null, reason: 'missing' });
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/**
 * Returns a NumericDate (RFC 7519 §2). Refuses infinite numbers, which `JSON.parse` makes from very large numbers.
 * Refuses negative numbers, because no token was issued before 1970.
 */
function time(payload: Payload, claim: string): number {
  const value = payload[claim];
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw refused(`its claim ${claim} is missing or no time`, { claim, reason: 'missing' });
  }
  return value;
}
