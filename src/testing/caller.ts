import { checkOptions, optionsOf } from '../protocol/options/check-options.ts';
import { expectsKind } from '../protocol/options/kinds.ts';
import { type Check, membersOf, type Settings } from '../protocol/options/object.ts';
import { isRecord } from '../protocol/record.ts';
import { parseScope } from '../protocol/scope.ts';

/** A caller of a test. A member that is left out has its default. */
export interface TestCaller {
  /** The ID of the caller's account. `null`: an application without a person. Default `test-account`. */
  readonly account?: string | null;
  /** The client ID of the caller's application. Default `test-application`. */
  readonly application?: string;
  /** The scopes of the token: a list, or a text with one space between them. Default: no scopes. */
  readonly scopes?: string | readonly string[];
  /** Further claims of the token. Default: none. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The authentication context, the claim `acr` (RFC 9470). Default: the token does not have it. */
  readonly acr?: string;
  /**
   * When the person authenticated, the claim `auth_time` (RFC 9470): a date, or seconds since the epoch. Default: the
   * token does not have it.
   */
  readonly authenticatedAt?: Date | number;
}

/** The values that a token of a caller needs besides the caller. */
export interface TokenFrame {
  readonly issuer: string;
  readonly audience: string;
  /** The ID of the token. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly lifetimeSeconds: number;
}

/** The claims that the other members of a caller set, and the claims that the issuer sets. */
const takenClaims: Readonly<Record<string, string>> = {
  sub: 'the member account',
  client_id: 'the member application',
  scope: 'the member scopes',
  iss: 'the option issuer of testIssuer',
  aud: 'the option audience of testIssuer',
  exp: 'the function expired of testIssuer',
  nbf: 'no such claim',
  iat: 'the option clock of testIssuer',
  cnf: 'the function bound of testIssuer',
};

/** From this number on, a time is probably in milliseconds. In seconds, it is in the year 5138. */
const firstMilliseconds = 100_000_000_000;

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

const aTime: Check = expectsKind(
  'a Date, or a number of seconds since the epoch (not of milliseconds)',
  (value) =>
    (value instanceof Date && !Number.isNaN(value.getTime())) ||
    (typeof value === 'number' && value >= 0 && value < firstMilliseconds),
);

const furtherClaims: Check = function* (value, place) {
  if (!isRecord(value)) yield `${place}: expected an object of claims`;
  else {
    for (const name of Object.keys(value)) {
      if (Object.hasOwn(takenClaims, name)) yield `${place}.${name}: expected ${takenClaims[name]} in its place`;
    }
  }
};

/** The members of a caller. */
export const callerSettings: Settings<TestCaller> = {
  account: {
    check: expectsKind('the ID of an account, or null for an application alone', (v) => v === null || isText(v)),
  },
  application: { check: expectsKind('a client ID', isText) },
  scopes: {
    check: expectsKind(
      'scopes with one space between them, or an array of scopes (RFC 6749 §3.3)',
      (value) => scopesIn(value) !== null,
    ),
  },
  claims: { check: furtherClaims },
  acr: { check: expectsKind('the name of an authentication context', isText) },
  authenticatedAt: { check: aTime },
};

const checkCaller = optionsOf<TestCaller>(callerSettings);

/**
 * Returns the payload of the access token that an issuer would issue for a caller (RFC 9068 §2.2).
 *
 * @param name - the name of the calling function, for faults
 * @throws {StartError} with each fault of the caller, for example a mistyped member
 */
export function payloadOf(name: string, caller: TestCaller, frame: TokenFrame): Readonly<Record<string, unknown>> {
  checkOptions(name, caller, checkCaller);
  const { account = 'test-account', application = 'test-application', ...more } = membersOf(callerSettings, caller);
  const issuedAt = Math.floor(frame.now / 1_000);
  const scopes = scopesIn(more.scopes ?? '') ?? [];
  const payload = {
    iss: frame.issuer,
    // A token of an application alone has the client ID as its subject (RFC 9068 §2.2).
    sub: account ?? application,
    aud: frame.audience,
    client_id: application,
    jti: frame.id,
    iat: issuedAt,
    exp: issuedAt + frame.lifetimeSeconds,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(more.acr !== undefined && { acr: more.acr }),
    ...(more.authenticatedAt !== undefined && { auth_time: secondsOf(more.authenticatedAt) }),
    ...more.claims,
  };
  // A token holds JSON. Therefore a principal of a test has the claims as JSON holds them too.
  return JSON.parse(JSON.stringify(payload)) as Readonly<Record<string, unknown>>;
}

/** Returns scopes without duplicates. `null`: the value is malformed. */
function scopesIn(value: unknown): readonly string[] | null {
  if (value === '') return [];
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const scopes = texts.map((text) => (typeof text === 'string' ? parseScope(text) : null));
  return scopes.includes(null) ? null : [...new Set(scopes.flatMap((some) => some ?? []))];
}

function secondsOf(time: Date | number): number {
  return typeof time === 'number' ? time : Math.floor(time.getTime() / 1_000);
}
