import { Provider } from 'oidc-provider';
import type { AuditFact } from '../../audit/facts.ts';
import type { Grant } from '../../identity/grants/grants.ts';
import { takeBackGrant } from '../../identity/grants/revoke.ts';
import { endSession } from '../../identity/sessions/end-sessions.ts';
import type { Store } from '../../store/tables.ts';
import { changingIn, factOf, type AuditOptions } from '../audit.ts';

interface EndingOptions extends Pick<AuditOptions, 'changing'> {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Revokes a grant with its codes and tokens, and writes the audit facts in the same transaction. If the grant has
 * already ended, nothing happens.
 */
export async function endGrant(options: EndingOptions, id: string): Promise<void> {
  await changingIn(options)(
    (transaction) => takeBackGrant(transaction, id, null, options.now()),
    (grant) => grant && factsOf(grant),
  );
}

/** Returns the facts about the end of a grant. They depend on the present request. */
function factsOf({ id, accountId, applicationId }: Grant): AuditFact[] {
  const parties = { accountId, clientId: applicationId };
  const detail = `grant ${id}`;
  const { route, params } = Provider.ctx?.oidc ?? {};
  const facts = [factOf('grant_revoked', parties, detail)];
  // At the token endpoint, the library revokes a grant only if a code or refresh token was sent again.
  if (route === 'token') {
    const isRefresh = params?.['grant_type'] === 'refresh_token';
    facts.unshift(factOf(isRefresh ? 'refresh_reuse' : 'code_reuse', parties, detail));
  }
  // At the revocation endpoint, the library finds refresh tokens only. Access tokens are JWTs
  // (endpoints/revocation.ts).
  if (route === 'revocation') facts.unshift(factOf('token_revoked', parties, `refresh token, ${detail}`));
  return facts;
}

/**
 * Makes the library end a refresh token or a session in one transaction. The same transaction ends everything that
 * depends on it, and writes the audit facts. Without this, the library would delete a refresh token first and its grant
 * later. It would report the end of a session after the deletion.
 *
 * The access tokens of a session end with it. Its grants stay valid.
 */
export function endInOneTransaction(provider: Provider, options: EndingOptions): void {
  const token: Endable<{ grantId?: string }> = provider.RefreshToken.prototype;
  const destroyToken = token.destroy;
  token.destroy = async function () {
    if (this.grantId !== undefined) await endGrant(options, this.grantId);
    await destroyToken.call(this);
  };
  const session: Endable<{ accountId?: string; uid: string }> = provider.Session.prototype;
  const destroySession = session.destroy;
  session.destroy = async function () {
    const { accountId, uid } = this;
    // No token names a session without an account, so its end needs no revocation.
    if (accountId !== undefined) {
      await changingIn(options)(
        (transaction) => endSession(transaction, uid, options.now()),
        () => factOf('sign_out', { accountId }, null),
      );
    }
    await destroySession.call(this);
  };
}

/** The method of the library's models that ends an object. */
interface Endable<Members> {
  destroy: (this: Members & Endable<Members>) => Promise<void>;
}
