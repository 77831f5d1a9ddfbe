import { genericGrantRequest, tokenRevocation } from 'openid-client';
import { type Connection, idTokenFault, noConnection, wantedScopeFault } from './connection.ts';
import type { TokenResult } from '../own/exchange.ts';
import type { ConnectionIssuers } from './issuers.ts';
import { type OAuthError, oauthError } from '../oauth-error.ts';
import type { ConnectionGrants, EndCause, Seal, SealedToken } from '../ports.ts';
import { type TokenSet, tokenSet } from '../token-set.ts';
import { handleId, isHandle, newHandle } from './transaction.ts';

/** The options of `connectionGrants`. */
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
 * A client may repeat a request. Within this time after the use of a handle, sending the handle again does not end its
 * family. If a handle is sent again later, two parties may have it.
 */
const reuseGraceMs = 10_000;
/** How long a claim lasts. It is longer than a refresh. Afterwards, another process may claim the handle. */
const claimDurationMs = 30_000;

/** Handles the refresh tokens of connections after the authorization code grant. */
export interface ConnectionTokens {
  /**
   * Stores the refresh token and replaces it with a handle. Without a refresh token or without `seal`, replaces it with
   * null.
   */
  handOut(connection: Connection, tokens: TokenSet, subject: string, nonce: string): Promise<TokenSet>;
  /**
   * Makes the refresh token grant (RFC 6749 §6) at the connection's issuer. The handle is used up only when the issuer
   * has answered with tokens. A used handle is refused. Its family is deleted if the issuer answers `invalid_grant`, if
   * `judge` finally refuses the ID token, or if a used handle is sent more than ten seconds after its use.
   *
   * @throws what the store throws
   */
  readonly refresh: (request: RefreshByHandle) => Promise<TokenResult>;
  /**
   * Deletes the family of a handle. The handle may be used already. If the issuer has a revocation endpoint, this
   * method also revokes the refresh token there (RFC 7009). It ignores a text that is not a handle of this connection.
   *
   * @returns the error for an unknown connection, otherwise null
   * @throws what the store throws
   */
  readonly revoke: (request: { readonly connection: string; readonly token: string }) => Promise<OAuthError | null>;
}

interface RefreshByHandle {
  readonly connection: string;
  /** The handle. */
  readonly refreshToken: string;
  /** The requested scopes. Null: all granted scopes. */
  readonly scope: readonly string[] | null;
}

/**
 * Stores the refresh tokens of foreign issuers, encrypted. Callers get handles. Each handle can be used once.
 *
 * One transaction marks a handle as used and adds its successor. If the issuer is not available, the handle stays
 * valid. It also stays valid if this process is killed before the transaction. Another request can then use it after
 * the claim has expired.
 */
export function connectionGrants(options: ConnectionGrantsOptions): ConnectionTokens {
  const { grants, seal, handleLifetimeMs, now, random, connectionOf, issuers } = options;

  function sealed(crypt: Seal, handle: string, grant: StoredGrant) {
    const id = handleId(handle);
    return { id, sealed: crypt.seal(JSON.stringify(grant), purposeOfHandle(id)), expiresAt: now() + handleLifetimeMs };
  }

  /** Decrypts a stored grant. @returns null without a key, or if the decryption fails. A failure is logged */
  function open(connection: Connection, token: SealedToken): StoredGrant | null {
    try {
      return seal && (JSON.parse(seal.open(token.sealed, purposeOfHandle(token.id))) as StoredGrant); // Only this server can seal a value.
    } catch {
      issuers.onFailure({ issuer: connection.issuer, error: 'server_error', reason: 'handle-not-opened' });
      return null;
    }
  }

  /** Revokes a refresh token at an issuer with a revocation endpoint (RFC 7009). Logs a failure, and does not throw it. */
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

  /**
   * Ends a family in the store, and then revokes its refresh token at the issuer. The family ends even if the issuer
   * fails.
   */
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
      // The handle is claimed later. If the issuer is not available, the caller can send the handle again at once.
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
        // With an unknown key, the refresh may succeed later, when the issuer has published the key. Every other fault
        // of the ID token is final.
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
      // If the family was revoked in the meantime, its new refresh token must be revoked too.
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

/** Returns the purpose for which the refresh token of a handle is encrypted. @param id - the hash of the handle */
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
