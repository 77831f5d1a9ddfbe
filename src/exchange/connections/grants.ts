import { genericGrantRequest, tokenRevocation } from 'openid-client';
import { type Connection, idTokenFault, noConnection, wantedScopeFault } from './connection.ts';
import type { TokenResult } from '../own/exchange.ts';
import type { ConnectionIssuers } from './issuers.ts';
import { type OAuthError, oauthError } from '../oauth-error.ts';
import type { ConnectionGrants, EndCause, Seal, SealedToken } from '../ports.ts';
import { type TokenSet, tokenSet } from '../token-set.ts';
import { handleId, isHandle, newHandle } from './transaction.ts';

/** What `createConnections` passes in. */
export interface ConnectionGrantsOptions {
  readonly grants: ConnectionGrants;
  /** Null: refresh tokens are not stored. */
  readonly seal: Seal | null;
  readonly handleLifetimeMs: number;
  readonly now: () => number;
  readonly random: (bytes: number) => Buffer;
  readonly connectionOf: (name: string) => Connection | null;
  readonly issuers: ConnectionIssuers;
}

/** The value that is stored for a handle. */
interface StoredGrant {
  readonly refreshToken: string;
  /** `sub` and `nonce` of the first ID token. */
  readonly subject: string;
  readonly nonce: string;
}

/**
 * How long after its use a handle may be sent again without ending its family: the client may repeat a request. A later use means that
 * two parties have the handle.
 */
const reuseGraceMs = 10_000;
/** How long a claim lasts: longer than all calls of one use take. Afterwards the process that claimed the handle counts as dead. */
const claimDurationMs = 30_000;

/** What happens to the tokens of connections after the authorization code grant. */
export interface ConnectionTokens {
  /** Stores the refresh token and replaces it with a handle; with null where there is no refresh token or no key is configured. */
  handOut(connection: Connection, tokens: TokenSet, subject: string, nonce: string): Promise<TokenSet>;
  /**
   * Makes the refresh token grant (RFC 6749 §6) at the connection's issuer for the holder of a handle. Only an answer with tokens uses
   * the handle up. A second use is refused. If it comes more than ten seconds after the first, it also ends the family.
   *
   * @throws what the store throws
   */
  readonly refresh: (request: RefreshByHandle) => Promise<TokenResult>;
  /**
   * Ends the family of a handle, which may be used already. Also revokes the refresh token at the issuer (RFC 7009), if the issuer has
   * a revocation endpoint. Succeeds and does nothing for a text that is not a handle of this connection.
   *
   * @returns what is wrong with the request; null otherwise
   * @throws what the store throws
   */
  readonly revoke: (request: { readonly connection: string; readonly token: string }) => Promise<OAuthError | null>;
}

interface RefreshByHandle {
  readonly connection: string;
  /** The handle. */
  readonly refreshToken: string;
  /** The requested scopes; null: all that were granted. */
  readonly scope: readonly string[] | null;
}

/**
 * Keeps the refresh tokens of issuers elsewhere, encrypted. Callers get handles that work once.
 *
 * One transaction marks a handle as used and adds its successor. If the issuer is not available or this process is killed before that,
 * the handle stays valid, and another request can use it once the claim has expired.
 */
export function connectionGrants(options: ConnectionGrantsOptions): ConnectionTokens {
  const { grants, seal, handleLifetimeMs, now, random, connectionOf, issuers } = options;

  function sealed(crypt: Seal, handle: string, grant: StoredGrant) {
    const id = handleId(handle);
    return { id, sealed: crypt.seal(JSON.stringify(grant), purposeOfHandle(id)), expiresAt: now() + handleLifetimeMs };
  }

  /** Decrypts a stored grant. @returns null where the key is not configured any more, which is reported to the log */
  function open(connection: Connection, token: SealedToken): StoredGrant | null {
    try {
      return seal && (JSON.parse(seal.open(token.sealed, purposeOfHandle(token.id))) as StoredGrant); // Only this server can seal a value.
    } catch {
      issuers.onFailure({ issuer: connection.issuer, error: 'server_error', reason: 'handle-not-opened' });
      return null;
    }
  }

  /** Revokes a refresh token at the issuer (RFC 7009). Reports a failure to the log, and does not throw it. */
  async function revokeUpstream(connection: Connection, refreshToken: string): Promise<void> {
    const upstream = await issuers.upstreamOf(connection);
    if ('error' in upstream || upstream.metadata.revocationEndpoint === null) return;
    try {
      const hint = { token_type_hint: 'refresh_token' };
      await tokenRevocation(issuers.clientOf(connection, upstream), refreshToken, hint);
    } catch (error) {
      issuers.failed(connection.issuer, error);
    }
  }

  /** Ends a family here first, so that no later failure can keep it alive. Then revokes its token at the issuer. */
  async function end(connection: Connection, family: string, cause: EndCause): Promise<void> {
    const token = await grants.end(family, cause);
    const grant = token && open(connection, token);
    if (grant) await revokeUpstream(connection, grant.refreshToken);
  }

  return {
    async handOut(connection, tokens, subject, nonce) {
      const { refreshToken } = tokens;
      if (refreshToken === null || !seal) return { ...tokens, refreshToken: null };
      const handle = newHandle(random);
      const family = random(16).toString('base64url');
      const stored = sealed(seal, handle, { refreshToken, subject, nonce });
      await grants.add({ ...stored, family, connection: connection.name });
      return { ...tokens, refreshToken: handle };
    },

    async refresh(request) {
      const connection = connectionOf(request.connection);
      if (!connection) return refused(noConnection);
      const fault = request.scope && wantedScopeFault(connection, request.scope);
      if (fault) return refused(fault);
      if (!isHandle(request.refreshToken) || !seal) return refused(noHandle);
      // The handle is not claimed yet: while the issuer is not available, no caller has to wait for a claim to expire.
      const upstream = await issuers.upstreamOf(connection);
      if ('error' in upstream) return refused(upstream);

      const id = handleId(request.refreshToken);
      const at = now();
      const until = at + claimDurationMs;
      const claim = await grants.claim(id, connection.name, at, until);
      if (claim.is === 'busy') return refused(inUse);
      if (claim.is === 'spent' && Math.abs(at - claim.at) > reuseGraceMs) await end(connection, claim.family, 'reused');
      if (claim.is !== 'claimed') return refused(noHandle);
      const grant = open(connection, { id, sealed: claim.sealed });
      if (!grant) {
        await grants.release(id, until);
        return refused(oauthError('server_error', 'What stands behind this handle cannot be read.'));
      }

      let answer: TokenSet;
      try {
        answer = tokenSet(
          await genericGrantRequest(issuers.clientOf(connection, upstream), 'refresh_token', {
            refresh_token: grant.refreshToken,
            ...(request.scope && { scope: request.scope.join(' ') }),
            ...(connection.resource !== undefined && { resource: connection.resource }),
          }),
        );
      } catch (error) {
        const failure = issuers.failed(connection.issuer, error);
        await (failure.error === 'invalid_grant' ? grants.end(claim.family, 'refused') : grants.release(id, until));
        return refused(failure);
      }
      const next: StoredGrant = { ...grant, refreshToken: answer.refreshToken ?? grant.refreshToken };
      const { idToken, accessToken } = answer;
      const verdict =
        idToken === null ? null : await issuers.judge(connection, upstream, idToken, { ...grant, accessToken });
      if (verdict && !verdict.ok) {
        // A token of an unknown key may be valid once the key is published. Any other invalid token is not for this sign-in.
        if (verdict.reason === 'unknown-key') {
          await grants.release(id, until, seal.seal(JSON.stringify(next), purposeOfHandle(id)));
        } else {
          await grants.end(claim.family, 'refused');
          await revokeUpstream(connection, next.refreshToken);
        }
        return refused(idTokenFault(connection.issuer, verdict.reason, issuers.onFailure));
      }

      const successor = newHandle(random);
      if (await grants.rotate(id, until, sealed(seal, successor, next), now())) {
        return { ok: true, tokens: { ...answer, refreshToken: successor } };
      }
      // The family was revoked in the meantime: its new refresh token must be revoked too.
      if (!(await grants.find(id, connection.name))) await revokeUpstream(connection, next.refreshToken);
      return refused(noHandle);
    },

    async revoke(request) {
      const connection = connectionOf(request.connection);
      if (!connection) return noConnection;
      if (!isHandle(request.token)) return null;
      const found = await grants.find(handleId(request.token), connection.name);
      if (found) await end(connection, found, 'revoked');
      return null;
    },
  };
}

/** Returns the purpose for which the refresh token of a handle is encrypted. @param id the hash of the handle */
export function purposeOfHandle(id: string): string {
  return `refresh token of handle ${id}`;
}

const noHandle = oauthError(
  'invalid_grant',
  'The refresh handle is unknown, expired, already used, revoked, or of another connection.',
);
const inUse = oauthError(
  'temporarily_unavailable',
  'The refresh handle is being used by another request at this moment: use the one that it gives, or try again.',
);

function refused(error: OAuthError): { readonly ok: false; readonly error: OAuthError } {
  return { ok: false, error };
}
