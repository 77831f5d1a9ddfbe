import { genericGrantRequest, tokenRevocation } from 'openid-client';
import { type Connection, idTokenFault, noConnection, wantedScopeFault } from './connection.ts';
import type { TokenResult } from '../own/exchange.ts';
import type { ConnectionIssuers } from './issuers.ts';
import { type OAuthError, oauthError } from '../oauth-error.ts';
import type { ConnectionGrants, EndCause, Seal, SealedToken } from '../ports.ts';
import { type TokenSet, tokenSet } from '../token-set.ts';
import { handleId, isHandle, newHandle } from './transaction.ts';

/** What this part needs of the other: `createConnections` puts both together. */
export interface ConnectionGrantsOptions {
  readonly grants: ConnectionGrants;
  /** Null: no refresh token is kept. */
  readonly seal: Seal | null;
  /** Milliseconds. */
  readonly handleLifetime: number;
  readonly now: () => number;
  readonly random: (bytes: number) => Buffer;
  readonly connectionOf: (name: string) => Connection | null;
  readonly issuers: ConnectionIssuers;
}

/** What stands behind a handle. */
interface Kept {
  readonly refreshToken: string;
  /** `sub` and `nonce` of the first ID token. */
  readonly subject: string;
  readonly nonce: string;
}

/** A later use than this after the one that worked means that two have the handle, and ends the family, in milliseconds. */
const grace = 10_000;
/** After this whoever uses a handle is taken for dead, in milliseconds: longer than all calls of one use take. */
const claimDuration = 30_000;

/** What is done with the tokens of connections, once they were had. */
export interface ConnectionTokens {
  /** Keeps the refresh token that came with tokens, and puts a handle in its place; null where none came or no key is configured. */
  handOut(connection: Connection, tokens: TokenSet, subject: string, nonce: string): Promise<TokenSet>;
  /**
   * The refresh token grant (RFC 6749 §6) at the connection's issuer, for the holder of a handle. The handle is used up by an answer
   * that holds tokens, and by that alone. Used again within ten seconds it is refused; later, its family is ended.
   *
   * @throws what the store throws
   */
  readonly refresh: (request: RefreshByHandle) => Promise<TokenResult>;
  /**
   * Ends the family of a handle, used up or not, at once; and tells the issuer (RFC 7009), where it can be told. Succeeds for whatever
   * is no handle of this connection, and does nothing then.
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
  /** The scopes wanted; null: those that were granted. */
  readonly scope: readonly string[] | null;
}

/**
 * The foreign refresh tokens: they stay here, encrypted, and callers hold handles that work once.
 *
 * A handle is used up in the same transaction that makes its successor, and not before: whatever comes between (the issuer away,
 * this process killed) it stays good, for the next who asks once the claim has run out.
 */
export function connectionGrants(options: ConnectionGrantsOptions): ConnectionTokens {
  const { grants, seal, handleLifetime, now, random, connectionOf, issuers } = options;

  function sealed(crypt: Seal, handle: string, kept: Kept) {
    const id = handleId(handle);
    return { id, sealed: crypt.seal(JSON.stringify(kept), purposeOfHandle(id)), expiresAt: now() + handleLifetime };
  }

  /** @returns null where it was sealed with a key that is not here any more, which the log is told */
  function open(connection: Connection, token: SealedToken): Kept | null {
    try {
      return seal && (JSON.parse(seal.open(token.sealed, purposeOfHandle(token.id))) as Kept); // Sealed by us: nobody else could.
    } catch {
      issuers.onFailure({ issuer: connection.issuer, error: 'server_error', reason: 'handle-not-opened' });
      return null;
    }
  }

  /** RFC 7009, as far as it can be done: where it cannot, the log is told. */
  async function revokeThere(connection: Connection, refreshToken: string): Promise<void> {
    const upstream = await issuers.upstreamOf(connection);
    if ('error' in upstream || upstream.metadata.revocationEndpoint === null) return;
    try {
      const hint = { token_type_hint: 'refresh_token' };
      await tokenRevocation(issuers.clientOf(connection, upstream), refreshToken, hint);
    } catch (error) {
      issuers.failed(connection.issuer, error);
    }
  }

  /** First ours, so that it is over whatever happens next; then theirs. */
  async function end(connection: Connection, family: string, cause: EndCause): Promise<void> {
    const token = await grants.end(family, cause);
    const kept = token && open(connection, token);
    if (kept) await revokeThere(connection, kept.refreshToken);
  }

  return {
    async handOut(connection, tokens, subject, nonce) {
      const { refreshToken } = tokens;
      if (refreshToken === null || !seal) return { ...tokens, refreshToken: null };
      const handle = newHandle(random);
      const family = random(16).toString('base64url');
      const kept = sealed(seal, handle, { refreshToken, subject, nonce });
      await grants.add({ ...kept, family, connection: connection.name });
      return { ...tokens, refreshToken: handle };
    },

    async refresh(request) {
      const connection = connectionOf(request.connection);
      if (!connection) return refused(noConnection);
      const fault = request.scope && wantedScopeFault(connection, request.scope);
      if (fault) return refused(fault);
      if (!isHandle(request.refreshToken) || !seal) return refused(noHandle);
      // Before the handle is claimed: while the issuer is away nobody waits for a claim to run out.
      const upstream = await issuers.upstreamOf(connection);
      if ('error' in upstream) return refused(upstream);

      const id = handleId(request.refreshToken);
      const at = now();
      const until = at + claimDuration;
      const claim = await grants.claim(id, connection.name, at, until);
      if (claim.is === 'busy') return refused(inUse);
      if (claim.is === 'spent' && Math.abs(at - claim.at) > grace) await end(connection, claim.family, 'reused');
      if (claim.is !== 'claimed') return refused(noHandle);
      const kept = open(connection, { id, sealed: claim.sealed });
      if (!kept) {
        await grants.release(id, until);
        return refused(oauthError('server_error', 'What stands behind this handle cannot be read.'));
      }

      let answer: TokenSet;
      try {
        answer = tokenSet(
          await genericGrantRequest(issuers.clientOf(connection, upstream), 'refresh_token', {
            refresh_token: kept.refreshToken,
            ...(request.scope && { scope: request.scope.join(' ') }),
            ...(connection.resource !== undefined && { resource: connection.resource }),
          }),
        );
      } catch (error) {
        const told = issuers.failed(connection.issuer, error);
        await (told.error === 'invalid_grant' ? grants.end(claim.family, 'refused') : grants.release(id, until));
        return refused(told);
      }
      const next: Kept = { ...kept, refreshToken: answer.refreshToken ?? kept.refreshToken };
      const { idToken, accessToken } = answer;
      const verdict =
        idToken === null ? null : await issuers.judge(connection, upstream, idToken, { ...kept, accessToken });
      if (verdict && !verdict.ok) {
        // What cannot be judged today may be tomorrow; what is wrong is of somebody else.
        if (verdict.reason === 'unknown-key') {
          await grants.release(id, until, seal.seal(JSON.stringify(next), purposeOfHandle(id)));
        } else {
          await grants.end(claim.family, 'refused');
          await revokeThere(connection, next.refreshToken);
        }
        return refused(idTokenFault(connection.issuer, verdict.reason, issuers.onFailure));
      }

      const successor = newHandle(random);
      if (await grants.rotate(id, until, sealed(seal, successor, next), now())) {
        return { ok: true, tokens: { ...answer, refreshToken: successor } };
      }
      // Revoked meanwhile: nothing of it may live on.
      if (!(await grants.find(id, connection.name))) await revokeThere(connection, next.refreshToken);
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

/** What is encrypted for a handle. @param id its hash */
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
