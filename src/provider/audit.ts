import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { isOutage } from '../errors.ts';
import { auditEventKind, type AuditType } from '../audit/event-types.ts';
import type { AuditFact } from '../audit/facts.ts';
import type { Changing, Recording } from '../audit/writer.ts';
import type { Store } from '../store/tables.ts';
import { inTransaction } from '../store/transaction.ts';

/** Who hears of what the authorization server does. `record` and `onExchange` may not throw. */
export interface Witnesses {
  /** Makes a change and writes its fact into the audit trail, in one transaction. Default: nothing is written. */
  readonly changing?: Changing;
  /** Lets the change that some work makes through `changing` write a fact. Default: nothing is written. */
  readonly recording?: Recording;
  /** Takes a fact for the audit trail of what is no change of its own. Default: nobody. */
  readonly record?: (fact: AuditFact) => void;
  /** Hears of each request to the token endpoint: the grant type as it was sent, and `ok` or the error code. Default: nobody. */
  readonly onExchange?: (grantType: string, outcome: string) => void;
}

/** How something is changed: with the audit trail where there is one, in one transaction. */
export function changingIn({ store, changing }: { readonly store: Store } & Pick<Witnesses, 'changing'>): Changing {
  return changing ?? ((change) => inTransaction(store, change));
}

/** How work is done that a change of `changingIn` tells of. */
export function recordingIn({ recording }: Pick<Witnesses, 'recording'>): Recording {
  return recording ?? ((_fact, work) => work());
}

/** A fact about an account and an application, of which there is nothing in the schema. */
export function factOf(
  type: AuditType,
  {
    accountId = null,
    clientId = null,
  }: { accountId?: string | null | undefined; clientId?: string | null | undefined },
  detail: string | null,
): AuditFact {
  const { outcome = 'allowed' } = auditEventKind(type);
  return { type, outcome, coordinate: null, rule: null, accountId, clientId, detail };
}

/**
 * Tells of requests to the token endpoint. Rows of issued tokens are noted and written together within a second: a transaction for
 * each would take half as much again of the processor as the whole exchange takes.
 *
 * Nothing of a row holds what a caller wrote.
 */
export function witness(provider: Provider, { record = () => {}, onExchange = () => {} }: Witnesses): void {
  provider.on('grant.success', (ctx) => {
    const grantType = grantTypeOf(ctx);
    onExchange(grantType, 'ok');
    const type = grantType === 'refresh_token' ? 'token_refreshed' : 'token_issued';
    record(factOf(type, partiesOf(ctx), about(grantType, grantIdOf(ctx))));
  });
  provider.on('grant.error', (ctx, error) => onExchange(grantTypeOf(ctx), error.error));
  provider.on('server_error', (ctx, error) => {
    if (ctx.oidc?.route !== 'token') return;
    onExchange(grantTypeOf(ctx), isOutage(error) ? 'temporarily_unavailable' : 'server_error');
  });
}

function about(what: string, grantId: string | undefined): string {
  return grantId === undefined ? what : `${what}, grant ${grantId}`;
}

/** What was sent, for counting. Of a request that succeeded it is one that the library knows. */
function grantTypeOf({ oidc }: KoaContextWithOIDC): string {
  const given = oidc?.params?.['grant_type'];
  return typeof given === 'string' ? given : 'none';
}

function grantIdOf({ oidc }: KoaContextWithOIDC): string | undefined {
  const { AuthorizationCode, RefreshToken, AccessToken } = oidc.entities;
  return (AuthorizationCode ?? RefreshToken ?? AccessToken)?.grantId;
}

function partiesOf({ oidc }: KoaContextWithOIDC): { accountId: string | undefined; clientId: string | undefined } {
  const { RefreshToken, AccessToken, AuthorizationCode } = oidc.entities;
  const accountId = oidc.account?.accountId ?? (RefreshToken ?? AccessToken ?? AuthorizationCode)?.accountId;
  return { accountId, clientId: oidc.client?.clientId };
}
