import { Provider } from 'oidc-provider';
import type { AuditFact } from '../../audit/facts.ts';
import type { Grant } from '../../identity/grants/grants.ts';
import { takeBackGrant } from '../../identity/grants/revoke.ts';
import { endSession } from '../../identity/sessions/end-sessions.ts';
import type { Store } from '../../store/tables.ts';
import { changingIn, factOf, type Witnesses } from '../audit.ts';

interface Options extends Pick<Witnesses, 'changing'> {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Ends a grant with all that was issued under it, in one transaction with the rows that tell of it. Done again, nothing happens. */
export async function endGrant(options: Options, id: string): Promise<void> {
  await changingIn(options)(
    (transaction) => takeBackGrant(transaction, id, null, options.now()),
    (grant) => grant && factsOf(grant),
  );
}

/** What the end of a grant tells, by the request in which the library ends it. */
function factsOf({ id, accountId, applicationId }: Grant): AuditFact[] {
  const parties = { accountId, clientId: applicationId };
  const detail = `grant ${id}`;
  const { route, params } = Provider.ctx?.oidc ?? {};
  const facts = [factOf('grant_revoked', parties, detail)];
  // At the token endpoint the library revokes a grant for one reason only: its code or refresh token came again.
  if (route === 'token') {
    const isRefresh = params?.['grant_type'] === 'refresh_token';
    facts.unshift(factOf(isRefresh ? 'refresh_reuse' : 'code_reuse', parties, detail));
  }
  // At the revocation endpoint it finds refresh tokens alone: access tokens are JWTs (token-revocation.ts).
  if (route === 'revocation') facts.unshift(factOf('token_revoked', parties, `refresh token, ${detail}`));
  return facts;
}

/**
 * Lets refresh tokens and sessions end in one transaction with what ends with them and the rows that tell of it. The library
 * deletes the refresh token first and ends its grant afterwards, and tells of a session when it is gone.
 *
 * With a session end its access tokens. What was granted in it stays granted, as where a person signs out on a page of ours.
 */
export function endInOneTransaction(provider: Provider, options: Options): void {
  const token: Ends<{ grantId?: string }> = provider.RefreshToken.prototype;
  const destroyToken = token.destroy;
  token.destroy = async function () {
    if (this.grantId !== undefined) await endGrant(options, this.grantId);
    await destroyToken.call(this);
  };
  const session: Ends<{ accountId?: string; uid: string }> = provider.Session.prototype;
  const destroySession = session.destroy;
  session.destroy = async function () {
    const { accountId, uid } = this;
    // No token names a session without an account: every process would remember the end of nothing.
    if (accountId !== undefined) {
      await changingIn(options)(
        (transaction) => endSession(transaction, uid, options.now()),
        () => factOf('sign_out', { accountId }, null),
      );
    }
    await destroySession.call(this);
  };
}

/** A model of the library that can be ended. */
interface Ends<Members> {
  destroy: (this: Members & Ends<Members>) => Promise<void>;
}
