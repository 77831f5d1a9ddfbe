import { refused } from './refusal.ts';

type Payload = Readonly<Record<string, unknown>>;

/** The claims of an access token, each of the type that RFC 9068 §2.2 gives it. */
export interface AccessTokenClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Reads the claims of a payload whose signature was verified: all that RFC 9068 §2.2 requires must be there, and of the
 * right type. Does not compare `iss`, `aud`, `exp` and `nbf` with what is expected: `verifySignature` did.
 *
 * @param now - seconds since the epoch
 * @param tolerance - in seconds
 * @throws ClaimgateError `INVALID_TOKEN`
 */
export function readClaims(payload: Payload, now: number, tolerance: number): AccessTokenClaims {
  text(payload, 'jti');
  audience(payload);
  if (time(payload, 'iat') > now + tolerance) throw refused('it was issued in the future (iat)');
  if (Object.hasOwn(payload, 'nbf')) time(payload, 'nbf');
  // RFC 9449 §7.1, RFC 8705 §3: whoever sends it has to prove that the key is theirs, which a bearer does not.
  if (Object.hasOwn(payload, 'cnf')) throw refused('it is bound to a key (cnf) and was sent as a bearer token');
  return {
    issuer: text(payload, 'iss'),
    subject: text(payload, 'sub'),
    clientId: text(payload, 'client_id'),
    scopes: scopes(payload),
    expiresAt: time(payload, 'exp'),
  };
}

function text(payload: Payload, claim: string): string {
  const value = payload[claim];
  if (typeof value !== 'string' || value === '') throw refused(`its claim ${claim} is missing or no text`);
  return value;
}

/** A NumericDate (RFC 7519 §2). JSON has numbers that JavaScript reads as infinite, and nothing was issued before 1970. */
function time(payload: Payload, claim: string): number {
  const value = payload[claim];
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw refused(`its claim ${claim} is missing or no time`);
  }
  return value;
}

function audience({ aud }: Payload): void {
  const names: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!names.every((name) => typeof name === 'string' && name !== '')) throw refused('its claim aud is no audience');
}

/** `scope` (RFC 9068 §2.2.3): tokens with single spaces between (RFC 6749 §3.3). Absent or empty, it grants nothing. */
function scopes({ scope }: Payload): ReadonlySet<string> {
  if (scope === undefined) return new Set();
  if (typeof scope !== 'string') throw refused('its claim scope is no text');
  return new Set(scope.split(' ').filter((token) => token !== ''));
}
