import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { ClaimgateError } from '../errors.ts';
import { nearestHint } from '../protocol/nearest.ts';
import { shown } from '../protocol/shown.ts';
import type { Sealer } from '../store/connections/sealing.ts';
import { lockForNoKeyUpdate } from '../store/lock.ts';
import { isTokenRevoked } from '../store/token/revocations.ts';
import type { Store } from '../store/tables.ts';
import { type Account, findAccount } from './accounts/accounts.ts';
import type { Application } from './applications/application.ts';
import { findApplications } from './applications/applications.ts';
import { noteAllowed } from './applications/self-registrations.ts';
import { type Grant, saveGrant } from './grants/grants.ts';
import { endOldestGrants } from './grants/oldest-grants.ts';
import { allowedScopes, entitledScopes, type ScopeCatalogue } from './grants/scopes.ts';
import { publishedKeyPairs } from './keys/signing-keys.ts';

/**
 * The longest lifetime of an access token that an operator issues, in seconds: 24 hours. Servers remember a revocation
 * for longer than this.
 */
export const maxOperatorTokenSeconds = 86_400;

/** What an operator issues a token for. */
export interface OperatorTokenRequest {
  readonly accountId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** In seconds, from 1 to `maxOperatorTokenSeconds`. */
  readonly lifetimeSeconds: number;
}

/** The authorization server in whose name the token is issued. */
export interface OperatorTokenServer {
  /** Its public URL. */
  readonly issuer: string;
  /** The audience of its own API. */
  readonly audience: string;
  readonly catalogue: ScopeCatalogue;
  /** Decrypts the signing keys; null: they are stored in clear. */
  readonly sealer: Sealer | null;
}

/** An access token that an operator has issued. */
export interface OperatorToken {
  readonly accessToken: string;
  /** Its `jti`. */
  readonly id: string;
  readonly audience: string;
  readonly account: Account;
  readonly grant: Pick<Grant, 'id' | 'applicationId' | 'scopes' | 'expiresAt'>;
  /** The grants that ended, because the account had too many. */
  readonly ended: readonly Grant[];
}

/**
 * Issues an access token for an account without its consent, for an operator who may change the database. The account
 * gets a grant, which can be revoked like each other grant, and the token ends with it. There is no refresh token. The
 * token has no `auth_time` and no `acr`, because no person authenticated. Therefore rules with `maxAge` or `acr` deny it.
 *
 * Writes no audit facts; the caller writes them in the same transaction.
 *
 * @param now milliseconds since the epoch
 * @throws ClaimgateError `NOT_FOUND` for an unknown account or application, `CONFLICT` for an account or application that
 * cannot get a token, `FORBIDDEN` for a scope that the account cannot grant to the application, `BAD_USER_INPUT` for a
 * lifetime, `KEYS_UNAVAILABLE` if no signing key can be read
 */
export async function issueOperatorToken(
  transaction: Store,
  server: OperatorTokenServer,
  request: OperatorTokenRequest,
  now: number,
): Promise<OperatorToken> {
  const { lifetimeSeconds, scopes } = request;
  if (!Number.isInteger(lifetimeSeconds) || lifetimeSeconds < 1 || lifetimeSeconds > maxOperatorTokenSeconds)
    throw new ClaimgateError('BAD_USER_INPUT', `lifetime: expected 1 to ${maxOperatorTokenSeconds} seconds`);
  const account = await lockedAccount(transaction, request.accountId);
  const application = await lockedApplication(transaction, request.clientId);
  const audience = audienceOf(server, scopes, application, account);
  const issuedAt = Math.floor(now / 1_000);
  const expiresAt = issuedAt + lifetimeSeconds;
  if (await isTokenRevoked(transaction, { token: '', account: account.id, issuedAt: issuedAt * 1_000 })) {
    throw new ClaimgateError(
      'CONFLICT',
      'account: its tokens were revoked within the last 5 s, and tokens of this time are refused; try again in 5 s',
    );
  }
  const grant = {
    id: randomUUID(),
    accountId: account.id,
    applicationId: application.id,
    scopes,
    expiresAt: expiresAt * 1_000,
  };
  // The form in which oidc-provider stores a grant.
  const payload = {
    kind: 'Grant',
    jti: grant.id,
    accountId: account.id,
    clientId: application.id,
    iat: issuedAt,
    exp: expiresAt,
    resources: { [audience]: scopes.join(' ') },
  };
  await saveGrant(transaction, { ...grant, payload }, now);
  await noteAllowed(transaction, application.id, now);
  const ended = await endOldestGrants(transaction, account.id, now);
  const id = randomUUID();
  const accessToken = await signed(transaction, server, now, {
    jti: id,
    sub: account.id,
    iat: issuedAt,
    exp: expiresAt,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    client_id: application.id,
    iss: server.issuer,
    aud: audience,
    grant_id: grant.id,
  });
  return { accessToken, id, audience, account, grant, ended };
}

/** Locks an account until the transaction ends, so that it can lose no role meanwhile. */
async function lockedAccount(transaction: Store, id: string): Promise<Account> {
  const query = transaction.selectFrom('accounts').select('id').where('id', '=', id);
  await lockForNoKeyUpdate(transaction, query).executeTakeFirst();
  const account = await findAccount(transaction, id);
  if (!account) throw new ClaimgateError('NOT_FOUND', 'there is no such account');
  if (account.disabled)
    throw new ClaimgateError('CONFLICT', `account: ${account.email} is disabled, and gets no tokens; enable it first`);
  return account;
}

/** Locks an application until the transaction ends, so that it can lose no scope meanwhile. */
async function lockedApplication(transaction: Store, id: string): Promise<Application> {
  const query = transaction.selectFrom('applications').select('id').where('id', '=', id);
  await lockForNoKeyUpdate(transaction, query).executeTakeFirst();
  const [application] = await findApplications(transaction, [id]);
  if (!application) throw new ClaimgateError('NOT_FOUND', `application: there is no application ${shown(id)}`);
  if (application.dpopBoundAccessTokens) {
    throw new ClaimgateError(
      'CONFLICT',
      `application: each token of ${id} is bound to a key of the application (DPoP), which only the application has; expected another application`,
    );
  }
  if (!application.grantTypes.includes('authorization_code')) {
    throw new ClaimgateError(
      'CONFLICT',
      `application: ${id} gets no tokens for accounts; expected an application with the grant type authorization_code`,
    );
  }
  return application;
}

/**
 * Returns the audience of the API that has the scopes.
 *
 * @throws ClaimgateError `FORBIDDEN` that names every scope which the account cannot grant to the application
 */
function audienceOf(
  { catalogue, audience }: OperatorTokenServer,
  scopes: readonly string[],
  application: Application,
  account: Account,
): string {
  const allowed = allowedScopes(catalogue, application.scopes);
  const entitled = entitledScopes(catalogue, account.roles);
  const faults = scopes.flatMap((name) => {
    const entry = catalogue.get(name);
    if (!entry) {
      const known = [...allowed.intersection(entitled)];
      return [
        `the server has no scope "${shown(name)}"; expected some of ${known.join(', ')}${nearestHint(name, known)}`,
      ];
    }
    if (!entitled.has(name))
      return [`"${name}" needs the role ${entry.roles?.join(' or ')}, which ${account.email} does not have`];
    return allowed.has(name) ? [] : [`the application ${application.id} may not request "${name}"`];
  });
  if (faults.length > 0) throw new ClaimgateError('FORBIDDEN', `scope: ${faults.join('; ')}`);
  const audiences = new Set(scopes.map((name) => catalogue.get(name)?.audience ?? audience));
  if (audiences.size > 1) {
    const named = [...audiences].join(' and ');
    throw new ClaimgateError('BAD_USER_INPUT', `scope: expected scopes of one API; found scopes of ${named}`);
  }
  return [...audiences][0] ?? audience;
}

/** Signs an access token (RFC 9068) with the key that signs at this time. */
async function signed(
  transaction: Store,
  { sealer }: OperatorTokenServer,
  now: number,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const [{ kid, alg, privateJwk }] = await publishedKeyPairs(transaction, sealer, now).catch((cause: unknown) => {
    if (cause instanceof ClaimgateError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ClaimgateError(
      'KEYS_UNAVAILABLE',
      `the signing keys cannot be read: expected the CLAIMGATE_KEY of the servers on this database, and one start of a server; ${reason}`,
      { cause },
    );
  });
  return new SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'at+jwt' }).sign(await importJWK(privateJwk, alg));
}
