import { randomUUID } from 'node:crypto';
import { importJWK, type JWTPayload, SignJWT } from 'jose';
import type { Config } from '../../config.ts';
import { StartError } from '../../errors.ts';
import { findAccountByEmail } from '../../identity/accounts/accounts.ts';
import { findApplications } from '../../identity/applications/applications.ts';
import { firstPartyClientId } from '../../identity/applications/first-party.ts';
import { revokeAccessToken } from '../../identity/grants/access-tokens.ts';
import { grantableScopes, openScopes } from '../../identity/grants/scopes.ts';
import { publishedKeyPairs } from '../../identity/keys/signing-keys.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import { scopeTokens } from '../../protocol/scope.ts';
import type { Administration } from '../../server/administration.ts';
import { type BoundToken, boundToken } from '../bound.ts';
import { payloadOf, type TestCaller } from '../caller.ts';
import { newSigningPair, thumbprintOf } from '../signing.ts';

/** The access tokens of a server on a test database. */
export interface ServerTokens {
  /**
   * Issues an access token that the server's own key signs. `account` of the caller is an email address, and
   * `application` a name of the option `applications` or a client ID. Default: the administrator, with the application
   * `claimgate`. The token belongs to no grant.
   *
   * @throws {StartError} for an account or application that the server does not have, and for a scope that they cannot
   * get from it, for example because the account lacks the role
   */
  readonly token: (caller?: TestCaller) => Promise<string>;
  /** Issues a token that has expired one hour ago. */
  readonly expired: (caller?: TestCaller) => Promise<string>;
  /** Issues a token, revokes it, and waits until the server refuses it. */
  readonly revoked: (caller?: TestCaller) => Promise<string>;
  /** Issues a token that is bound to a new key (RFC 9449). Its proofs are for the API endpoint. */
  readonly bound: (caller?: TestCaller) => Promise<BoundToken>;
}

/** What the tokens of a server are made of. */
interface TokensOptions {
  readonly config: Config;
  readonly administration: Administration;
  /** The client IDs of the applications that the test has named. */
  readonly applications: ReadonlyMap<string, string>;
  /** Whether the server accepts a token. */
  readonly accepts: (token: string) => Promise<boolean>;
}

/** How long ago an expired token has expired, in milliseconds. */
const expiredForMs = 3_600_000;
/** How long the server may take to refuse a revoked token, in milliseconds. */
const revocationTimeoutMs = 10_000;

/** Makes the functions that issue tokens of a server. */
export function serverTokens({ config, administration, applications, accepts }: TokensOptions): ServerTokens {
  const { store, catalogue, keys } = administration;
  const { publicUrl, audience, adminEmail, lifetimes } = config;

  async function claimsOf(name: string, caller: TestCaller, issuedAgoMs = 0): Promise<JWTPayload> {
    const { account: email = adminEmail, application: named = firstPartyClientId } = caller;
    const clientId = applications.get(named) ?? named;
    const frame = {
      issuer: publicUrl,
      audience,
      id: randomUUID(),
      now: Date.now() - issuedAgoMs,
      lifetimeSeconds: lifetimes.access,
    };
    const claims = payloadOf(name, { ...caller, account: email, application: clientId }, frame);
    const [application] = await findApplications(store, [clientId]);
    if (!application) throw unknownName(name, 'application', named, [...applications.keys(), firstPartyClientId]);
    const account = email === null ? null : await findAccountByEmail(store, email);
    if (email !== null && !account) throw unknownName(name, 'account', email, []);
    const possible = account
      ? grantableScopes(catalogue, application.scopes, account.roles)
      : openScopes(catalogue).intersection(grantableScopes(catalogue, application.scopes, []));
    const { scope } = claims;
    for (const one of typeof scope === 'string' ? scopeTokens(scope) : []) {
      if (!possible.has(one)) throw unavailableScope(name, one, possible, catalogue.get(one)?.roles);
    }
    return { ...claims, ...(account && { sub: account.id }) };
  }

  async function signedToken(claims: JWTPayload): Promise<string> {
    const [{ kid, alg, privateJwk }] = await publishedKeyPairs(store, keys.sealer, Date.now());
    const header = { alg, kid, typ: 'at+jwt' };
    return new SignJWT(claims).setProtectedHeader(header).sign(await importJWK(privateJwk, alg));
  }

  return {
    token: async (caller = {}) => signedToken(await claimsOf('token', caller)),
    expired: async (caller = {}) =>
      signedToken(await claimsOf('expired', caller, lifetimes.access * 1_000 + expiredForMs)),
    async revoked(caller = {}) {
      const claims = await claimsOf('revoked', caller);
      const token = await signedToken(claims);
      await revokeAccessToken(store, claims.jti ?? '', Date.now(), (claims.exp ?? 0) * 1_000);
      const deadline = Date.now() + revocationTimeoutMs;
      while (await accepts(token)) {
        if (Date.now() > deadline) throw new Error('revoked: the server has not refused the revoked token in time');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return token;
    },
    async bound(caller = {}) {
      const holder = newSigningPair();
      const claims = await claimsOf('bound', caller);
      const token = await signedToken({ ...claims, cnf: { jkt: thumbprintOf(holder) } });
      return boundToken(token, holder, { url: `${publicUrl}/graphql`, clock: Date.now });
    },
  };
}

function unknownName(name: string, what: string, found: string, known: readonly string[]): StartError {
  const expected = known.length > 0 ? `; expected one of ${known.join(', ')}` : '; expected one of its accounts';
  return new StartError([`${name}: the server has no ${what} ${found}${expected}${nearestHint(found, known)}`]);
}

function unavailableScope(
  name: string,
  scope: string,
  possible: ReadonlySet<string>,
  roles: readonly string[] | undefined,
): StartError {
  const role = roles ? `, which needs the role ${roles.join(' or ')}` : '';
  return new StartError([
    `${name}: the scope "${scope}"${role} is not one that the account can grant to the application; expected some of ${[...possible].join(', ')}${nearestHint(scope, possible)}`,
  ]);
}
