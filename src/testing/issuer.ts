import { randomUUID } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import { localKeys } from '../issuer/key-source.ts';
import { testKeyMember } from '../issuer/test-issuer.ts';
import { anonymous, type Principal } from '../principal.ts';
import { checkOptions, optionsOf } from '../protocol/options/check-options.ts';
import { aBoolean, aFunction, expectsKind, seconds } from '../protocol/options/kinds.ts';
import { membersOf, type Settings } from '../protocol/options/object.ts';
import { createProofChecker, type ProofChecker } from '../token/dpop/proof.ts';
import { memoryReplays } from '../token/dpop/replays.ts';
import type { IssuerOptions } from '../token/issuers/options.ts';
import { createRevocations, type Revocations } from '../token/revocation/revocations.ts';
import { type BoundToken, boundToken } from './bound.ts';
import { payloadOf, type TestCaller } from './caller.ts';
import { defaults, principalOfPayload } from './principal.ts';
import { refuseInProduction } from './production.ts';
import { newSigningPair, signed, type SigningPair, thumbprintOf } from './signing.ts';

/** The options of `testIssuer`. */
export interface TestIssuerOptions {
  /** The value of `iss`. Default `https://issuer.test`. */
  readonly issuer?: string;
  /** The value of `aud`: the URL of the API. Default `https://api.test/graphql`. */
  readonly audience?: string;
  /** The time, in milliseconds since the epoch, for example a `testClock()`. Default `Date.now`. */
  readonly clock?: () => number;
  /** Whether the subjects of the issuer are the accounts of the API. Default `true`. */
  readonly primary?: boolean;
  /** The lifetime of tokens, in seconds. Default 600. */
  readonly lifetimeSeconds?: number;
}

/** An issuer in memory. It needs no network. */
export interface TestIssuer {
  /** The value of `iss`. */
  readonly issuer: string;
  /** The value of `aud`. */
  readonly audience: string;
  /**
   * Options of `createGuardedApi` and `createVerifier`. An API with these options accepts the tokens of this issuer,
   * uses its clock, refuses its revoked tokens and accepts its bound tokens.
   */
  readonly verification: {
    readonly issuers: readonly [IssuerOptions];
    readonly clock: () => number;
    readonly revocations: Revocations;
    readonly proofs: ProofChecker;
  };
  /** The public keys. */
  readonly jwks: JSONWebKeySet;
  /** Makes the principal of a caller, as a verifier makes it of the caller's token. `null`: the anonymous caller. */
  readonly as: (caller?: TestCaller | null) => Principal;
  /** Issues a valid access token (RFC 9068). */
  readonly token: (caller?: TestCaller) => string;
  /** Issues a token that has expired one hour ago. */
  readonly expired: (caller?: TestCaller) => string;
  /** Returns a token of another issuer, which signs with its own key. */
  readonly foreign: (caller?: TestCaller) => string;
  /** Returns a token that names this issuer, but another key has signed it. */
  readonly forged: (caller?: TestCaller) => string;
  /** Issues a token and revokes it. The API must have the option `revocations` of `verification`. */
  readonly revoked: (caller?: TestCaller) => string;
  /** Issues a token that is bound to a new key (RFC 9449). The API must have the option `proofs` of `verification`. */
  readonly bound: (caller?: TestCaller) => BoundToken;
}

const settings: Settings<TestIssuerOptions> = {
  issuer: { check: expectsKind('a text for iss', (value) => typeof value === 'string' && value !== '') },
  audience: { check: expectsKind('a text for aud', (value) => typeof value === 'string' && value !== '') },
  clock: { check: aFunction },
  primary: { check: aBoolean },
  lifetimeSeconds: { check: seconds({ above: 0 }) },
};

const checkIssuerOptions = optionsOf<TestIssuerOptions>(settings);

/** How long ago an expired token has expired, in seconds. It is more than every clock tolerance. */
const expiredForSeconds = 3_600;

/**
 * Makes an issuer in memory for tests.
 *
 * @throws {StartError} with each fault of the options. Its functions throw it for each fault of a caller
 * @throws {Error} with `NODE_ENV=production`
 */
export function testIssuer(options: TestIssuerOptions = {}): TestIssuer {
  refuseInProduction('testIssuer');
  checkOptions('testIssuer', options, checkIssuerOptions);
  const given = { ...defaults, clock: Date.now, primary: true, ...membersOf(settings, options) };
  const { issuer, audience, clock, primary, lifetimeSeconds } = given;
  const own = newSigningPair();
  const other = newSigningPair();
  // `claimgate start` refuses keys with this member.
  const keys = { keys: [{ ...own.publicJwk, [testKeyMember]: true }] };
  const revocations = createRevocations({ clock });

  function payload(name: string, caller: TestCaller, secondsAgo = 0): Readonly<Record<string, unknown>> {
    // A program may read the variables of its environment from a file after it has made the issuer.
    refuseInProduction(`${name} of testIssuer`);
    const now = clock() - secondsAgo * 1_000;
    return payloadOf(name, caller, { issuer, audience, lifetimeSeconds, now, id: randomUUID() });
  }
  const jwt = (pair: SigningPair, claims: object): string =>
    signed(pair, { alg: 'ES256', typ: 'at+jwt', kid: own.publicJwk.kid }, claims);

  return {
    issuer,
    audience,
    verification: {
      issuers: [{ issuer, audience: [audience], algorithms: ['ES256'], keys: localKeys(() => keys), primary }],
      clock,
      revocations,
      proofs: createProofChecker({ replays: memoryReplays({ clock }), clock }),
    },
    jwks: keys,
    as: (caller = {}) => (caller === null ? anonymous : principalOfPayload(payload('as', caller), primary)),
    token: (caller = {}) => jwt(own, payload('token', caller)),
    expired: (caller = {}) => jwt(own, payload('expired', caller, lifetimeSeconds + expiredForSeconds)),
    foreign: (caller = {}) => jwt(other, { ...payload('foreign', caller), iss: `${issuer}/foreign` }),
    forged: (caller = {}) => jwt(other, payload('forged', caller)),
    revoked(caller = {}) {
      const claims = payload('revoked', caller);
      const expiresAt = clock() + lifetimeSeconds * 1_000;
      revocations.add([{ kind: 'token', issuer, id: String(claims['jti']), issuedUntil: expiresAt, expiresAt }]);
      return jwt(own, claims);
    },
    bound(caller = {}) {
      const holder = newSigningPair();
      const token = jwt(own, { ...payload('bound', caller), cnf: { jkt: thumbprintOf(holder) } });
      return boundToken(token, holder, { url: audience, clock });
    },
  };
}
